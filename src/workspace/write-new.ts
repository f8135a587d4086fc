import { writeAll } from './write-all.ts';

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
  return writeAll(
    files.map(({ path, text }) => ({ path, after: text })),
    root,
  );
}
