import crypto from 'node:crypto';

/**
 * SHA-256 of a file's text as 64 hex digits. A byte order mark and the line ends do not count: Git may
 * change both on checkout, and a file that runs the same statements must keep its checksum.
 */
export function checksum(text: string): string {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return sha256(withoutMark.replaceAll('\r\n', '\n'));
}

/** In one step where Node has it (from 20.12 on), which takes half the time. */
function sha256(text: string): string {
  return typeof crypto.hash === 'function'
    ? crypto.hash('sha256', text, 'hex')
    : crypto.createHash('sha256').update(text, 'utf8').digest('hex');
}
