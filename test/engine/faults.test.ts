import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endOf } from '../../src/commands/ends.ts';
import { statusEntry } from '../../src/commands/engine-result.ts';
import { verifyAudit } from '../../src/engine/audit-log.ts';
import { FAULT_POINTS, type FaultPoint } from '../../src/engine/fault-points.ts';
import { readHistory } from '../../src/engine/history.ts';
import { readHolder } from '../../src/engine/lease.ts';
import { installedVersion, systemTables } from '../../src/engine/system-tables.ts';
import { judgeStanding } from '../../src/migration/standing.ts';
import { statusText } from '../../src/report/engine-text.ts';
import type { StatusEntry } from '../../src/report/result.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, type Files, freshDatabase, prepared, session, up } from './engine-room.ts';
import { several, start } from './processes.ts';

const TABLE =
  '-- UP\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\n-- VERIFY\nSELECT 1 / count(*) FROM t;\n';
interface Scenario {
  readonly name: string;
  readonly files: Files;
  /** What each migration leaves in the table once it is done. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
}
const SCENARIOS: readonly Scenario[] = [
  { name: 'transactional', files: { '001_table.sql': TABLE }, rows: { '001': ['1'] } },
  {
    name: 'outside of a transaction',
    files: {
      '001_table.sql': TABLE,
      '002_index.sql':
        '-- UP\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (2);\nVACUUM t;\nINSERT INTO t VALUES (3);\n-- VERIFY\nSELECT 1 / count(*) FROM t WHERE id = 3;\n',
    },
    rows: { '001': ['1'], '002': ['2', '3'] },
  },
  {
    name: 'with a transaction of its own',
    files: {
      '001_table.sql': TABLE,
      '002_more.sql':
        '-- UP\nVACUUM t;\nBEGIN;\nINSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);\nCOMMIT;\nINSERT INTO t VALUES (4);\n',
    },
    rows: { '001': ['1'], '002': ['2', '3', '4'] },
  },
  {
    name: 'failing in a transaction',
    files: { '001_table.sql': TABLE, '002_bad.sql': '-- UP\nINSERT INTO t VALUES (2);\nSELECT 1 / 0;\n' },
    rows: { '001': ['1'], '002': [] },
  },
  {
    name: 'failing outside of a transaction',
    files: {
      '001_table.sql': TABLE,
      '002_bad.sql':
        '-- UP\nINSERT INTO t VALUES (2), (2);\nCREATE UNIQUE INDEX CONCURRENTLY t_once ON t (id);\n',
    },
    rows: { '001': ['1'], '002': ['2', '2'] },
  },
];
const QUICK = ['transactional', 'outside of a transaction', 'failing in a transaction'];

const reached = new Set<FaultPoint>();

/** What `airlock status` says. */
async function statusOf(url: string, files: Files): Promise<StatusEntry> {
  const connection = await session(url);
  try {
    const tables = systemTables('public');
    const installed = (await installedVersion(connection, tables)) > 0;
    const history = installed ? await readHistory(connection, tables) : [];
    const holder = installed ? await readHolder(connection, tables) : undefined;
    const look = { ok: true, connection, tables, pooled: false, installed, history, holder } as const;
    return statusEntry(judgeStanding(await prepared(files), history), look, undefined);
  } finally {
    await connection.close();
  }
}

async function rowsOf(url: string): Promise<readonly (string | null)[]> {
  const [there] = await column(url, `SELECT to_regclass('t')`);
  return there == null ? [] : column(url, 'SELECT id FROM t ORDER BY id');
}

/** What `status` says is what is there; where it cannot know, it says in which statement. */
function explains({ lease, migrations }: StatusEntry, rows: readonly (string | null)[], scenario: Scenario) {
  if (lease) expect(lease.alive).toBe('no');
  for (const { id, standing, statementsDone = 0, statementsBegun = 0, statementsTotal } of migrations) {
    const wanted = scenario.rows[id] ?? [];
    const there = rows.filter((row) => row !== null && wanted.includes(row)).length;
    if (standing === 'applied') expect(there).toBe(wanted.length);
    else if (standing === 'pending') expect(there).toBe(0);
    else if (standing === 'running') {
      expect(statementsTotal).toBeGreaterThanOrEqual(statementsBegun);
      expect(statementsBegun - statementsDone).toBeLessThanOrEqual(1);
    } else expect(standing).toBe('failed');
  }
}

describe.each([18, 15])('on PostgreSQL %i, a process that is killed', (major) => {
  const installed = major === 18 ? undefined : installedBinaries(major);
  let postgres: PostgresServer | undefined;
  beforeAll(async () => {
    if (major === 18 || installed) postgres = await startPostgres(installed);
  });
  afterAll(() => postgres?.stop());

  it.for(SCENARIOS.filter(({ name }) => major === 18 || QUICK.includes(name)))(
    'at any boundary between two steps, $name: status explains it, the next run goes on, nothing runs twice',
    { timeout: 300_000 },
    async (scenario, { skip }) => {
      const server = postgres;
      if (!server) return skip(`PostgreSQL ${major} is not installed on this machine`);
      const { files, rows } = scenario;
      const failing = '002_bad.sql' in files;
      const points: FaultPoint[] = [];
      // The boundaries that a run comes past, in their order.
      await up(await freshDatabase(server.connectionString), files, {
        at: async (point) => void points.push(point),
      });
      // What comes before the second migration is the same in all of them, and killed at in the first.
      const from = scenario === SCENARIOS[0] ? 0 : points.indexOf('after-commit');
      const boundaries = [...points.keys()].slice(from);
      for (const boundary of boundaries) {
        const point = points[boundary];
        if (point) reached.add(point);
      }
      await several(boundaries, 4, async (boundary) => {
        const where = `${boundary} ${points[boundary]}`;
        const url = await freshDatabase(server.connectionString);
        const killed = await (await start({ url, files, at: { boundary, signal: 'SIGKILL' } })).ended;
        expect(killed.signal, `${where}: ${killed.errors}`).toBe('SIGKILL');
        // The server needs a moment to see that nobody is there any more, and to undo what was open.
        const left = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
        await expect.poll(() => column(url, left), { timeout: 20_000, message: where }).toEqual([]);
        const status = await statusOf(url, files);
        explains(status, await rowsOf(url), scenario);
        const text = statusText(status, true);
        for (const { id, standing } of status.migrations)
          expect(text, where).toContain(`${standing.padEnd(9)} ${id} `);

        const outcome = await up(url, files);
        expect(outcome.failed?.halt, `${where}: ${outcome.failed?.error}`).toBe(
          failing ? 'statement-failed' : undefined,
        );
        expect(await rowsOf(url), where).toEqual(Object.values(rows).flat());
        const done = Object.keys(files).flatMap((file) => (file === '002_bad.sql' ? [] : [file.slice(0, 3)]));
        const rowsWith = (state: string) =>
          column(url, `SELECT migration_id FROM _migration_history WHERE status = '${state}' ORDER BY id`);
        expect(await rowsWith('applied'), where).toEqual(done);
        expect(await rowsWith('running'), where).toEqual([]);
        expect(
          await column(
            url,
            `SELECT migration_id FROM _migration_audit_log WHERE action = 'up' ORDER BY migration_id`,
          ),
          where,
        ).toEqual(done);
        // A failed attempt leaves its index to be seen; a run that came through leaves none.
        if (!failing)
          expect(await column(url, 'SELECT 1 FROM pg_index WHERE NOT indisvalid'), where).toEqual([]);
        const connection = await session(url);
        expect(await verifyAudit(connection, systemTables('public'), undefined), where).toMatchObject({
          whole: true,
        });
        await connection.close();
      });
    },
  );
});

describe('a process that is killed while its statement is under way', () => {
  const BUILD: Files = {
    '001_table.sql': '-- UP\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\n',
    '002_index.sql':
      '-- UP\nSET lock_timeout = 60000;\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (2);\n',
  };
  const AT_WORK = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX%' AND state = 'active'`;
  let postgres: PostgresServer;
  let url: string;
  let other: Awaited<ReturnType<typeof session>>;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    url = await freshDatabase(postgres.connectionString);
    await up(url, { '001_table.sql': BUILD['001_table.sql'] ?? '' });
    // The index waits for this one before it can be made.
    other = await session(url);
    await other.run('BEGIN; INSERT INTO t VALUES (0)');
    const { child, ended } = await start({
      url,
      files: BUILD,
      settings: { leaseTtl: 1_000 },
    });
    await expect.poll(() => column(url, AT_WORK), { timeout: 20_000 }).toEqual(['1']);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    return () => other.close();
  });

  it('is waited for by the next run, which then finds the index done', async () => {
    const [before] = await column(url, `SELECT oid FROM pg_class WHERE relname = 't_id'`);
    const next = up(url, BUILD);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await column(url, AT_WORK)).toEqual(['1']);
    await other.run('COMMIT');
    expect((await next).failed?.error).toBeUndefined();
    expect(await column(url, 'SELECT id FROM t ORDER BY id')).toEqual(['0', '1', '2']);
    expect(
      await column(
        url,
        `SELECT concat_ws(' ', indexrelid, indisvalid) FROM pg_index WHERE indrelid = 't'::regclass`,
      ),
    ).toEqual([`${before} t`]);
  });

  it('and does not end: the next run refuses, says whose statement it is, and what ends it', async () => {
    const outcome = await up(url, BUILD, { settings: { leasePatience: 2_500 } });
    expect(outcome.failed).toMatchObject({
      halt: 'still-running',
      next: 'wait for it, or end it: airlock unlock --force',
    });
    expect(endOf(outcome, { dry: false, backup: 'none' })).toMatchObject({
      code: 4,
      reasonCode: 'lease-held',
    });
    expect(statusText(await statusOf(url, BUILD), false)).toContain(
      '1 of 3 statements done; statement 2 was begun',
    );
    await other.run('COMMIT');
    await expect.poll(() => column(url, AT_WORK), { timeout: 20_000 }).toEqual([]);
    expect((await up(url, BUILD)).failed?.error).toBeUndefined();
    expect(await column(url, 'SELECT id FROM t ORDER BY id')).toEqual(['0', '1', '2']);
  });
});

describe('the boundaries at which processes were killed', () => {
  it('were every one that there is', () => {
    expect(FAULT_POINTS.filter((point) => !reached.has(point))).toEqual([]);
  });
});
