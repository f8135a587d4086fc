import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/configuration/configuration.ts';
import { openJournal } from '../../src/proof/journal.ts';
import type { ProofProgress } from '../../src/proof/prove-change.ts';
import { slicesOf } from '../../src/proof/prove-slices.ts';
import { proofSources } from '../../src/proof-sources.ts';
import { type Begun, prover } from '../../src/prove-folder.ts';
import type { Result } from '../../src/report/result.ts';
import { checkProject } from '../../src/validate-project.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';
import { embeddedBy } from './prove-project.ts';

let chamber: BuiltChamber;
let root: string;
let cache: string;

const HISTORY = [
  '-- UP\nCREATE TABLE a (id int PRIMARY KEY, name text);\n-- DOWN\nDROP TABLE a;\n',
  '-- UP\nALTER TABLE a ADD COLUMN note text;\nCREATE INDEX a_note ON a (note);\n-- DOWN\nALTER TABLE a DROP COLUMN note;\n',
  // Its down fails, so that the shadow has to be brought back.
  '-- UP\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);\n-- DOWN\nDROP TABLE nobody;\n',
  // Does not restore.
  '-- UP\nALTER TABLE b ADD COLUMN more text;\n-- DOWN\nSELECT 1;\n',
  '-- UP\nCREATE VIEW v AS SELECT b.id, b.more FROM b;\n-- DOWN\nDROP VIEW v;\n',
];

beforeAll(async () => {
  chamber = await buildChamberIn();
  root = mkdtempSync(join(tmpdir(), 'airlock-all-'));
  cache = join(root, 'cache');
  mkdirSync(join(root, 'migrations'));
  HISTORY.forEach((text, at) => {
    writeFileSync(join(root, 'migrations', `00${at + 1}_step.sql`), text);
  });
}, 60_000);
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await chamber.remove();
});

async function proveAll(
  begin?: (begun: Begun) => Promise<ProofProgress>,
  { at = root, workers = 1 } = {},
): Promise<Result> {
  const { result } = await checkProject({
    root: at,
    configuration: { ...DEFAULTS, directories: ['migrations'], layout: 'airlock' },
    prove: prover(
      embeddedBy(chamber.program),
      () => proofSources(DEFAULTS.shadow, async () => ({ text: '' })),
      {},
      begin && { begin, workers },
    ),
  });
  return result;
}

/** Without what the clock says. */
function timeless({ proofs, findings, chain }: Result): unknown {
  const untimed = (key: string, value: unknown): unknown => (key === 'durationMs' ? 0 : value);
  return JSON.parse(JSON.stringify({ proofs, findings, chain }, untimed));
}

class Interrupted extends Error {}

describe('a proof of a whole history', () => {
  test('goes on where it was interrupted, and comes to the same', async () => {
    const whole = await proveAll();
    expect(whole.proofs?.map(({ down, roundTrip }) => [down.status, roundTrip.status])).toEqual([
      ['ok', 'reverts'],
      ['ok', 'reverts'],
      ['failed', 'not-run'],
      ['ok', 'differs'],
      ['ok', 'reverts'],
    ]);

    const interrupted = proveAll(async ({ changed, circumstances }) => {
      const journal = await openJournal(cache, circumstances, changed);
      expect(journal.done).toBe(0);
      return {
        recall: journal.recall,
        async proven(outcome) {
          await journal.write(outcome);
          if (outcome.provable === changed[2]) throw new Interrupted();
        },
      };
    });
    await expect(interrupted).rejects.toThrow(Interrupted);
    expect(readdirSync(cache)).toHaveLength(1);

    const proven: string[] = [];
    const resumed = await proveAll(async ({ changed, circumstances }) => {
      const journal = await openJournal(cache, circumstances, changed);
      expect(journal.done).toBe(3);
      return {
        recall: journal.recall,
        async proven(outcome) {
          await journal.write(outcome);
          proven.push(outcome.provable.checked.migration.id);
          if (proven.length === 2) await journal.end();
        },
      };
    });
    expect(proven).toEqual(['004', '005']);
    expect(timeless(resumed)).toEqual(timeless(whole));
    expect(readdirSync(cache)).toEqual([]);
  }, 120_000);

  test('keeps what it knows of the migrations before one that was edited', async () => {
    const open = (begun: Begun) => openJournal(cache, begun.circumstances, begun.changed);
    const write = async (begun: Begun): Promise<ProofProgress> => {
      const journal = await open(begun);
      return { recall: journal.recall, proven: (outcome) => journal.write(outcome) };
    };
    await proveAll(write);
    writeFileSync(
      join(root, 'migrations/004_step.sql'),
      `${HISTORY[3] ?? ''}-- edited: still the same statements\n`,
    );
    writeFileSync(
      join(root, 'migrations/005_step.sql'),
      '-- UP\nCREATE VIEW v AS SELECT b.id FROM b;\n-- DOWN\nDROP VIEW v;\n',
    );
    let done = -1;
    await proveAll(async (begun) => {
      done = (await open(begun)).done;
      return {};
    });
    // A comment is no other migration; another statement is.
    expect(done).toBe(4);
  }, 120_000);

  test('is made in slices at the same time, which say the same as one after the other', async () => {
    const at = mkdtempSync(join(tmpdir(), 'airlock-slices-'));
    mkdirSync(join(at, 'migrations'));
    const count = 82;
    for (let number = 1; number <= count; number++) {
      const up =
        number === 5 ? 'CREATE TABLE t5 (id nothing);' : `CREATE TABLE t${number} (id int PRIMARY KEY);`;
      // What the second slice needs of the first, once there and once not.
      const more =
        number === 60
          ? 'ALTER TABLE t4 ADD COLUMN a int;'
          : number === 70
            ? 'ALTER TABLE t5 ADD COLUMN a int;'
            : '';
      const down = number === 60 ? 'ALTER TABLE t4 DROP COLUMN a;' : '';
      writeFileSync(
        join(at, `migrations/${1000 + number}_step.sql`),
        `-- UP\n${up}\n${more}\n-- DOWN\n${down}\nDROP TABLE t${number};\n`,
      );
    }
    const proven = new Set<string>();
    const result = await proveAll(
      async () => ({
        async proven({ provable }) {
          proven.add(provable.checked.migration.id);
        },
      }),
      { at, workers: 2 },
    );
    rmSync(at, { recursive: true, force: true });
    expect(proven.size).toBe(count);
    const proofs = new Map(result.proofs?.map((each) => [each.migrationId, each]));
    expect([...proofs].filter(([, { roundTrip }]) => roundTrip.status === 'reverts')).toHaveLength(count - 2);
    expect(proofs.get('1005')?.up.ok).toBe(false);
    expect(proofs.get('1060')?.populated.rowsPerTable).toEqual({ 'public.t4': 10 });
    expect(result.notAnalysed.map(({ file, reason }) => `${file} ${reason}`)).toEqual([
      expect.stringMatching(/^migrations\/1070_step\.sql not proven: .*t5.*does not exist.*1005_step/),
    ]);
  }, 180_000);
});

test('a history is cut into slices that are worth a shadow of their own', () => {
  const history = Array.from({ length: 100 }, (_, at) => at);
  expect(slicesOf(history, 4).map(({ length }) => length)).toEqual([50, 50]);
  expect(slicesOf(history, 1)).toEqual([history]);
  expect(slicesOf([1, 2], 4)).toEqual([[1, 2]]);
  expect(slicesOf([], 4)).toEqual([[]]);
});
