import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, freshDatabase, session, up } from './engine-room.ts';

let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  url = await freshDatabase(postgres.connectionString);
});

const TABLE = { '001_table.sql': '-- UP\nCREATE TABLE t (id int);\n' };
const COLUMN = { ...TABLE, '002_column.sql': '-- UP\nALTER TABLE t ADD COLUMN note text;\n' };

describe('a table that somebody else has locked', () => {
  it('is tried again after a pause in which nobody waits behind, until it is free', async () => {
    await up(url, TABLE);
    const other = await session(url);
    await other.run('BEGIN');
    await other.run('LOCK TABLE t IN ACCESS SHARE MODE');
    const reads: number[] = [];
    const attempts: number[] = [];
    // Somebody reads all the time: while an attempt waits for its lock they stand behind it, and never for longer.
    let reading = true;
    const reader = (async () => {
      const connection = await session(url);
      while (reading) {
        const began = performance.now();
        await connection.run('SELECT count(*) FROM t');
        reads.push(performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await connection.close();
    })();
    const outcome = await up(url, COLUMN, {
      settings: { lockAttempts: 20 },
      onlooking: {
        retries: ({ attempt }) => {
          attempts.push(attempt);
          if (attempt === 2) void other.run('ROLLBACK');
        },
      },
    });
    expect(outcome.failed).toBeUndefined();
    expect(attempts.slice(0, 2)).toEqual([1, 2]);
    reading = false;
    await reader;
    // One second is the lock_timeout of these tests.
    expect(Math.max(...reads)).toBeGreaterThan(500);
    expect(Math.max(...reads)).toBeLessThan(1_900);
    expect(reads.filter((each) => each > 500).length).toBeLessThanOrEqual(attempts.length + 1);
    const [execution] = outcome.executions;
    expect(execution?.lockWaitMs).toBeGreaterThan(1_000);
    expect(
      await column(url, "SELECT lock_wait_ms > 1000 FROM _migration_history WHERE migration_id = '002'"),
    ).toEqual(['t']);
    await other.close();
  });

  it('is given up after a number of attempts, with nothing left behind', async () => {
    await up(url, TABLE);
    const other = await session(url);
    await other.run('BEGIN');
    await other.run('LOCK TABLE t IN ACCESS SHARE MODE');
    const began = performance.now();
    const outcome = await up(url, COLUMN, { settings: { lockAttempts: 2 } });
    // Two attempts of a second each, and at most a quarter of one between them.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(outcome.failed).toMatchObject({ halt: 'lock-not-available', undone: true });
    await other.close();
    expect((await up(url, COLUMN)).failed).toBeUndefined();
  });

  it('makes no invalid index stay: that of our own attempt goes before the next', async () => {
    await up(url, TABLE);
    const other = await session(url);
    await other.run('BEGIN');
    await other.run('INSERT INTO t VALUES (1)');
    let attempts = 0;
    const outcome = await up(
      url,
      { ...TABLE, '002_index.sql': '-- UP\nCREATE INDEX CONCURRENTLY IF NOT EXISTS t_id ON t (id);\n' },
      {
        onlooking: {
          retries: ({ attempt }) => {
            attempts = attempt;
            if (attempt === 1) void other.run('COMMIT');
          },
        },
      },
    );
    expect(outcome.failed).toBeUndefined();
    expect(attempts).toBeGreaterThan(0);
    expect(await column(url, `SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass`)).toEqual([
      't',
    ]);
    await other.close();
  });

  it('an invalid index that somebody else left is named and not skipped', async () => {
    await up(url, TABLE);
    const other = await session(url);
    await other.run('INSERT INTO t VALUES (1), (1)');
    await other.run('CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)').catch(() => undefined);
    const outcome = await up(url, {
      ...TABLE,
      '002_index.sql': '-- UP\nCREATE INDEX CONCURRENTLY IF NOT EXISTS t_id ON t (id);\n',
    });
    expect(outcome.failed).toMatchObject({
      halt: 'index-in-the-way',
      next: 'DROP INDEX CONCURRENTLY public.t_id;',
    });
    await other.close();
  });
});

describe('a run that is interrupted or takes too long', () => {
  it('cancels the statement under way, writes it down and gives the lease back', async () => {
    const controller = new AbortController();
    const began = performance.now();
    const outcome = await up(
      url,
      { ...TABLE, '002_slow.sql': '-- UP\nSELECT pg_sleep(20);\n' },
      {
        signal: controller.signal,
        onlooking: {
          statement: ({ id }) => void (id === '002' && setTimeout(() => controller.abort(), 200)),
        },
      },
    );
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(outcome.failed).toMatchObject({ migrationId: '002', halt: 'interrupted', undone: true });
    expect(await column(url, 'SELECT status FROM _migration_history ORDER BY id')).toEqual([
      'applied',
      'failed',
    ]);
    expect(await column(url, 'SELECT 1 FROM _migration_locks')).toEqual([]);
  });

  it('is ended after maxDuration, outside of a transaction too', async () => {
    const outcome = await up(
      url,
      { '001_slow.sql': '-- @no-transaction\n-- UP\nCREATE TABLE t (id int);\nSELECT pg_sleep(20);\n' },
      { settings: { maxDuration: 700 } },
    );
    expect(outcome.failed).toMatchObject({ halt: 'too-long', statements: 1 });
    expect(
      await column(url, `SELECT concat_ws(' ', status, statements_done) FROM _migration_history`),
    ).toEqual(['failed 1']);
  });
});
