import { expect, it } from 'vitest';
import { rightHandHunks, shownLines } from '../../src/action/diff-lines.ts';

const patch = [
  '@@ -1,3 +1,4 @@',
  ' one',
  '-two',
  '+two, edited',
  '+two and a half',
  ' three',
  '@@ -20,2 +21,2 @@ CREATE TABLE',
  ' twenty-one',
  '-old end',
  '\\ No newline at end of file',
  '+--+ a comment that begins like a diff',
  '\\ No newline at end of file',
].join('\n');

it('numbers the lines of the new file', () => {
  expect(rightHandHunks(patch)).toEqual([
    { start: 1, lines: ['one', 'two, edited', 'two and a half', 'three'] },
    { start: 21, lines: ['twenty-one', '--+ a comment that begins like a diff'] },
  ]);
});

it('shows ranges within one hunk only', () => {
  const hunks = rightHandHunks(patch);
  expect(shownLines(hunks, 2, 3)).toEqual(['two, edited', 'two and a half']);
  expect(shownLines(hunks, 4, 4)).toEqual(['three']);
  expect(shownLines(hunks, 4, 5)).toBeUndefined();
  expect(shownLines(hunks, 4, 21)).toBeUndefined();
  expect(shownLines(hunks, 20, 21)).toBeUndefined();
});

it('reads a hunk header without counts, as git writes one line', () => {
  expect(rightHandHunks('@@ -0,0 +1 @@\n+SELECT 1;')).toEqual([{ start: 1, lines: ['SELECT 1;'] }]);
});
