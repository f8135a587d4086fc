import { createHash } from 'node:crypto';

/**
 * SHA-256 of a file's text as 64 hex digits. A byte order mark and the line ends do not count: Git may
 * change both on checkout, and a file that runs the same statements must keep its checksum.
 */
export function checksum(text: string): string {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return createHash('sha256').update(withoutMark.replaceAll('\r\n', '\n'), 'utf8').digest('hex');
}
