import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outputs } from '../../src/action/outputs.ts';
import { runAction } from '../../src/action/run.ts';

async function run(env: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  let outputs: Outputs | undefined;
  const failed = await runAction({
    env,
    print: (line) => lines.push(line),
    setOutputs: (set) => {
      outputs = set;
    },
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
});
