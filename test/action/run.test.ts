import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outputs } from '../../src/action/outputs.ts';
import { runAction } from '../../src/action/run.ts';

async function run(env: Readonly<Record<string, string>>, refuseOutputs?: string) {
  const lines: string[] = [];
  let outputs: Outputs | undefined;
  const failed = await runAction({
    env,
    print: (line) => lines.push(line),
    setOutputs: (set) => {
      if (refuseOutputs !== undefined) throw new Error(refuseOutputs);
      outputs = set;
    },
    chamber: '',
    program: () => Promise.reject(new Error('no command line is run here')),
  });
  return { failed, log: lines.join('\n'), outputs };
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'airlock-run-'));

describe('a run', () => {
  it('outside of GitHub Actions says what to type instead', async () => {
    const end = await run({ RUNNER_TEMP: folder() });
    expect(end).toMatchObject({ failed: true, outputs: { 'reason-code': 'usage' } });
    expect(end.log).toContain('Next: airlock validate');
  });

  it('with a payload that is no JSON ends as a usage error', async () => {
    const temporary = folder();
    const payload = join(temporary, 'event.json');
    writeFileSync(payload, '{"pull_request":');
    const end = await run({
      RUNNER_TEMP: temporary,
      GITHUB_EVENT_PATH: payload,
      GITHUB_REPOSITORY: 'octo/shop',
    });
    expect(end).toMatchObject({ failed: true, outputs: { 'reason-code': 'usage' } });
  });

  it('that cannot write its report still sets its outputs, and shows no secret', async () => {
    const missing = join(folder(), 'hunter22-secret', 'gone');
    const end = await run({ RUNNER_TEMP: missing, APPROVAL_KEY: 'hunter22-secret' });
    expect(end).toMatchObject({
      failed: true,
      outputs: { 'reason-code': 'internal-error', risk: 'high', result: '' },
    });
    expect(end.log).toMatch(/^::error title=Airlock::The report could not be written: ENOENT/m);
    expect(end.log).not.toContain('hunter22-secret');
  });

  it('with a GITHUB_API_URL that is no address says so before anything is asked', async () => {
    const env = pushOfNothing();
    for (const url of ['not an address', 'ftp://h/api', 'https://']) {
      const end = await run({ ...env, 'INPUT_GITHUB-TOKEN': 'ghs_not_a_token', GITHUB_API_URL: url });
      expect(end).toMatchObject({ failed: true, outputs: { 'reason-code': 'configuration-invalid' } });
      expect(end.log).toContain('GITHUB_API_URL is not an http:// or https:// address.');
      expect(end.log).not.toMatch(/\n\s+at /);
    }
  });

  it('whose step summary cannot be written warns, and keeps its verdict', async () => {
    const env = pushOfNothing();
    const end = await run({ ...env, GITHUB_STEP_SUMMARY: join(env.RUNNER_TEMP, 'gone', 'summary.md') });
    expect(end).toMatchObject({ failed: false, outputs: { 'reason-code': 'nothing-to-do' } });
    expect(end.log).toMatch(/^::warning title=Airlock::The step summary was not written: ENOENT/m);
  });

  it('whose outputs cannot be set fails, and says which file is meant', async () => {
    const end = await run(pushOfNothing(), 'EACCES: permission denied');
    expect(end).toMatchObject({ failed: true, outputs: undefined });
    expect(end.log).toMatch(/^::error title=Airlock::The outputs of this step could not be set.*EACCES/m);
    expect(end.log).toContain('GITHUB_OUTPUT');
  });
});

/** A branch that was deleted: nothing has to be read for it. */
function pushOfNothing() {
  const temporary = folder();
  const payload = join(temporary, 'event.json');
  const [before, after] = ['a'.repeat(40), '0'.repeat(40)];
  writeFileSync(payload, JSON.stringify({ before, after, deleted: true, ref: 'refs/heads/x' }));
  return {
    RUNNER_TEMP: temporary,
    GITHUB_EVENT_PATH: payload,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REPOSITORY: 'octo/shop',
  };
}
