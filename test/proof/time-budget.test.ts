import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/configuration/configuration.ts';
import { openShadow } from '../../src/open-shadow.ts';
import { withinTime } from '../../src/proof/time-budget.ts';
import { prover } from '../../src/prove-folder.ts';
import type { Result } from '../../src/report/result.ts';
import { checkProject } from '../../src/validate-project.ts';
import { temporaryFolder } from '../workspace/temporary.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';

const root = temporaryFolder();
let chamber: BuiltChamber;

beforeAll(async () => {
  mkdirSync(join(root, 'migrations'));
  for (const [number, up] of [
    'CREATE TABLE a (id int);',
    'SELECT pg_sleep(0.5); CREATE TABLE b (id int);',
    'CREATE TABLE c (id int);',
  ].entries())
    writeFileSync(
      join(root, `migrations/2026010${number + 1}000000_step.sql`),
      `-- UP\n${up}\n-- DOWN\nSELECT 1;\n`,
    );
  chamber = await buildChamberIn();
});

afterAll(async () => {
  await chamber.remove();
  rmSync(root, { recursive: true, force: true });
});

/** Proves three migrations; the time is over when `late` says so of the one that is begun. */
async function proven(late: (id: string, end: () => void) => void): Promise<Result> {
  let over: string | undefined;
  const open: Parameters<typeof prover>[0] = async (furnishing) => {
    const wanted = { ...DEFAULTS.shadow, kind: 'embedded' } as const;
    const opened = await openShadow({ wanted, program: chamber.program, furnishing, env: {} });
    return opened.ok ? { ...opened, shadow: withinTime(opened.shadow, () => over) } : opened;
  };
  const sources = { allowedExtensions: [], prepare: [] };
  const prove = prover(open, async () => ({ ok: true, sources }), {
    over: () => over,
    proving: ({ checked }) =>
      late(checked.migration.id, () => {
        over = 'the time was over';
      }),
  });
  return (await checkProject({ root, configuration: DEFAULTS, prove })).result;
}

describe('a proof whose time is over', () => {
  it('begins no other migration, keeps what was proven, and names what was not', async () => {
    const result = await proven((id, end) => {
      if (id === '20260102000000') end();
    });
    expect(result.proofs?.map(({ migrationId, up }) => [migrationId, up.ok])).toEqual([
      ['20260101000000', true],
    ]);
    expect(result.notAnalysed.map(({ file, reason }) => `${file} ${reason}`)).toEqual([
      'migrations/20260102000000_step.sql not proven: the time was over',
      'migrations/20260103000000_step.sql not proven: the time was over',
    ]);
    expect(result.chain).toBeUndefined();
  });

  it('begins no other statement of the migration that runs', async () => {
    const started = performance.now();
    const result = await proven((id, end) => {
      if (id === '20260102000000') setTimeout(end, 200);
    });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(result.proofs?.map(({ migrationId }) => migrationId)).toEqual(['20260101000000']);
    expect(result.notAnalysed.map(({ reason }) => reason)).toEqual([
      'not proven: the time was over',
      'not proven: the time was over',
    ]);
  });
});
