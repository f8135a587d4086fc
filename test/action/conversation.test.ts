import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { markerFor, writeComment } from '../../src/action/comment.ts';
import { connect, type GitHub } from '../../src/action/github.ts';
import { isOwn } from '../../src/action/identity.ts';
import { writeReview } from '../../src/action/review.ts';
import { newRepository } from '../github-stand-in/repository.ts';
import { type GitHubStandIn, standInToken, startGitHub } from '../github-stand-in/server.ts';

const repository = newRepository();
const login = repository.login;
const marker = markerFor('Airlock');
const body = `<!-- ${marker} -->\n\nhello`;
let standIn: GitHubStandIn;
let github: GitHub;

beforeAll(async () => {
  standIn = await startGitHub(repository);
  github = await connect({
    token: standInToken,
    apiUrl: standIn.url,
    repository: { owner: repository.owner, repo: repository.name },
    warn: (message) => expect.unreachable(message),
    info: (message) => expect.unreachable(message),
  });
});
afterAll(() => standIn.close());
beforeEach(() => {
  repository.comments.clear();
  repository.reviewComments.length = 0;
});

const write = (more: { body?: string; create?: boolean } = {}) =>
  writeComment({ github, number: 7, login, marker, body, create: true, ...more });

it('leaves a comment alone that somebody else marked as ours', async () => {
  repository.comments.set(7, [{ id: 1, login: 'mallory', body }]);
  await write();
  expect(repository.comments.get(7)?.map((comment) => comment.login)).toEqual(['mallory', login]);
  expect(repository.comments.get(7)?.[0]?.body).toBe(body);
});

it('leaves our own comment alone that quotes the marker further down', async () => {
  repository.comments.set(7, [{ id: 1, login, body: `quoted:\n${body}` }]);
  await write();
  expect(repository.comments.get(7)).toHaveLength(2);
});

it('finds its comment behind a hundred others, and writes nothing where nothing changed', async () => {
  const talk = Array.from({ length: 120 }, (_, id) => ({ id, login: 'ada', body: 'hm' }));
  repository.comments.set(7, [...talk, { id: 500, login, body }]);
  const before = standIn.requests.length;
  await expect(write({ create: false })).resolves.toContain('#issuecomment-500');
  expect(standIn.requests.slice(before).map((line) => line.split(' ')[0])).toEqual(['GET', 'GET']);
});

it('makes no comment where none stands and none is wanted', async () => {
  await expect(write({ create: false })).resolves.toBeUndefined();
  expect(repository.comments.get(7) ?? []).toEqual([]);
});

it('offers again what only somebody else pretended to have offered', async () => {
  repository.commits.set('b', {}).set('h', { 'a.sql': 'SELECT 1;\n' });
  repository.pulls.set(7, { base: 'b', head: 'h' });
  const offered = '<!-- airlock:suggestion:abc -->';
  repository.reviewComments.push({ id: 1, pull: 7, login: 'mallory', path: 'a.sql', body: offered, line: 1 });
  const suggestions = [{ path: 'a.sql', startLine: 1, line: 1, body: `${offered}\nx`, marker: offered }];
  const review = { github, number: 7, head: 'h', login, suggestions };
  await expect(writeReview(review)).resolves.toBe(1);
  await expect(writeReview(review)).resolves.toBe(0);
  expect(standIn.violations).toEqual([]);
});

it('knows a bot by its name and kind', () => {
  expect(isOwn({ login: 'github-actions[bot]', type: 'Bot' }, 'github-actions')).toBe(true);
  expect(isOwn({ login: 'github-actions', type: 'User' }, 'github-actions[bot]')).toBe(false);
  expect(isOwn({ login: 'ada', type: 'User' }, 'ada')).toBe(true);
  expect(isOwn(null, 'ada')).toBe(false);
});

it('gives names that differ markers that differ', () => {
  expect(markerFor('Airlock (a)')).not.toBe(markerFor('Airlock [a]'));
  expect(markerFor('x --> y')).not.toContain('-->');
});
