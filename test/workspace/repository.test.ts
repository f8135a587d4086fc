import { mkdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findRepository, listRepository } from '../../src/workspace/repository.ts';
import { git, gitEnvironment, repositoryWith, temporaryFolder, write } from './temporary.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function made(root: string): string {
  folders.push(root);
  return root;
}

describe('finding the root', () => {
  test('from any folder below it, and in a linked work tree', () => {
    const root = made(repositoryWith({ 'a/b/c.sql': '' }));
    expect(findRepository(join(root, 'a/b'))).toEqual({ root, git: true });
    expect(findRepository(root)).toEqual({ root, git: true });
    const linked = made(join(temporaryFolder(), 'linked'));
    git(root, 'worktree', 'add', '--quiet', linked);
    expect(findRepository(join(linked, 'a'))).toEqual({ root: linked, git: true });
  });

  test('without git it is the folder itself', () => {
    const root = made(temporaryFolder());
    mkdirSync(join(root, 'a'));
    expect(findRepository(join(root, 'a'))).toEqual({ root: join(root, 'a'), git: false });
  });
});

describe('listing a repository', () => {
  test('tracked and new files, not ignored ones, each once', async () => {
    const root = made(repositoryWith({ 'b.sql': '', 'a/ä\n.sql': '', '.gitignore': 'ignored/\n' }));
    write(root, 'new.sql');
    write(root, 'ignored/x.sql');
    expect(await listRepository({ root, git: true }, gitEnvironment())).toEqual({
      paths: ['.gitignore', 'a/ä\n.sql', 'b.sql', 'new.sql'],
      source: 'git',
      complete: true,
    });
  });

  test('without a repository, or without git, the folders are walked', async () => {
    const root = made(temporaryFolder());
    for (const path of ['b.sql', 'a/x.sql', 'node_modules/p/x.sql', '.hidden/x.sql']) write(root, path);
    symlinkSync('/', join(root, 'a/loop'));
    const walked = { paths: ['a/x.sql', 'b.sql'], source: 'walk', complete: true };
    expect(await listRepository({ root, git: false }, {})).toEqual(walked);
    expect(await listRepository({ root, git: true }, { PATH: root })).toEqual(walked);
    unlinkSync(join(root, 'b.sql'));
    expect((await listRepository({ root, git: false }, {})).paths).toEqual(['a/x.sql']);
  });

  test('a walk that ends at its depth says so', async () => {
    const root = made(temporaryFolder());
    write(root, `${'d/'.repeat(30)}x.sql`);
    write(root, 'y.sql');
    expect(await listRepository({ root, git: false }, {})).toEqual({
      paths: ['y.sql'],
      source: 'walk',
      complete: false,
    });
  });
});
