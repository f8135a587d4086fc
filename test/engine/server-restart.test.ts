import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endOf } from '../../src/commands/ends.ts';
import { verifyAudit } from '../../src/engine/audit-log.ts';
import { systemTables } from '../../src/engine/system-tables.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, type Files, freshDatabase, type RunOptions, session, up } from './engine-room.ts';

const TABLE = { '001_table.sql': '-- UP\nCREATE TABLE t (id int);\n' };
const SLOW = {
  ...TABLE,
  '002_slow.sql': '-- UP\nINSERT INTO t VALUES (2);\nSELECT pg_sleep(1);\nINSERT INTO t VALUES (3);\n',
  '003_last.sql': '-- UP\nINSERT INTO t VALUES (4);\n',
};
/** The table has enough rows for the index to be under way still when the server goes. */
const APART = {
  '001_table.sql': '-- UP\nCREATE TABLE t (id int);\nINSERT INTO t SELECT generate_series(1, 300000);\n',
  '002_index.sql':
    '-- UP\nINSERT INTO t VALUES (-1);\nCREATE INDEX CONCURRENTLY t_id ON t (md5(id::text));\nINSERT INTO t VALUES (-2);\n',
  '003_last.sql': '-- UP\nINSERT INTO t VALUES (-3);\n',
};

describe.each([18, 15])('a PostgreSQL %i that goes down and comes back', (major) => {
  const installed = major === 18 ? undefined : installedBinaries(major);
  let postgres: PostgresServer | undefined;
  let url = '';
  beforeAll(async () => {
    if (major === 18 || installed) postgres = await startPostgres(installed);
  });
  afterAll(() => postgres?.stop());
  beforeEach(async ({ skip }) => {
    if (!postgres) return skip(`PostgreSQL ${major} is not installed on this machine`);
    url = await freshDatabase(postgres.connectionString);
    // The servers of the tests write late; this one has to keep what it said was committed.
    const connection = await session(url);
    await connection.run(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = on`);
    await connection.close();
  });

  async function whole(): Promise<void> {
    const connection = await session(url);
    expect(await verifyAudit(connection, systemTables('public'), undefined)).toMatchObject({ whole: true });
    await connection.close();
  }

  /** `up`, with the server going down as soon as this statement of this migration is under way. */
  async function upAcrossRestart(files: Files, id: string, at: number, more: RunOptions = {}) {
    let restarted: Promise<void> | undefined;
    let begun = 0;
    const outcome = await up(url, files, {
      ...more,
      onlooking: {
        statement: (told) => {
          if (told.id !== id || told.at !== at) return;
          begun++;
          restarted ??= new Promise((resolve) => setTimeout(resolve, 100)).then(() => postgres?.restart(300));
        },
      },
    });
    expect(restarted).toBeDefined();
    await restarted;
    return { ...outcome, begun };
  }

  it('in a transaction: nothing of it is there, the history says so, and the next run does it once', async () => {
    const { executions, failed, pending } = await upAcrossRestart(SLOW, '002', 1);
    expect(executions.map(({ status }) => status)).toEqual(['applied', 'failed']);
    expect(failed).toMatchObject({ migrationId: '002', halt: 'connection-lost', undone: true });
    expect(pending).toHaveLength(1);
    expect(await column(url, 'SELECT id FROM t')).toEqual([]);
    expect(await column(url, 'SELECT status FROM _migration_history ORDER BY id')).toEqual([
      'applied',
      'failed',
    ]);
    expect((await up(url, SLOW)).failed).toBeUndefined();
    expect(await column(url, 'SELECT id FROM t ORDER BY id')).toEqual(['2', '3', '4']);
    await whole();
  });

  it('while an index is built concurrently: the run goes on by itself, and what was done is not done again', async () => {
    const { executions, failed, begun } = await upAcrossRestart(APART, '002', 1);
    expect(failed?.error).toBeUndefined();
    // The server took the first attempt with it.
    expect(begun).toBe(2);
    expect(executions.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    expect(await column(url, 'SELECT id FROM t WHERE id < 0 ORDER BY id DESC')).toEqual(['-1', '-2', '-3']);
    expect(
      await column(url, `SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1`),
    ).toEqual(['t']);
    expect(await column(url, `SELECT 1 FROM _migration_history WHERE status = 'running'`)).toEqual([]);
    await whole();
  });

  it('between two statements of either kind: each of them is there once', async () => {
    let times = 0;
    const outcome = await up(url, APART, {
      at: async (point) => {
        if (point === 'before-done' && times++ === 0) await postgres?.restart();
      },
    });
    expect(times).toBeGreaterThan(0);
    expect(outcome.failed?.error).toBeUndefined();
    expect(await column(url, 'SELECT id FROM t WHERE id < 0 ORDER BY id DESC')).toEqual(['-1', '-2', '-3']);
    await whole();
  });

  it('too late for the run: it ends without a claim, as a database that cannot be reached', async () => {
    let restarted: Promise<void> | undefined;
    const outcome = await up(url, SLOW, {
      settings: { reconnectPatience: 300 },
      onlooking: {
        statement: ({ id, at }) => {
          if (id === '002' && at === 1) restarted ??= postgres?.restart(2_000);
        },
      },
    });
    expect(outcome.failed).toMatchObject({ migrationId: '002', status: 'unknown', halt: 'connection-lost' });
    expect(endOf(outcome, { dry: false, backup: 'none' })).toMatchObject({
      code: 7,
      reasonCode: 'database-unreachable',
      next: expect.stringContaining('airlock status'),
    });
    await restarted;
    expect(await column(url, 'SELECT id FROM t')).toEqual([]);
    expect((await up(url, SLOW)).failed).toBeUndefined();
    expect(await column(url, 'SELECT id FROM t ORDER BY id')).toEqual(['2', '3', '4']);
    await whole();
  });
});
