import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/engine/audit-log.ts';
import { ConnectionLost } from '../../src/engine/connection.ts';
import { systemTables } from '../../src/engine/system-tables.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { type DroppingProxy, startProxy } from './answer-dropping-proxy.ts';
import { column, down, freshDatabase, session, up } from './engine-room.ts';
import { several } from './processes.ts';

let postgres: PostgresServer;
let direct: string;
let proxy: DroppingProxy;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  direct = await freshDatabase(postgres.connectionString);
  proxy = await startProxy(direct);
  return () => proxy.close();
});

const TABLE = { '001_table.sql': '-- UP\nCREATE TABLE t (id int);\n-- DOWN\nDROP TABLE t;\n' };
const MORE = { ...TABLE, '002_more.sql': '-- UP\nINSERT INTO t VALUES (2);\n' };

describe('a connection that is lost', () => {
  it('with the answer to COMMIT: the database is asked, and nothing is repeated', async () => {
    proxy.dropAnswerTo("'002'");
    const { executions, failed } = await up(proxy.url, MORE);
    expect(failed).toBeUndefined();
    expect(executions.map(({ status }) => status)).toEqual(['applied', 'applied']);
    expect(await column(direct, 'SELECT id FROM t')).toEqual(['2']);
    expect(await column(direct, 'SELECT status FROM _migration_history')).toEqual(['applied', 'applied']);
    expect(await column(direct, "SELECT count(*) FROM _migration_audit_log WHERE action = 'up'")).toEqual([
      '2',
    ]);
  });

  it('with the answer to the COMMIT of a down', async () => {
    await up(direct, TABLE);
    proxy.dropAnswerTo("SET status = 'rolled_back'");
    expect((await down(proxy.url, TABLE)).executions).toMatchObject([{ status: 'rolled-back' }]);
    expect(await column(direct, 'SELECT status FROM _migration_rollback_history')).toEqual(['rolled_back']);
  });

  it.each([
    ['that it begins', `'running'`],
    ['that a statement is done', 'statements_done = 3'],
    ['that it is applied', `SET status = 'applied'`],
  ])('with the answer to the record %s, outside of a transaction', async (_, record) => {
    const files = {
      ...TABLE,
      '002_apart.sql':
        '-- UP\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (3);\n-- DOWN\nDROP INDEX CONCURRENTLY t_id;\nDELETE FROM t WHERE id = 1;\nINSERT INTO t VALUES (9);\n',
    };
    await up(direct, TABLE);
    proxy.dropAnswerTo(record);
    const { executions, failed } = await up(proxy.url, files);
    expect(failed?.error).toBeUndefined();
    expect(executions.map(({ status }) => status)).toEqual(['applied']);
    expect(await column(direct, 'SELECT id FROM t ORDER BY id')).toEqual(['1', '2', '3']);
    expect(
      await column(
        direct,
        `SELECT migration_id FROM _migration_history WHERE status = 'applied' ORDER BY id`,
      ),
    ).toEqual(['001', '002']);
    expect(
      await column(direct, `SELECT migration_id FROM _migration_audit_log WHERE action = 'up' ORDER BY id`),
    ).toEqual(['001', '002']);
    proxy.dropAnswerTo(record.replace('applied', 'rolled_back').replace('= 3', '= 2'));
    expect((await down(proxy.url, files)).executions).toMatchObject([{ status: 'rolled-back' }]);
    expect(await column(direct, 'SELECT id FROM t ORDER BY id')).toEqual(['2', '3', '9']);
    expect(
      await column(direct, `SELECT 1 FROM _migration_rollback_history WHERE status = 'rolled_back'`),
    ).toEqual(['1']);
  });

  it('in the middle of a transaction: nothing of it is there, and the row says so', async () => {
    let once = true;
    const { failed } = await up(proxy.url, MORE, {
      at: async (point) => {
        if (point === 'before-commit' && once) {
          once = false;
          proxy.cut();
        }
      },
    });
    expect(failed).toMatchObject({ migrationId: '001', halt: 'connection-lost', undone: true });
    expect(await column(direct, `SELECT to_regclass('t')`)).toEqual([null]);
    expect(await column(direct, 'SELECT status FROM _migration_history')).toEqual(['failed']);
    expect((await up(direct, MORE)).executions).toHaveLength(2);
  });

  it('outside of a transaction: each statement is there once', async () => {
    const files = {
      ...TABLE,
      '002_apart.sql':
        '-- @no-transaction\n-- UP\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (3);\n',
    };
    let statements = 0;
    const { failed, executions } = await up(proxy.url, files, {
      at: async (point) => {
        if (point === 'after-statement') statements++;
        if (point === 'after-statement' && (statements === 3 || statements === 6)) proxy.cut();
      },
    });
    expect(failed).toBeUndefined();
    expect(executions.map(({ status }) => status)).toEqual(['applied', 'applied']);
    expect(await column(direct, 'SELECT id FROM t ORDER BY id')).toEqual(['1', '2', '3']);
    expect(await column(direct, 'SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([]);
  });

  it('at any boundary between two steps: what is left is done by the next run, and nothing twice', async () => {
    const files = {
      '001_table.sql':
        '-- UP\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\n-- VERIFY\nSELECT 1 / count(*) FROM t;\n',
      '002_apart.sql':
        '-- UP\nINSERT INTO t VALUES (2);\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (3);\n',
      '003_more.sql': '-- UP\nINSERT INTO t VALUES (4);\n',
    };
    const points: string[] = [];
    await up(await freshDatabase(postgres.connectionString), files, {
      at: async (point) => void points.push(point),
    });
    const ends = new Set<string>();
    await several([...points.keys()], 4, async (boundary) => {
      const where = `${boundary} ${points[boundary]}`;
      const url = await freshDatabase(postgres.connectionString);
      const between = await startProxy(url);
      let at = 0;
      try {
        const { failed, pending } = await up(between.url, files, {
          at: async () => {
            if (at++ === boundary) between.cut();
          },
        });
        ends.add(failed?.halt ?? 'applied');
        if (failed) expect([failed.status, failed.halt], where).toEqual(['failed', 'connection-lost']);
        else expect(pending, where).toEqual([]);
      } catch (error) {
        // Which ends the command with exit code 7: before it began there is nothing else to tell.
        expect(error, where).toBeInstanceOf(ConnectionLost);
        expect(boundary, where).toBeLessThanOrEqual(points.indexOf('after-lease'));
        ends.add('unreachable');
      }
      await between.close();
      expect((await up(url, files)).failed?.error, where).toBeUndefined();
      expect(await column(url, 'SELECT id FROM t ORDER BY id'), where).toEqual(['1', '2', '3', '4']);
      expect(
        await column(url, `SELECT migration_id FROM _migration_history WHERE status = 'applied' ORDER BY id`),
        where,
      ).toEqual(['001', '002', '003']);
      expect(await column(url, `SELECT 1 FROM _migration_history WHERE status = 'running'`), where).toEqual(
        [],
      );
      expect(
        await column(url, `SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass`),
        where,
      ).toEqual(['t']);
      const connection = await session(url);
      expect(await verifyAudit(connection, systemTables('public'), undefined), where).toMatchObject({
        whole: true,
      });
      await connection.close();
    });
    expect([...ends].sort()).toEqual(['applied', 'connection-lost', 'unreachable']);
  });
});
