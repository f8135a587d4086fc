import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { noStackTrace, run } from './cli/run-cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('npm run demo', () => {
  test('shows a pull request and what its author is told', async () => {
    const ended = await run(process.execPath, ['scripts/demo.ts', 'blocking-index'], { cwd: ROOT });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toContain('pull request: blocking-index');
    expect(ended.out).toContain('error create-index-concurrently');
    expect(ended.out).toContain('exit code 1');
  });

  test('an example that does not exist is told, with those that do', async () => {
    const ended = await run(process.execPath, ['scripts/demo.ts', 'nope'], { cwd: ROOT });
    noStackTrace(ended);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(
      /^error: there is no example "nope"\nnext: npm run demo -- <name>, .*blocking-index/,
    );
  });
});
