import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readHolder } from '../../src/engine/lease.ts';
import { closeRun } from '../../src/engine/open.ts';
import type { Run } from '../../src/engine/run.ts';
import { systemTables } from '../../src/engine/system-tables.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, freshDatabase, opening, refused, session, up } from './engine-room.ts';
import { several, start } from './processes.ts';

let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  url = await freshDatabase(postgres.connectionString);
});

async function held(settings = {}): Promise<Run> {
  const opened = await opening(url, { settings });
  if (!opened.ok) throw new Error(opened.because);
  return opened.run;
}

const FILES = { '001_table.sql': '-- UP\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\n' };
const FREE = `DELETE FROM _migration_locks WHERE lock_name = 'migration_lock'`;

describe('the lease', () => {
  it('is waited for as long as patience lasts, and who holds it is told', async () => {
    const run = await held();
    const waited: string[] = [];
    const second = await opening(url, {
      settings: { leasePatience: 700 },
      onlooking: { waiting: ({ executedBy, command }) => waited.push(`${executedBy} ${command}`) },
    });
    expect(second).toMatchObject({ ok: false, because: 'held', holder: { host: 'here', alive: 'yes' } });
    expect(waited[0]).toBe('ada up');
    await closeRun(run);
    const third = await opening(url);
    expect(third.ok).toBe(true);
    if (third.ok) await closeRun(third.run);
  });

  it('is waited for without a transaction and without an advisory lock', async () => {
    const run = await held();
    const second = opening(url, { settings: { leasePatience: 1_500 } });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(
      await column(
        url,
        `SELECT state FROM pg_stat_activity WHERE datname = current_database() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL OR state LIKE 'idle in%') AND pid <> pg_backend_pid()`,
      ),
    ).toEqual([]);
    expect(await column(url, `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([]);
    await second;
    await closeRun(run);
  });

  it('is renewed while its holder lives', async () => {
    const run = await held({ leaseTtl: 600 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const second = await opening(url, { settings: { leasePatience: 300 } });
    expect(second.ok).toBe(false);
    expect(await run.lease.confirm()).toBe(true);
    await closeRun(run);
  });

  it('of a dead holder is taken over at once, long before it expires', async () => {
    const killed = await (
      await start({
        url,
        files: FILES,
        at: { boundary: 6, signal: 'SIGKILL' },
        settings: { leaseTtl: 600_000 },
      })
    ).ended;
    expect(killed.signal, killed.errors).toBe('SIGKILL');
    expect(await column(url, 'SELECT 1 FROM _migration_locks WHERE expires_at > NOW()')).toEqual(['1']);
    const began = performance.now();
    expect((await up(url, FILES)).failed).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(
      await column(url, `SELECT details FROM _migration_audit_log WHERE action = 'lease-taken-over'`),
    ).toHaveLength(1);
  });

  it('is free when its row is deleted, and the holder does nothing more', async () => {
    const files = {
      '001_two.sql': '-- @no-transaction\n-- UP\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\n',
      '002_v.sql': '-- UP\nCREATE TABLE v (id int);\n',
    };
    let once = true;
    const outcome = await up(url, files, {
      at: async (point) => {
        if (point !== 'after-statement' || !once) return;
        once = false;
        expect(await refused(url, FREE)).toBe('it was done');
      },
    });
    expect(outcome.failed).toMatchObject({ halt: 'lease-lost' });
    expect(await column(url, `SELECT to_regclass('u')`)).toEqual([null]);
    expect(await column(url, `SELECT to_regclass('v')`)).toEqual([null]);
    // The next one goes on where it stopped.
    expect((await up(url, files)).failed).toBeUndefined();
    expect(await column(url, `SELECT count(*) FROM pg_class WHERE relname IN ('t', 'u', 'v')`)).toEqual([
      '3',
    ]);
  });

  it('that was lost in the middle of a transaction keeps it from being committed', async () => {
    const outcome = await up(url, FILES, {
      at: async (point) => {
        if (point === 'before-commit') await refused(url, FREE);
      },
    });
    expect(outcome.failed).toMatchObject({ halt: 'lease-lost', undone: true });
    expect(await column(url, `SELECT to_regclass('t')`)).toEqual([null]);
    expect(await column(url, 'SELECT 1 FROM _migration_history')).toEqual([]);
  });

  it('is not held up by the transaction of its holder: it can be renewed and deleted meanwhile', async () => {
    const began = performance.now();
    await up(url, FILES, {
      at: async (point) => {
        if (point === 'before-commit')
          await refused(
            url,
            `SET lock_timeout = 500; UPDATE _migration_locks SET expires_at = expires_at + interval '1 s'`,
          );
      },
    });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('of a stalled holder goes to another, and the first one cannot commit when it wakes up', async () => {
    const settings = { leaseTtl: 1_000 };
    // The boundary right before COMMIT of the first migration.
    const points: string[] = [];
    const other = await freshDatabase(postgres.connectionString);
    await up(other, FILES, { at: async (point) => void points.push(point) });
    const stalled = await start({
      url,
      files: FILES,
      at: { boundary: points.indexOf('before-commit'), signal: 'SIGSTOP' },
      settings,
    });
    const connection = await session(url);
    const tables = systemTables('public');
    for (let tries = 0; tries < 100; tries++) {
      const found = await column(url, `SELECT to_regclass('_migration_locks')`);
      const holder = found[0] === null ? undefined : await readHolder(connection, tables);
      if (holder?.expired) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const outcome = await up(url, FILES);
    expect(outcome.executions).toMatchObject([{ status: 'applied' }]);
    stalled.child.kill('SIGCONT');
    const { told, errors } = await stalled.ended;
    expect(told[0]?.applied ?? [], errors).toEqual([]);
    expect(await column(url, 'SELECT id FROM t')).toEqual(['1']);
    expect(await column(url, 'SELECT status FROM _migration_history')).toEqual(['applied']);
    await connection.close();
  });

  it('of a holder that stalls outside of a transaction: it begins and records nothing more when it wakes up', async () => {
    const files = {
      ...FILES,
      '002_apart.sql':
        '-- UP\nINSERT INTO t VALUES (2);\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (3);\n',
    };
    const points: string[] = [];
    await up(await freshDatabase(postgres.connectionString), files, {
      at: async (point) => void points.push(point),
    });
    const apart = points.indexOf('before-running-row');
    const stalls = [
      'before-running-row',
      'before-begun',
      'before-done',
      'before-commit',
      'before-applied-row',
    ];
    await several(stalls, 3, async (point) => {
      const place = await freshDatabase(postgres.connectionString);
      const stalled = await start({
        url: place,
        files,
        at: { boundary: points.indexOf(point, apart), signal: 'SIGSTOP' },
        settings: { leaseTtl: 1_000 },
      });
      const expired = async () =>
        (await column(place, `SELECT to_regclass('_migration_locks')`))[0] === null
          ? []
          : column(place, 'SELECT 1 FROM _migration_locks WHERE expires_at <= now()');
      await expect.poll(expired, { timeout: 20_000, message: point }).toEqual(['1']);
      expect((await up(place, files)).failed?.error, point).toBeUndefined();
      const audit = () => column(place, 'SELECT count(*) FROM _migration_audit_log');
      const before = await audit();
      stalled.child.kill('SIGCONT');
      const { told, errors } = await stalled.ended;
      expect(told[0]?.applied ?? [], `${point}: ${errors}`).not.toContain('002');
      expect(await column(place, 'SELECT id FROM t ORDER BY id'), point).toEqual(['1', '2', '3']);
      expect(
        await column(
          place,
          `SELECT migration_id FROM _migration_history WHERE status = 'applied' ORDER BY id`,
        ),
        point,
      ).toEqual(['001', '002']);
      expect(await column(place, `SELECT 1 FROM _migration_history WHERE status = 'running'`)).toEqual([]);
      expect(await audit(), point).toEqual(before);
    });
  }, 120_000);
});
