import { createTwoFilesPatch } from 'diff';
import { visible } from '../report/visible.ts';
import { writeAll } from '../workspace/write-all.ts';
import { type Checked, fixInRounds } from './fix-rounds.ts';
import type { FileChange } from './plan-fixes.ts';

export interface AppliedFixes<C extends Checked> {
  /** With the fixes in; as it was where they could not be written. */
  readonly checked: C;
  /** What stood in the way: then all files are as they were. */
  readonly problem?: string | undefined;
  /** What was done, with the diff, and what was left, with the reason; for a terminal. */
  readonly told: string;
}

/** Finds out what the fixes make of the files before the first one is written, so that a problem in one leaves all as they were. */
export async function applyFixes<C extends Checked>(
  first: C,
  check: (files: readonly FileChange[]) => Promise<C>,
  { root, now }: { readonly root: string; readonly now: Date },
): Promise<AppliedFixes<C>> {
  const { checked, files, done, left } = await fixInRounds({ first, check, now });
  const problem = writeAll(files, root);
  if (problem !== undefined) return { checked: first, problem: visible(problem), told: '' };
  const lines = [
    ...files.map(patch),
    ...done.map(({ at, title }) => `fixed  ${visible(`${at} ${title}`)}\n`),
    ...left.map((line) => `left   ${visible(line)}\n`),
    files.length === 0 ? 'Nothing here has a fix that surely keeps the meaning.\n' : '',
  ];
  return { checked, told: `${lines.join('')}\n` };
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
