import { expect, it } from 'vitest';
import { migrationFiles } from '../../src/action/sources.ts';
import { changesBetween } from '../../src/action/trees.ts';

const file = (path: string, sha = path) => ({ path, sha, size: 1 });

it('tells added, edited, removed and moved files apart', () => {
  const before = [file('a'), file('b'), file('c'), file('d')];
  const after = [file('a'), file('b', 'edited'), file('moved', 'c'), file('new')];
  expect(changesBetween(before, after)).toEqual([
    { path: 'b', status: 'modified' },
    { path: 'moved', status: 'renamed', previousPath: 'c' },
    { path: 'new', status: 'added' },
    { path: 'd', status: 'removed' },
  ]);
});

it('takes a moved file from one place once', () => {
  expect(changesBetween([file('a', 'x')], [file('b', 'x'), file('c', 'x')])).toEqual([
    { path: 'b', status: 'renamed', previousPath: 'a' },
    { path: 'c', status: 'added' },
  ]);
});

it('downloads what migrations can consist of, and no application', () => {
  const tree = [
    'src/app.ts',
    'db/1_a.sql',
    'db/2_b.go',
    'db/meta/_journal.json',
    'x/metadata.toml',
    'package.json',
  ].map((path) => file(path));
  expect(migrationFiles(tree, undefined).map(({ path }) => path)).toEqual([
    'db/1_a.sql',
    'db/2_b.go',
    'db/meta/_journal.json',
    'x/metadata.toml',
  ]);
  expect(migrationFiles(tree, ['db/meta']).map(({ path }) => path)).toEqual(['db/meta/_journal.json']);
});
