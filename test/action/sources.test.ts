import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type GitHub } from '../../src/action/github.ts';
import { prepareSources } from '../../src/action/sources.ts';
import { commitSha, type Files, newRepository } from '../github-stand-in/repository.ts';
import { type GitHubStandIn, standInToken, startGitHub } from '../github-stand-in/server.ts';

const repository = newRepository();
const head = commitSha('head');
let standIn: GitHubStandIn;
let github: GitHub;

beforeAll(async () => {
  standIn = await startGitHub(repository);
  const { owner, name: repo } = repository;
  const warn = (message: string) => expect.unreachable(message);
  github = await connect({
    token: standInToken,
    apiUrl: standIn.url,
    repository: { owner, repo },
    warn,
    info: warn,
  });
});
afterAll(() => standIn.close());

const folder = (): string => mkdtempSync(join(tmpdir(), 'airlock-sources-'));

function prepare(files: Files, more: { workspace?: string } = {}) {
  repository.commits.set(head, files);
  return prepareSources({
    event: { kind: 'manual', head },
    github,
    workspace: folder(),
    standsAt: undefined,
    temporary: folder(),
    directories: undefined,
    named: ['sizes.json'],
    ...more,
  });
}

it('writes the files of the commit, and those that the configuration names, into a folder of their own', async () => {
  const sources = await prepare({ 'db/1_a.sql': 'SELECT 1;\r\nä', 'sizes.json': '{}', 'src/app.ts': 'x' });
  expect(sources.ok).toBe(true);
  const root = sources.ok ? sources.root : '';
  expect(readFileSync(join(root, 'db/1_a.sql'), 'utf8')).toBe('SELECT 1;\r\nä');
  expect(readdirSync(root).sort()).toEqual(['db', 'sizes.json']);
});

it('writes no path that leads out of that folder or into git, and says so', async () => {
  const sources = await prepare({
    '../evil.sql': '1',
    'a/../../evil2.sql': '2',
    '.git/hooks/x.sql': '3',
    'a\\..\\evil3.sql': '4',
    'b/ok.sql': '5',
  });
  const root = sources.ok ? sources.root : '';
  expect(readdirSync(root)).toEqual(['b']);
  expect(existsSync(join(dirname(root), 'evil.sql'))).toBe(false);
  expect(existsSync(join(dirname(root), 'evil2.sql'))).toBe(false);
  expect(sources.ok ? sources.said : '').toContain('4 paths that no checkout could hold were left out');
});

it('refuses more downloads than a token has requests, and names the way out', async () => {
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`db/${at}.sql`, `SELECT ${at};`]));
  const sources = await prepare(many);
  expect(sources).toMatchObject({ ok: false, next: expect.stringContaining('actions/checkout') });
  expect(standIn.violations).toEqual([]);
});
