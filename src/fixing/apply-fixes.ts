import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { visible } from '../report/visible.ts';
import { whyNotWritten } from '../workspace/write-new.ts';
import { type CheckedFolder, type FileChange, planFixes } from './plan-fixes.ts';

export interface AppliedFixes {
  readonly changed: boolean;
  /** What stood in the way: then all files are as they were. */
  readonly problem?: string | undefined;
  /** New files, relative to the root. */
  readonly created: readonly string[];
  /** What was done, with the diff; for a terminal. */
  readonly done: string;
  /** Fixes that were left out, one a line, with the reason. */
  readonly left: string;
}

/** Plans every fix first and writes then, so that a problem in one leaves all files as they were. */
export function applyFixes(folders: readonly CheckedFolder[], root: string, now: Date): AppliedFixes {
  const plans = folders.map((folder) => planFixes(folder, now));
  const files = plans.flatMap((plan) => plan.files);
  const left = plans.flatMap((plan) => plan.left.map((line) => `left   ${visible(line)}\n`)).join('');
  const problem = writeAll(files, root);
  if (problem !== undefined)
    return { changed: false, problem: visible(problem), created: [], done: '', left };
  const done = [
    ...files.map(patch),
    ...plans.flatMap((plan) => plan.done.map((line) => `fixed  ${visible(line)}\n`)),
  ];
  return {
    changed: files.length > 0,
    created: files.filter(({ before }) => before === undefined).map(({ path }) => path),
    done: done.join(''),
    left,
  };
}

/** Writes all files or none: what was written is taken back when one cannot be. Returns what stood in the way. */
function writeAll(files: readonly FileChange[], root: string): string | undefined {
  const begun: FileChange[] = [];
  for (const file of files) {
    const full = join(root, file.path);
    try {
      if (file.before === undefined) {
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, file.after, { flag: 'wx' });
        begun.push(file);
      } else {
        if (readFileSync(full, 'utf8') !== file.before) return takeBack(begun, root, file, CHANGED);
        begun.push(file);
        writeFileSync(full, file.after);
      }
    } catch (error) {
      const reason = whyNotWritten(error);
      if (reason === undefined) throw error;
      return takeBack(begun, root, file, reason);
    }
  }
  return undefined;
}

function takeBack(begun: readonly FileChange[], root: string, failed: FileChange, reason: string): string {
  for (const { path, before } of begun.toReversed()) restore(join(root, path), before);
  return `${failed.path}: ${reason}.`;
}

const CHANGED = 'it was changed while it was checked; type the command again';
/** What cannot even be opened was not changed either. */
function restore(full: string, before: string | undefined): void {
  try {
    if (before === undefined) rmSync(full, { force: true });
    else writeFileSync(full, before);
  } catch (error) {
    if (whyNotWritten(error) === undefined) throw error;
  }
}

function patch({ path, before, after }: FileChange): string {
  const text = createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${path}`,
    `b/${path}`,
    before ?? '',
    after,
    '',
    '',
    { context: 3 },
  );
  return visible(text.replace(/^=+\n/, ''));
}
