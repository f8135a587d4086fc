import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface NewFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files that do not exist yet, all or none. Returns what stood in the way, as a sentence; a file that is
 * there already is never touched.
 */
export function writeNew(files: readonly NewFile[], root: string): string | undefined {
  const written: string[] = [];
  for (const { path, text } of files) {
    const full = join(root, path);
    try {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text, { flag: 'wx' });
      written.push(full);
    } catch (error) {
      const reason = whyNotWritten(error);
      if (reason === undefined) throw error;
      for (const each of written) rmSync(each, { force: true });
      return `${path} cannot be written: ${reason}.`;
    }
  }
  return undefined;
}

/** In words, for what a user can mend; undefined for anything else. */
export function whyNotWritten(error: unknown): string | undefined {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'no space is left on the device';
    case 'EEXIST':
      return 'it exists already';
    case 'ENOENT':
      return 'it is gone';
    case 'ENOTDIR':
      return 'a part of its path is a file, not a folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return undefined;
  }
}
