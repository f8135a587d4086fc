import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commit, git, write } from '../../workspace/temporary.ts';
import {
  airlock,
  COLUMN,
  folderWith,
  INDEX,
  migration,
  parsed,
  projectWith,
  ruleIds,
  TABLES,
} from './run-cli.ts';

const BASE = { 'migrations/001_tables.sql': TABLES, 'migrations/002_column.sql': COLUMN };

function onBranch(files: Readonly<Record<string, string>> = BASE): string {
  const root = projectWith(files);
  git(root, 'switch', '--quiet', '--create', 'feature');
  return root;
}

const since = ['validate', '--changed-since', 'main', '--json'];

describe.concurrent('validate --changed-since', () => {
  test('checks what the branch committed, against the rest as history', async () => {
    const cwd = onBranch();
    write(cwd, 'migrations/003_index.sql', INDEX);
    commit(cwd);
    const ended = await airlock(since, { cwd });
    expect(ended.code).toBe(1);
    expect(parsed(ended).checked).toMatchObject({ migrations: 1, history: 2 });
    expect(ruleIds(ended)).toContain('create-index-concurrently');
  });

  test('and what is not committed, or not even added, yet', async () => {
    const cwd = onBranch();
    write(cwd, 'migrations/003_index.sql', INDEX);
    write(cwd, 'migrations/004_note.sql', migration('ALTER TABLE orders ADD COLUMN more text;', 'SELECT 1;'));
    git(cwd, 'add', 'migrations/003_index.sql');
    expect(parsed(await airlock(since, { cwd })).checked).toMatchObject({ migrations: 2, history: 2 });
  });

  test('from a sub-folder as from the root', async () => {
    const cwd = onBranch();
    write(cwd, 'migrations/003_index.sql', INDEX);
    const result = parsed(await airlock(since, { cwd: join(cwd, 'migrations') }));
    expect(result.findings[0]?.file).toBe('migrations/003_index.sql');
  });

  test('a change that touches no migration says so and ends with 0', async () => {
    const cwd = onBranch();
    write(cwd, 'README.md', 'new');
    expect(await airlock(['validate', '--changed-since', 'main'], { cwd })).toEqual({
      code: 0,
      out: 'nothing to check: no migration changed since main\n',
      err: '',
    });
    expect(parsed(await airlock(since, { cwd })).reasonCode).toBe('nothing-to-do');
  });

  test('a merged migration that was edited is an error', async () => {
    const cwd = onBranch();
    write(cwd, 'migrations/001_tables.sql', TABLES.replace('note text', 'note varchar'));
    commit(cwd);
    const ended = await airlock(since, { cwd });
    expect(ended.code).toBe(1);
    expect(ruleIds(ended)).toContain('merged-migration-edited');
  });

  test('a merged migration that was renamed, and one that was deleted', async () => {
    const renamed = onBranch();
    renameSync(join(renamed, 'migrations/002_column.sql'), join(renamed, 'migrations/003_column.sql'));
    commit(renamed);
    const deleted = onBranch();
    rmSync(join(deleted, 'migrations/002_column.sql'));
    commit(deleted);
    const [one, other] = await Promise.all([
      airlock(since, { cwd: renamed }),
      airlock(since, { cwd: deleted }),
    ]);
    expect([one.code, other.code]).toEqual([1, 1]);
    expect(
      parsed(one)
        .findings.map(({ message }) => message)
        .join(),
    ).toContain('002');
    expect(
      parsed(other)
        .findings.map(({ message }) => message)
        .join(),
    ).toContain('002');
  });

  test('a new file that sorts before a merged one', async () => {
    const cwd = onBranch({ 'migrations/001_tables.sql': TABLES, 'migrations/005_column.sql': COLUMN });
    write(cwd, 'migrations/003_index.sql', INDEX);
    expect(ruleIds(await airlock(since, { cwd }))).toContain('non-linear-history');
  });

  test('a branch that is only on the remote is found there; a tag and a commit do, too', async () => {
    const upstream = projectWith(BASE);
    git(upstream, 'tag', 'v1');
    const cwd = join(folderWith({}), 'clone');
    git(upstream, 'clone', '--quiet', '--branch', 'main', upstream, cwd);
    git(cwd, 'switch', '--quiet', '--create', 'feature');
    git(cwd, 'branch', '--delete', '--force', 'main');
    write(cwd, 'migrations/003_index.sql', INDEX);
    for (const ref of ['main', 'origin/main', 'v1', git(upstream, 'rev-parse', 'HEAD')])
      expect(
        parsed(await airlock(['validate', '--changed-since', ref, '--json'], { cwd })).checked?.migrations,
        ref,
      ).toBe(1);
  });

  test('a shallow clone is told how to get the history', async () => {
    const upstream = projectWith(BASE);
    git(upstream, 'switch', '--quiet', '--create', 'feature');
    write(upstream, 'migrations/003_index.sql', INDEX);
    commit(upstream);
    const cwd = join(folderWith({}), 'clone');
    git(upstream, 'clone', '--quiet', '--depth=1', '--branch=feature', `file://${upstream}`, cwd);
    const { code, out, err } = await airlock(['validate', '--changed-since', 'main'], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('only part of the history');
    expect(err).toContain('next: git fetch --unshallow origin');
  });

  test('refs that git does not know, or that are none, are refused', async () => {
    const cwd = onBranch();
    const unknown = await airlock(['validate', '--changed-since', 'mian'], { cwd });
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toBe(
      'error: --changed-since: git knows no branch, tag or commit "mian"\nnext: git fetch origin mian\n',
    );
    const option = await airlock(['validate', '--changed-since=--output=x'], { cwd });
    expect(option.code).toBe(2);
    expect(option.err).toContain('is not the name of a branch, tag or commit');
  });

  test('without a repository, and without git on the machine', async () => {
    const cwd = folderWith(BASE);
    const none = await airlock(['validate', '--changed-since', 'main'], { cwd });
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toContain('not in a git repository');
    const noGit = await airlock(['validate', '--changed-since', 'main'], {
      cwd: onBranch(),
      env: { PATH: '/nowhere' },
    });
    expect(noGit.code).toBe(2);
    expect(noGit.err).toContain('git is not installed');
  });

  test('a refusal is a whole JSON document where JSON was asked for', async () => {
    const ended = await airlock(['validate', '--changed-since', 'mian', '--json'], { cwd: onBranch() });
    expect(ended.code).toBe(2);
    expect(parsed(ended)).toMatchObject({ reasonCode: 'usage', next: 'git fetch origin mian', findings: [] });
  });
});
