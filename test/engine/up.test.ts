import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/engine/audit-log.ts';
import { systemTables } from '../../src/engine/system-tables.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, down, freshDatabase, refused, session, up } from './engine-room.ts';

let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  url = await freshDatabase(postgres.connectionString);
});

const BOOKS =
  "-- UP\nCREATE TABLE books (id int PRIMARY KEY);\n-- DOWN\nDROP TABLE books;\n-- VERIFY\nSELECT 1 / count(*) FROM pg_tables WHERE tablename = 'books';\n";
const TITLE =
  '-- UP\nALTER TABLE books ADD COLUMN title text;\n-- DOWN\nALTER TABLE books DROP COLUMN title;\n';
const INDEX =
  "-- UP\nCREATE INDEX CONCURRENTLY books_title ON books (title);\nINSERT INTO books VALUES (1, 'x');\n-- DOWN\nDROP INDEX CONCURRENTLY IF EXISTS books_title;\n";
const FILES = { '001_books.sql': BOOKS, '002_title.sql': TITLE, '003_index.sql': INDEX };

async function chain(): Promise<unknown> {
  const connection = await session(url);
  const found = await verifyAudit(connection, systemTables('public'), undefined);
  await connection.close();
  return found;
}

describe('an up on an empty database', () => {
  it('installs the system tables, runs every migration once, and writes down what it did', async () => {
    const { executions, failed } = await up(url, FILES);
    expect(failed).toBeUndefined();
    expect(executions.map(({ migrationId, status }) => [migrationId, status])).toEqual([
      ['001', 'applied'],
      ['002', 'applied'],
      ['003', 'applied'],
    ]);
    expect(
      await column(
        url,
        `SELECT concat_ws(' ', migration_id, name, status, statements_done, transactional) FROM _migration_history ORDER BY id`,
      ),
    ).toEqual(['001 books applied 1 t', '002 title applied 1 t', '003 index applied 2 f']);
    expect(await column(url, 'SELECT count(*) FROM books')).toEqual(['1']);
    expect(await column(url, 'SELECT action FROM _migration_audit_log ORDER BY id')).toEqual([
      'system-installed',
      'up',
      'up',
      'up-begun',
      'up',
    ]);
    expect(await chain()).toEqual({ whole: true, rows: 5, unproven: 0 });
    expect(await column(url, 'SELECT 1 FROM _migration_locks')).toEqual([]);
    const again = await up(url, FILES);
    expect(again).toEqual({ executions: [], rolledBack: [], pending: [] });
  });

  it('answers the queries of the guide as they are written', async () => {
    await up(url, FILES);
    for (const sql of [
      `SELECT name, AVG(duration_ms) AS avg_duration, MAX(duration_ms), COUNT(*) FROM _migration_history GROUP BY name`,
      `SELECT * FROM _migration_history WHERE status = 'failed' ORDER BY applied_at DESC`,
      'SELECT * FROM _migration_locks WHERE expires_at > NOW()',
      `DELETE FROM _migration_locks WHERE lock_name = 'migration_lock'`,
      `UPDATE _migration_history SET checksum = 'abc' WHERE migration_id = '001'`,
      `SELECT * FROM validate_migration_dependencies('002')`,
    ])
      expect(await refused(url, sql)).toBe('it was done');
  });

  it('keeps an audit log that only grows', async () => {
    await up(url, FILES);
    for (const sql of [
      `UPDATE _migration_audit_log SET actor = 'eve'`,
      'DELETE FROM _migration_audit_log',
      'TRUNCATE _migration_audit_log',
      `SET session_replication_role = replica; DELETE FROM _migration_audit_log`,
    ])
      expect(await refused(url, sql)).toContain('the audit log only grows');
    await refused(
      url,
      'ALTER TABLE _migration_audit_log DISABLE TRIGGER append_only; DELETE FROM _migration_audit_log WHERE id = 2',
    );
    expect(await chain()).toMatchObject({ whole: false, brokenAt: 3 });
  });
});

describe('a migration that fails', () => {
  it('leaves nothing but the row that says so, and runs once it is corrected', async () => {
    const broken = {
      ...FILES,
      '002_title.sql': '-- UP\nALTER TABLE books ADD COLUMN title text;\nSELECT 1 / 0;\n',
    };
    const outcome = await up(url, broken);
    expect(outcome.failed).toMatchObject({ migrationId: '002', halt: 'statement-failed', undone: true });
    expect(outcome.pending.map(({ migration }) => migration.id)).toEqual(['003']);
    expect(
      await column(
        url,
        `SELECT error FROM _migration_history WHERE status = 'failed' ORDER BY applied_at DESC`,
      ),
    ).toEqual(['division by zero (22012)']);
    expect(
      await column(
        url,
        `SELECT attname FROM pg_attribute WHERE attrelid = 'books'::regclass AND attname = 'title'`,
      ),
    ).toEqual([]);
    expect((await up(url, FILES)).executions).toHaveLength(2);
    expect(await chain()).toMatchObject({ whole: true });
  });

  it('is undone where its VERIFY fails', async () => {
    const outcome = await up(url, {
      '001_books.sql': '-- UP\nCREATE TABLE books (id int);\n-- VERIFY\nSELECT 1 / count(*) FROM books;\n',
    });
    expect(outcome.failed).toMatchObject({
      halt: 'verify-failed',
      error: 'VERIFY: division by zero (22012)',
    });
    expect(await column(url, `SELECT to_regclass('books')`)).toEqual([null]);
  });

  it('may not touch the system tables, by whatever statement', async () => {
    await up(url, { '001_books.sql': BOOKS });
    for (const sql of [
      `UPDATE _migration_history SET name = 'x'`,
      'TRUNCATE _migration_rollback_history',
      'DROP TABLE _backup_history',
      `DO $$ BEGIN EXECUTE 'DELETE FROM ' || '_migration_locks'; END $$`,
      'ALTER TABLE _migration_audit_log DISABLE TRIGGER append_only',
      'DROP SCHEMA public CASCADE',
    ]) {
      const outcome = await up(url, { '001_books.sql': BOOKS, '002_bad.sql': `-- UP\n${sql};\n` });
      expect(outcome.failed, sql).toMatchObject({ halt: 'system-tables-written', undone: true });
    }
    expect(await column(url, `SELECT count(*) FROM _migration_history WHERE status = 'applied'`)).toEqual([
      '1',
    ]);
  });

  it('goes on where it stopped, outside of a transaction', async () => {
    const file = (third: string) => ({
      '001_books.sql': `-- @no-transaction\n-- UP\nCREATE TABLE books (id int);\nINSERT INTO books VALUES (1);\n${third};\nINSERT INTO books VALUES (3);\n`,
    });
    const first = await up(url, file('SELECT 1 / 0'));
    expect(first.failed).toMatchObject({ statements: 2, of: 4, undone: false });
    expect(await column(url, 'SELECT id FROM books')).toEqual(['1']);
    expect(
      await column(
        url,
        `SELECT concat_ws(' ', status, statements_done, statements_total) FROM _migration_history`,
      ),
    ).toEqual(['failed 2 4']);
    const second = await up(url, file('INSERT INTO books VALUES (2)'));
    expect(second.failed).toBeUndefined();
    expect(await column(url, 'SELECT id FROM books ORDER BY id')).toEqual(['1', '2', '3']);
    expect(await column(url, 'SELECT status FROM _migration_history ORDER BY id')).toEqual([
      'failed',
      'applied',
    ]);
  });

  it('does not go on where what was done reads otherwise now', async () => {
    const file = (first: string) => ({
      '001_books.sql': `-- @no-transaction\n-- UP\n${first};\nSELECT 1 / 0;\n`,
    });
    await up(url, file('CREATE TABLE books (id int)'));
    const outcome = await up(url, file('CREATE TABLE papers (id int)'));
    expect(outcome.failed).toMatchObject({ halt: 'changed-since' });
    expect(await column(url, `SELECT to_regclass('papers')`)).toEqual([null]);
  });

  it('rolls back what the policy says', async () => {
    const files = { '001_books.sql': BOOKS, '002_title.sql': TITLE, '003_bad.sql': '-- UP\nSELECT 1 / 0;\n' };
    const outcome = await up(url, files, { autoRollback: 'run' });
    expect(outcome.rolledBack.map(({ migrationId, status }) => [migrationId, status])).toEqual([
      ['002', 'rolled-back'],
      ['001', 'rolled-back'],
    ]);
    expect(await column(url, `SELECT to_regclass('books')`)).toEqual([null]);
    expect(
      await column(url, `SELECT concat_ws(' ', migration_id, status) FROM _migration_history ORDER BY id`),
    ).toEqual(['001 rolled_back', '002 rolled_back', '003 failed']);
    expect(await column(url, 'SELECT reason FROM _migration_rollback_history')).toEqual([
      'automatic',
      'automatic',
    ]);
    const kept = await up(url, files, { autoRollback: 'migration' });
    expect(kept.rolledBack).toEqual([]);
    const unwell = await up(
      url,
      { ...files, '003_bad.sql': TITLE.replaceAll('title', 'page') },
      {
        autoRollback: 'migration',
        healthCheck: async () => 'it answered 503',
      },
    );
    expect(unwell).toMatchObject({
      unhealthy: 'it answered 503',
      rolledBack: [{ migrationId: '003', status: 'rolled-back' }],
    });
  });
});

describe('a down', () => {
  it('takes back the newest first, marks its row, and can be applied again', async () => {
    await up(url, FILES);
    const outcome = await down(url, FILES, { steps: 2 });
    expect(outcome.executions.map(({ migrationId, status }) => [migrationId, status])).toEqual([
      ['003', 'rolled-back'],
      ['002', 'rolled-back'],
    ]);
    expect(
      await column(url, `SELECT concat_ws(' ', migration_id, status) FROM _migration_history ORDER BY id`),
    ).toEqual(['001 applied', '002 rolled_back', '003 rolled_back']);
    expect(
      await column(
        url,
        `SELECT concat_ws(' ', migration_id, status, reason) FROM _migration_rollback_history ORDER BY id`,
      ),
    ).toEqual(['003 rolled_back command', '002 rolled_back command']);
    expect((await up(url, FILES)).executions.map(({ status }) => status)).toEqual(['applied', 'failed']);
    expect(await chain()).toMatchObject({ whole: true });
  });

  it('without a down is refused, and recorded only when forced', async () => {
    const files = { '001_books.sql': '-- UP\nCREATE TABLE books (id int);\n' };
    await up(url, files);
    expect((await down(url, files)).failed).toMatchObject({ halt: 'no-down' });
    expect((await down(url, files, { force: true })).executions).toMatchObject([
      { status: 'rolled-back', forced: true },
    ]);
    expect(await column(url, 'SELECT status FROM _migration_rollback_history')).toEqual(['forced']);
    expect(await column(url, `SELECT to_regclass('books')`)).toEqual(['books']);
  });
});
