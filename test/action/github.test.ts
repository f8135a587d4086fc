import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changedFiles } from '../../src/action/changed-files.ts';
import { markerFor, writeComment } from '../../src/action/comment.ts';
import { isRefused } from '../../src/action/failure.ts';
import { connect, type GitHub } from '../../src/action/github.ts';
import { readInputs } from '../../src/action/inputs.ts';
import { actionsLog } from '../../src/action/log.ts';
import { reportConversation } from '../../src/action/report.ts';
import { verdictOf } from '../../src/action/verdict.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { result } from '../report/sample.ts';

/** Milliseconds that a second of waiting takes here. */
const SECOND = 10;
const api = () => nock('https://api.github.com');
const repository = { owner: 'octo-org', repo: 'shop' };
const home = '/repos/octo-org/shop';
const warnings: string[] = [];
const notes: string[] = [];
let github: GitHub;

beforeAll(async () => {
  nock.disableNetConnect();
  github = await connect({
    token: 'ghs_not_a_token',
    apiUrl: 'https://api.github.com',
    repository,
    warn: (message) => warnings.push(message),
    info: (message) => notes.push(message),
    // nock answers Node's own fetch; the undici package, which @actions/github brings, it does not see.
    fetch: (...request) => globalThis.fetch(...request),
    second: SECOND,
  });
});
afterEach(() => {
  const unasked = nock.pendingMocks();
  nock.cleanAll();
  warnings.length = 0;
  notes.length = 0;
  expect(unasked).toEqual([]);
});
afterAll(() => {
  nock.restore();
  nock.enableNetConnect();
});

const read = () => github.client.rest.pulls.get({ ...repository, pull_number: 7 });
const pull = { number: 7, title: 'Add an index' };

describe('a request', () => {
  it('is made again after a 5xx and after a broken connection, with growing waits', async () => {
    api().get(`${home}/pulls/7`).reply(502, 'Bad Gateway');
    api().get(`${home}/pulls/7`).replyWithError('socket hang up');
    api().get(`${home}/pulls/7`).reply(503, { message: 'Service Unavailable' });
    api().get(`${home}/pulls/7`).reply(200, pull);
    const start = performance.now();
    await expect(read()).resolves.toMatchObject({ data: pull });
    // 1, 4 and 9 seconds; timers may be a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(14 * SECOND - 3);
    const what = 'GET /repos/{owner}/{repo}/pulls/{pull_number}: asked again';
    expect(notes).toEqual([
      `${what} (attempt 2) after HTTP 502: Bad Gateway.`,
      expect.stringMatching(/ \(attempt 3\) after (?!HTTP).*socket hang up\.$/),
      `${what} (attempt 4) after HTTP 503: Service Unavailable.`,
    ]);
  });

  it('is given up after the third repetition, with the status of the last answer', async () => {
    api().get(`${home}/pulls/7`).times(4).reply(503, { message: 'Service Unavailable' });
    await expect(read()).rejects.toMatchObject({ status: 503 });
  });

  it.each([401, 403, 404, 409, 410, 422, 451])(
    'answered with %i is not made again: nothing will change',
    async (status) => {
      api().get(`${home}/pulls/7`).once().reply(status, { message: 'No' });
      await expect(read()).rejects.toMatchObject({ status });
      expect(warnings).toEqual([]);
    },
  );

  it('waits for the end of a rate limit, and says so', async () => {
    const reset = Math.floor(Date.now() / 1000) + 5;
    api()
      .get(`${home}/pulls/7`)
      .reply(
        403,
        { message: 'API rate limit exceeded for installation ID 1.' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
      );
    api().get(`${home}/pulls/7`).reply(200, pull);
    await expect(read()).resolves.toMatchObject({ data: pull });
    expect(warnings).toEqual([
      expect.stringMatching(/^GitHub's rate limit is used up for [56] s: waiting\.$/),
    ]);
  });

  it('waits as long as a secondary rate limit asks', async () => {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    api().get(`${home}/pulls/7`).reply(429, { message }, { 'retry-after': '30' });
    api().get(`${home}/pulls/7`).reply(200, pull);
    const start = performance.now();
    await expect(read()).resolves.toMatchObject({ data: pull });
    expect(performance.now() - start).toBeGreaterThan(30 * SECOND - 3);
    expect(warnings).toEqual(["GitHub's secondary rate limit is used up for 30 s: waiting."]);
  });

  it('does not wait an hour for a rate limit, and does not take it for a missing permission', async () => {
    const reset = Math.floor(Date.now() / 1000) + 3_600;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    api().get(`${home}/pulls/7`).once().reply(403, { message: 'API rate limit exceeded' }, headers);
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 403 });
    expect(isRefused(error)).toBe(false);
    expect(warnings).toEqual([expect.stringMatching(/^GitHub's rate limit is used up for 360\d s\.$/)]);
  });
});

it('reads every page of the files that a pull request changes', async () => {
  const file = (at: number) => ({ filename: `migrations/${at}.sql`, status: 'added', sha: 'a' });
  for (const page of [1, 2, 3]) {
    const files = Array.from({ length: page < 3 ? 100 : 50 }, (_, at) => file((page - 1) * 100 + at));
    const next = `<https://api.github.com${home}/pulls/7/files?per_page=100&page=${page + 1}>; rel="next"`;
    api()
      .get(`${home}/pulls/7/files`)
      .query(page === 1 ? { per_page: 100 } : { per_page: 100, page })
      .reply(200, files, page < 3 ? { link: next } : {});
  }
  const changed = await changedFiles(pullRequest, github, undefined);
  expect(changed.files).toHaveLength(250);
  expect(new Set(changed.files?.map(({ path }) => path))).toHaveLength(250);
  expect(changed.said).toContain('250 changed files');
});

it('does not make a comment twice whose answer was lost', async () => {
  const marker = markerFor('Airlock');
  const body = `<!-- ${marker} -->\n\nhello`;
  const made = { id: 1, body, html_url: 'https://github.com/x#1', user: { login: 'ada', type: 'User' } };
  const comments = `${home}/issues/7/comments`;
  api().get(comments).query({ per_page: 100 }).reply(200, []);
  api().post(comments).once().reply(502, 'Bad Gateway');
  api().get(comments).query({ per_page: 100 }).reply(200, [made]);
  const written = writeComment({ github, number: 7, login: 'ada', marker, body, create: true });
  await expect(written).resolves.toBe(made.html_url);
  expect(notes).toEqual([]);
});

it('a comment that the token may not write is a warning that names the permission', async () => {
  const message = 'Resource not accessible by integration';
  api()
    .post('/graphql')
    .reply(200, { data: { viewer: { login: 'github-actions[bot]' } } });
  api().get(`${home}/issues/7/comments`).query({ per_page: 100 }).reply(200, []);
  api().post(`${home}/issues/7/comments`).once().reply(403, { message });
  const lines: string[] = [];
  const redact = createRedactor([]);
  const read = readInputs({ INPUT_SUGGESTIONS: 'false' });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const url = await reportConversation({
    event: pullRequest,
    inputs: read.inputs,
    github,
    log: actionsLog((line) => lines.push(line), redact),
    redact,
    result,
    verdict: verdictOf(result, 'error'),
    notes: [],
    files: [],
    markdown: {},
    source: () => undefined,
  });
  expect(url).toBeUndefined();
  expect(lines).toEqual([
    expect.stringMatching(/^::warning title=Airlock::The comment .* was not written: .*pull-requests: write/),
  ]);
});

const pullRequest = {
  kind: 'pull-request',
  privileged: false,
  number: 7,
  base: 'b'.repeat(40),
  head: 'a'.repeat(40),
  fork: true,
  closed: false,
} as const;
