import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { writeComment } from '../../src/action/comment.ts';
import { describeFailure, isRefused, statusOf } from '../../src/action/failure.ts';
import { connect, type GitHub } from '../../src/action/github.ts';

/** Milliseconds that a second takes here. */
const SECOND = 10;
const repository = { owner: 'octo-org', repo: 'shop' };
const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function reach(
  answer: (response: ServerResponse, count: number, request: IncomingMessage) => void,
): Promise<{ github: GitHub; notes: string[]; warnings: string[]; asked: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    answer(response, count, request);
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const notes: string[] = [];
  const warnings: string[] = [];
  const github = await connect({
    token: 'ghs_not_a_token',
    apiUrl: `http://127.0.0.1:${port}`,
    repository,
    warn: (message) => warnings.push(message),
    info: (message) => notes.push(message),
    second: SECOND,
  });
  return { github, notes, warnings, asked: () => count };
}

const read = ({ client }: GitHub) => client.rest.pulls.get({ ...repository, pull_number: 7 });
const failureOf = async (request: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error;
};
const ok = (response: ServerResponse, body: unknown): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

describe('a GitHub that never answers', () => {
  it('is asked four times, each for a limited time, with a line for every further attempt', async () => {
    const { github, notes, asked } = await reach(() => undefined);
    const start = performance.now();
    const error = await failureOf(read(github));
    // Four times 30 seconds, and 14 of waiting.
    expect(performance.now() - start).toBeGreaterThan(134 * SECOND - 20);
    expect(performance.now() - start).toBeLessThan(210 * SECOND + 2_000);
    expect(asked()).toBe(4);
    expect(statusOf(error)).toBe(500);
    expect(isRefused(error)).toBe(false);
    expect(describeFailure(error)).toBe('GitHub did not answer within 30 seconds');
    expect(notes).toEqual(
      [2, 3, 4].map(
        (attempt) =>
          `GET /repos/{owner}/{repo}/pulls/{pull_number}: asked again (attempt ${attempt}) after GitHub did not answer within 30 seconds.`,
      ),
    );
  });

  it('is asked once by every later request', async () => {
    const { github, asked } = await reach(() => undefined);
    await failureOf(read(github));
    await failureOf(read(github));
    await failureOf(read(github));
    expect(asked()).toBe(4 + 1 + 1);
  });

  it('is tried again by later requests when it is back', async () => {
    const { github, asked } = await reach((response, count) => {
      if (count === 5 || count === 7) ok(response, { number: 7 });
    });
    await failureOf(read(github));
    await expect(read(github)).resolves.toMatchObject({ data: { number: 7 } });
    await expect(read(github)).resolves.toMatchObject({ data: { number: 7 } });
    expect(asked()).toBe(7);
  });

  it('in the middle of an answer is no empty answer', async () => {
    const { github, notes } = await reach((response, count) => {
      if (count > 1) return ok(response, { number: 7 });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"number": 7,');
    });
    await expect(read(github)).resolves.toMatchObject({ data: { number: 7 } });
    expect(notes).toHaveLength(1);
  });

  it('to a comment that is written may have written it: it is looked for first', async () => {
    const made = {
      id: 1,
      body: '<!-- m -->\nx',
      html_url: 'https://github.com/x#1',
      user: { login: 'ada', type: 'User' },
    };
    let written = false;
    const { github, asked } = await reach((response, _count, { method }) => {
      if (method === 'POST') written = true;
      else ok(response, written ? [made] : []);
    });
    const comment = { github, number: 7, login: 'ada', marker: 'm', body: made.body, create: true };
    await expect(writeComment(comment)).resolves.toBe(made.html_url);
    expect(asked()).toBe(3);
  });
});

it('a request whose time was over while it waited is not made again', async () => {
  const { github, asked, notes, warnings } = await reach((response) => {
    setTimeout(() => {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '90' });
      response.end(JSON.stringify({ message: 'You have exceeded a secondary rate limit' }));
    }, 20 * SECOND);
  });
  const error = await failureOf(read(github));
  // 20 and 90 of waiting, twice: a third attempt would begin 220 seconds after the first.
  expect(asked()).toBe(2);
  expect(notes).toHaveLength(1);
  expect(warnings).toHaveLength(2);
  expect(describeFailure(error)).toBe('HTTP 429: You have exceeded a secondary rate limit; given up');
});
