import { afterAll, beforeAll, expect, it } from 'vitest';
import { changedFiles, changeOf } from '../../src/action/changed-files.ts';
import type { PullRequest } from '../../src/action/event.ts';
import { connect, type GitHub } from '../../src/action/github.ts';
import { commitSha, newRepository } from '../github-stand-in/repository.ts';
import { type GitHubStandIn, standInToken, startGitHub } from '../github-stand-in/server.ts';

const repository = newRepository();
const [base, head] = [commitSha('base'), commitSha('head')];
const event: PullRequest = {
  kind: 'pull-request',
  privileged: false,
  number: 7,
  base,
  head,
  fork: false,
  closed: false,
};
let standIn: GitHubStandIn;
let github: GitHub;

beforeAll(async () => {
  const many = Object.fromEntries(Array.from({ length: 3_100 }, (_, at) => [`seed/${at}.csv`, `${at}`]));
  repository.commits.set(base, { 'a.sql': 'moved' }).set(head, { ...many, 'z.sql': 'moved' });
  repository.pulls.set(7, { base, head });
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

it('asks for the trees where the list of a pull request ends at 3,000', async () => {
  const { files = [] } = await changedFiles(event, github, undefined);
  expect(files).toHaveLength(3_101);
  expect(changeOf(files).renamed).toEqual([{ from: 'a.sql', to: 'z.sql' }]);
  expect(standIn.requests.filter((line) => line.includes('/pulls/7/files'))).toHaveLength(30);
  expect(standIn.violations).toEqual([]);
});

it('says why every file counts where nobody can tell', async () => {
  const { files, said } = await changedFiles(event, undefined, undefined);
  expect(files).toBeUndefined();
  expect(said).toContain('there is no token; the change is not checked out');
});

it('says so when the workflow was started by hand or the branch is new', async () => {
  expect((await changedFiles({ kind: 'manual', head }, github, undefined)).said).toContain('by hand');
  expect((await changedFiles({ kind: 'push', head, deleted: false }, github, undefined)).said).toContain(
    'new',
  );
});
