import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { visible } from '../report/visible.ts';
import { type FileChange, type FixInput, planFixes } from './plan-fixes.ts';

export interface AppliedFixes {
  readonly changed: boolean;
  /** New files, relative to the root. */
  readonly created: readonly string[];
  /** What was done and what was left, with the diff; for a terminal. */
  readonly text: string;
}

/** Plans every fix first and writes then, so that a problem in one leaves all files as they were. */
export function applyFixes(folders: readonly FixInput[], root: string, now: Date): AppliedFixes {
  const plans = folders.map((folder) => planFixes(folder, now));
  const files = plans.flatMap((plan) => plan.files);
  const taken = files.find(({ path, before }) => before === undefined && existsSync(join(root, path)));
  if (taken)
    return { changed: false, created: [], text: `Nothing was changed: ${taken.path} exists already.\n` };
  for (const { path, after } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), after);
  }
  const lines = [
    ...files.map(patch),
    ...plans.flatMap((plan) => plan.done.map((line) => `fixed  ${visible(line)}\n`)),
    ...plans.flatMap((plan) => plan.left.map((line) => `left   ${visible(line)}\n`)),
    files.length === 0 ? 'Nothing here has a fix that surely keeps the meaning.\n' : '',
  ];
  return {
    changed: files.length > 0,
    created: files.filter(({ before }) => before === undefined).map(({ path }) => path),
    text: lines.join(''),
  };
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
