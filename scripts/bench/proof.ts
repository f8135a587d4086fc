import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Line, rounds, timeOf } from './measure.ts';

const BARE = fileURLToPath(new URL('bare-database.ts', import.meta.url));
const HISTORY = 400;
const NEW = 5;

interface Pair {
  readonly id: string;
  readonly up: string;
  readonly down: string;
}

/**
 * A history as projects have them: one migration in four makes a table, the others add columns, indexes and constraints
 * to it, and rows. In a catalog in which nothing but tables grows, looking at it costs more than anything else.
 */
function pair(number: number): Pair {
  const round = Math.ceil(number / 4);
  const [table, before] = [`t${round}`, `t${round - 1}`];
  const references = round % 10 === 1 ? '' : `, ${before}_id bigint REFERENCES ${before} (id)`;
  const steps: readonly Omit<Pair, 'id'>[] = [
    {
      up: `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()${references});
CREATE INDEX idx_${table}_name ON ${table} (name);
`,
      down: `DROP TABLE ${table};\n`,
    },
    {
      up: `ALTER TABLE ${table} ADD COLUMN note text NOT NULL DEFAULT '';
CREATE INDEX idx_${table}_created_at ON ${table} (created_at);
`,
      down: `DROP INDEX idx_${table}_created_at;\nALTER TABLE ${table} DROP COLUMN note;\n`,
    },
    {
      up: `ALTER TABLE ${table} ADD COLUMN state text;
ALTER TABLE ${table} ADD CONSTRAINT ${table}_state CHECK (state <> 'unknown') NOT VALID;
ALTER TABLE ${table} VALIDATE CONSTRAINT ${table}_state;
`,
      down: `ALTER TABLE ${table} DROP COLUMN state;\n`,
    },
    {
      up: `INSERT INTO ${table} (name) SELECT 'name ' || n FROM generate_series(1, 20) n;
CREATE VIEW ${table}_names AS SELECT id, name FROM ${table};
`,
      down: `DROP VIEW ${table}_names;\nDELETE FROM ${table} WHERE name LIKE 'name %';\n`,
    },
  ];
  const step = steps[(number - 1) % 4];
  if (!step) throw new Error(`There is no step ${number}.`);
  return { id: String(number).padStart(4, '0'), ...step };
}

function history(count: number): Pair[] {
  return Array.from({ length: count }, (_, index) => pair(index + 1));
}

function project(folder: string, name: string, pairs: readonly Pair[]): string {
  const root = join(folder, name);
  mkdirSync(join(root, 'migrations'), { recursive: true });
  for (const { id, up, down } of pairs)
    writeFileSync(join(root, 'migrations', `${id}_step.sql`), `-- UP\n${up}-- DOWN\n${down}`);
  return root;
}

/** The history, then what a proof runs of the new ones: up, down and up again; at last all downs. */
function sameSql(pairs: readonly Pair[]): string[] {
  const [earlier, changed] = [pairs.slice(0, -NEW), pairs.slice(-NEW)];
  return [
    ...earlier.map(({ up }) => up),
    ...changed.flatMap(({ up, down }) => [up, down, up]),
    ...changed.toReversed().map(({ down }) => down),
  ];
}

/** Ratios of the proof, each with its bound. */
export function proofLines(cli: string, folder: string): Line[] {
  const all = history(HISTORY + NEW);
  const root = project(folder, 'proof', all);
  const few = project(folder, 'proof-few', history(1));
  const sql = join(folder, 'same.json');
  writeFileSync(sql, JSON.stringify(sameSql(all)));
  const ids = all.slice(-NEW).map(({ id }) => id);
  const prove = (shadow: string, at: string, what: readonly string[], ...more: readonly string[]) => ({
    args: [
      ...[cli, 'prove', ...what, '--shadow', shadow, '--directory', 'migrations', '--layout', 'airlock'],
      ...['--fail-on', 'never', '--format', 'json', ...more],
    ],
    cwd: at,
  });
  // A base that is kept is another line: here each run has a folder of its own.
  let runs = 0;
  const fresh = (): string => join(folder, `cache-${runs++}`);
  const bare = { args: [BARE, 'pglite', sql], cwd: folder };
  const times: Record<'bare' | 'embedded', number[]> = { bare: [], embedded: [] };
  for (let round = 0; round < 3; round++) {
    times.bare.push(timeOf(bare));
    times.embedded.push(timeOf(prove('embedded', root, ids, '--cache-dir', fresh())));
  }
  const [bareTime, embedded] = [Math.min(...times.bare), Math.min(...times.embedded)];
  const kept = join(folder, 'cache-kept');
  const cached = rounds(2, { cached: prove('embedded', root, ids, '--cache-dir', kept) }).cached;
  const local = rounds(5, {
    start: { args: [BARE, 'start'], cwd: folder },
    bare: { args: [BARE, 'pg', sql], cwd: folder },
    all: prove('local', root, ids),
    few: prove('local', few, ['0001']),
  });
  const whole = (count: number) => {
    const at = project(folder, `all-${count}`, history(count));
    return () => timeOf(prove('local', at, ['--all'], '--cache-dir', fresh()));
  };
  const [proveHalf, proveFull] = [whole(HISTORY), whole(2 * HISTORY)];
  // In turns, so that a noisy moment hits both.
  const alls = [1, 2].map(() => [proveHalf(), proveFull()] as const);
  const half = Math.min(...alls.map(([time]) => time));
  const full = Math.min(...alls.map(([, time]) => time));
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    `units of the proof in this run: bare PGlite ${seconds(bareTime)}, initdb and start ${seconds(local.start)}, with the SQL over pg ${seconds(local.bare)}; prove --all over ${HISTORY}: ${seconds(half)}, over ${2 * HISTORY}: ${seconds(full)}\n`,
  );
  return [
    {
      what: `replay of ${HISTORY} and proof of ${NEW}, embedded ÷ the same SQL on a PGlite made the plain way`,
      value: embedded / bareTime,
      bound: 1.6,
      unit: '×',
    },
    { what: 'the same with the base kept from before', value: cached / bareTime, bound: 0.8, unit: '×' },
    {
      what: `replay of ${HISTORY} and proof of ${NEW}, local ÷ initdb, start and the same SQL over pg`,
      value: local.all / local.bare,
      bound: 1.6,
      unit: '×',
    },
    {
      what: 'proof of one small migration, local, whole process ÷ initdb and start',
      value: local.few / local.start,
      bound: 3,
      unit: '×',
    },
    {
      what: `prove --all over ${2 * HISTORY} ÷ over ${HISTORY}, local`,
      value: full / half,
      bound: 2.2,
      unit: '×',
    },
  ];
}
