import { chmodSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { author, changedSince, contentAt } from '../../src/workspace/git.ts';
import { commit, git, gitEnvironment, repositoryWith, temporaryFolder, write } from './temporary.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function made(root: string): { root: string; env: Record<string, string | undefined> } {
  folders.push(root);
  return { root, env: gitEnvironment() };
}

const BODY = 'CREATE TABLE a (id int);\n'.repeat(20);

/** main with three files, and a branch `change` checked out. */
function branched() {
  const repository = made(
    repositoryWith({
      'db/1.sql': BODY,
      'db/2.sql': `${BODY}-- two`,
      'db/3.sql': `${BODY}-- three`,
      'readme.md': 'x',
    }),
  );
  git(repository.root, 'checkout', '--quiet', '-b', 'change');
  return repository;
}

async function changes(repository: ReturnType<typeof made>, ref = 'main', directory = 'db') {
  const result = await changedSince(repository, ref, directory);
  if (!result.ok) throw new Error(`${result.reasonCode}: ${result.message}`);
  return result;
}

async function refusal(repository: ReturnType<typeof made>, ref: string) {
  const result = await changedSince(repository, ref, '');
  return result.ok
    ? undefined
    : { reasonCode: result.reasonCode, message: result.message, next: result.next };
}

describe('changed files', () => {
  test('added, modified, renamed and deleted, below the folder only', async () => {
    const repository = branched();
    write(repository.root, 'db/4.sql');
    write(repository.root, 'db/1.sql', `${BODY}-- edited`);
    git(repository.root, 'mv', 'db/2.sql', 'db/2_named.sql');
    unlinkSync(join(repository.root, 'db/3.sql'));
    write(repository.root, 'readme.md', 'y');
    commit(repository.root);
    const result = await changes(repository);
    expect(result.mergeBase).toBe(git(repository.root, 'rev-parse', 'main'));
    expect(result.files).toEqual([
      { status: 'modified', path: 'db/1.sql' },
      { status: 'renamed', path: 'db/2_named.sql', previousPath: 'db/2.sql' },
      { status: 'deleted', path: 'db/3.sql' },
      { status: 'added', path: 'db/4.sql' },
    ]);
    expect((await changes(repository, 'main', '')).files.map(({ path }) => path)).toContain('readme.md');
  });

  test('what main did meanwhile is not part of the change', async () => {
    const repository = branched();
    write(repository.root, 'db/4.sql');
    commit(repository.root);
    git(repository.root, 'checkout', '--quiet', 'main');
    write(repository.root, 'db/5.sql');
    commit(repository.root);
    git(repository.root, 'checkout', '--quiet', 'change');
    expect((await changes(repository)).files).toEqual([{ status: 'added', path: 'db/4.sql' }]);
  });

  test('edits, new and staged files count before they are committed, ignored ones do not', async () => {
    const repository = branched();
    write(repository.root, '.gitignore', '*.tmp\n');
    write(repository.root, 'db/1.sql', 'edited');
    write(repository.root, 'db/new.sql');
    write(repository.root, 'db/staged.sql');
    write(repository.root, 'db/x.tmp');
    git(repository.root, 'add', 'db/staged.sql');
    git(repository.root, 'rm', '--quiet', '--cached', 'db/3.sql');
    expect((await changes(repository)).files).toEqual([
      { status: 'modified', path: 'db/1.sql' },
      { status: 'modified', path: 'db/3.sql' },
      { status: 'added', path: 'db/new.sql' },
      { status: 'added', path: 'db/staged.sql' },
    ]);
  });

  test('names with quotes, spaces, line ends, brackets, other alphabets and a dash in front', async () => {
    const names = [
      'db/"q".sql',
      'db/-x.sql',
      'db/[a].sql',
      'db/a b.sql',
      'db/line\nend.sql',
      'db/tab\t.sql',
      'db/ä😀.sql',
    ];
    const repository = branched();
    for (const name of names) write(repository.root, name);
    commit(repository.root);
    expect((await changes(repository)).files.map(({ path }) => path)).toEqual([...names].sort());
    for (const name of names)
      expect(await contentAt(repository, 'HEAD', name)).toMatchObject({
        ok: true,
        file: { text: `-- ${name}\n` },
      });
  });

  test('a folder is a name and no pattern', async () => {
    const repository = branched();
    for (const path of ['*/1.sql', 'db/new.sql', ':(top)/2.sql']) write(repository.root, path);
    commit(repository.root);
    expect((await changes(repository, 'main', '*')).files.map(({ path }) => path)).toEqual(['*/1.sql']);
    expect((await changes(repository, 'main', ':(top)')).files.map(({ path }) => path)).toEqual([
      ':(top)/2.sql',
    ]);
  });

  test('a branch that only the remote has is found there', async () => {
    const upstream = branched();
    const clone = made(temporaryFolder());
    git(clone.root, 'clone', '--quiet', '--branch', 'change', upstream.root, '.');
    write(clone.root, 'db/4.sql');
    const result = await changes(clone);
    expect(result.ref).toBe('origin/main');
    expect(result.files).toEqual([{ status: 'added', path: 'db/4.sql' }]);
  });

  test('revisions such as HEAD~1, main^ and a commit id may be named', async () => {
    const repository = branched();
    write(repository.root, 'db/4.sql');
    const head = commit(repository.root);
    for (const ref of ['HEAD~1', 'change^', git(repository.root, 'rev-parse', 'main')]) {
      expect((await changes(repository, ref)).files).toEqual([{ status: 'added', path: 'db/4.sql' }]);
    }
    expect((await changes(repository, head)).files).toEqual([]);
  });

  test("the user's own git settings change nothing", async () => {
    const repository = branched();
    for (const [key, value] of [
      ['diff.renames', 'false'],
      ['diff.noprefix', 'true'],
      ['diff.relative', 'true'],
      ['diff.external', 'touch external-ran'],
      ['core.fsmonitor', 'touch fsmonitor-ran'],
      ['core.quotePath', 'true'],
      ['color.ui', 'always'],
      ['core.pager', 'touch pager-ran'],
    ] as const)
      git(repository.root, 'config', key, value);
    git(repository.root, '-c', 'core.fsmonitor=false', 'mv', 'db/2.sql', 'db/ü.sql');
    expect((await changes(repository)).files).toEqual([
      { status: 'renamed', path: 'db/ü.sql', previousPath: 'db/2.sql' },
    ]);
    for (const trace of ['external-ran', 'fsmonitor-ran', 'pager-ran']) {
      expect((await contentOfWorkTree(repository.root)).includes(trace)).toBe(false);
    }
  });

  test('variables that would lead git elsewhere are dropped', async () => {
    const repository = branched();
    write(repository.root, 'db/4.sql');
    const other = made(repositoryWith({ 'x.sql': 'x' }));
    const env = {
      ...repository.env,
      GIT_DIR: join(other.root, '.git'),
      GIT_WORK_TREE: other.root,
      GIT_INDEX_FILE: join(other.root, '.git/index'),
      GIT_EXTERNAL_DIFF: 'touch external-ran',
      GIT_TRACE: join(repository.root, 'trace'),
      GIT_NAMESPACE: 'elsewhere',
    };
    expect((await changes({ ...repository, env })).files).toEqual([{ status: 'added', path: 'db/4.sql' }]);
    expect(await contentOfWorkTree(repository.root)).not.toContain('trace');
  });
});

async function contentOfWorkTree(root: string): Promise<string[]> {
  return git(root, '-c', 'core.fsmonitor=false', 'ls-files', '--others').split('\n');
}

describe('refusals say what happened and what to type', () => {
  test.each([
    '--output=/tmp/x',
    '-p',
    '',
    ' ',
    'a b',
    'main..change',
    'main:db/1.sql',
    ':/message',
    '^main',
    'a\nb',
    'a\0b',
    'x'.repeat(300),
    'HEAD^{/change}',
  ])('a ref %j is refused before git sees it', async (ref) => {
    expect(await refusal(branched(), ref)).toMatchObject({ reasonCode: 'ref-refused' });
  });

  test('an unknown ref', async () => {
    const expected = {
      reasonCode: 'ref-unknown',
      message: 'git knows no branch, tag or commit "mian"',
      next: 'git fetch origin mian',
    };
    expect(await refusal(branched(), 'mian')).toEqual(expected);
    expect(await refusal(branched(), 'deadbeef'.repeat(5))).toMatchObject({ reasonCode: 'ref-unknown' });
  });

  test('a shallow clone that does not reach the merge base, and one that lacks the ref', async () => {
    const upstream = branched();
    write(upstream.root, 'db/4.sql');
    commit(upstream.root);
    git(upstream.root, 'checkout', '--quiet', 'main');
    write(upstream.root, 'db/5.sql');
    commit(upstream.root);
    const clone = made(temporaryFolder());
    git(
      clone.root,
      'clone',
      '--quiet',
      '--depth=1',
      '--no-single-branch',
      '--branch',
      'change',
      `file://${upstream.root}`,
      '.',
    );
    expect(await refusal(clone, 'main')).toEqual({
      reasonCode: 'history-shallow',
      message: 'the clone is too shallow to see where HEAD left origin/main',
      next: 'git fetch --unshallow origin, or fetch-depth: 0 in the step that checks out',
    });
    expect(await refusal(clone, 'nowhere')).toMatchObject({
      reasonCode: 'ref-unknown',
      next: expect.stringContaining('--unshallow'),
    });
  });

  test('histories with nothing in common, and no history at all', async () => {
    const repository = branched();
    git(repository.root, 'checkout', '--quiet', '--orphan', 'island');
    expect(await refusal(repository, 'main')).toMatchObject({
      reasonCode: 'history-unrelated',
      message: 'nothing is committed yet',
    });
    // Without an edit, the commit of the same second would be the very one of main.
    write(repository.root, 'island.sql');
    commit(repository.root);
    expect(await refusal(repository, 'main')).toMatchObject({
      reasonCode: 'history-unrelated',
      message: 'HEAD and main have no commit in common',
    });
  });

  test('no repository, no git, and a git that hangs', async () => {
    const folder = made(temporaryFolder());
    expect(
      await refusal(
        { ...folder, env: { ...folder.env, GIT_CEILING_DIRECTORIES: join(folder.root, '..') } },
        'main',
      ),
    ).toMatchObject({ reasonCode: 'no-repository' });
    expect(await refusal({ ...folder, env: { PATH: folder.root } }, 'main')).toMatchObject({
      reasonCode: 'git-missing',
    });
    writeFileSync(join(folder.root, 'git'), '#!/bin/sh\nexec sleep 60\n');
    chmodSync(join(folder.root, 'git'), 0o755);
    const started = performance.now();
    const hanging = { ...folder, env: { PATH: `${folder.root}:${process.env.PATH}` } };
    expect(await refusal(hanging, 'main')).toMatchObject({ reasonCode: 'git-timeout' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('a repository of another user names the setting to make', async () => {
    const repository = branched();
    if (process.geteuid?.() !== 0) {
      console.log('not run: only root can give a folder to another user');
      return;
    }
    git(repository.root, 'config', 'core.bare', 'false');
    const { chownSync } = await import('node:fs');
    chownSync(repository.root, 65_534, 65_534);
    chownSync(join(repository.root, '.git'), 65_534, 65_534);
    expect(await refusal(repository, 'main')).toMatchObject({
      reasonCode: 'git-failed',
      next: 'git config --global --add safe.directory "$PWD"',
    });
    const env = {
      ...repository.env,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    };
    expect((await changes({ ...repository, env })).files).toEqual([]);
  });

  test("what git prints reaches a message on one line, without a remote's password", async () => {
    const folder = made(temporaryFolder());
    writeFileSync(
      join(folder.root, 'git'),
      '#!/bin/sh\nprintf "\\nfatal: \\033[31munable to access https://u:hunter2@host/x\\nmore\\n" >&2; exit 128\n',
    );
    chmodSync(join(folder.root, 'git'), 0o755);
    const result = await refusal({ ...folder, env: { PATH: `${folder.root}:${process.env.PATH}` } }, 'main');
    expect(result?.message).toBe('git failed: [31munable to access https://***@host/x');
  });
});

describe('content at a commit', () => {
  test('is the text as it was, with its encoding checked', async () => {
    const repository = branched();
    write(repository.root, 'db/latin.sql', new Uint8Array([0x0a, 0xe9]));
    commit(repository.root);
    write(repository.root, 'db/1.sql', 'edited');
    expect(await contentAt(repository, 'main', 'db/1.sql')).toMatchObject({
      ok: true,
      file: { path: 'db/1.sql', text: BODY },
    });
    expect(await contentAt(repository, 'HEAD', 'db/latin.sql')).toMatchObject({
      ok: false,
      reasonCode: 'file-unreadable',
      message: 'db/latin.sql at HEAD is not UTF-8: byte 0xE9 at offset 1; save it as UTF-8 (line 2)',
    });
  });

  test('that is missing, a folder, or asked of an unknown ref', async () => {
    const repository = branched();
    write(repository.root, 'db/new.sql');
    for (const path of ['db/nowhere.sql', 'db/new.sql', 'db']) {
      expect(await contentAt(repository, 'main', path)).toMatchObject({
        ok: false,
        reasonCode: 'path-missing',
        message: `${path} does not exist at main`,
      });
    }
    expect(await contentAt(repository, 'mian', 'db/1.sql')).toMatchObject({
      ok: false,
      reasonCode: 'ref-unknown',
    });
    expect(await contentAt(repository, '--help', 'db/1.sql')).toMatchObject({
      ok: false,
      reasonCode: 'ref-refused',
    });
  });

  test('a path cannot lead out of the commit', async () => {
    const repository = branched();
    symlinkSync('/etc/passwd', join(repository.root, 'db/link.sql'));
    commit(repository.root);
    expect(await contentAt(repository, 'HEAD', '../../etc/passwd')).toMatchObject({ ok: false });
    expect(await contentAt(repository, 'HEAD', 'db/link.sql')).toMatchObject({
      ok: true,
      file: { text: '/etc/passwd' },
    });
  });
});

describe('the author', () => {
  test("is git's user.name, else GIT_AUTHOR_NAME, else nobody", async () => {
    const repository = branched();
    expect(await author(repository)).toBe('Ada');
    expect(
      await author({ ...repository, env: { ...repository.env, GIT_AUTHOR_NAME: undefined } }),
    ).toBeUndefined();
    git(repository.root, 'config', 'user.name', '  Grace\u001b Hopper ');
    expect(await author(repository)).toBe('Grace  Hopper');
    git(repository.root, 'config', 'user.name', ' ');
    expect(await author(repository)).toBe('Ada');
  });

  test('is known without a repository and without git', async () => {
    const folder = made(temporaryFolder());
    expect(await author({ ...folder, env: { PATH: folder.root, GIT_AUTHOR_NAME: 'Ada' } })).toBe('Ada');
    mkdirSync(join(folder.root, 'inner'));
    expect(await author({ root: join(folder.root, 'inner'), env: folder.env })).toBe('Ada');
  });
});
