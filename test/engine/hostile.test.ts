import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readHistory } from '../../src/engine/history.ts';
import { installSystemTables } from '../../src/engine/install.ts';
import { closeRun } from '../../src/engine/open.ts';
import { repairOf, runRepairs } from '../../src/engine/repair.ts';
import { judgeStanding } from '../../src/migration/standing.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, down, freshDatabase, opening, prepared, refused, up } from './engine-room.ts';
import { start } from './processes.ts';

let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  url = await freshDatabase(postgres.connectionString);
});

describe('names that nobody would give a migration', () => {
  it.each([
    `1'); DROP TABLE _migration_history; --`,
    '2 $$ $a$ "double" \\backslash\\',
    '3\nnew line',
    '4 ‮rtl⁦',
    '5 \\u0000 \ud800 lone',
    '6 nul \u0000 end',
  ])('%j is recorded as it is', async (name) => {
    const files = { [`${name}.sql`]: '-- UP\nCREATE TABLE t (id int);\n-- DOWN\nDROP TABLE t;\n' };
    const { executions, failed } = await up(url, files);
    expect(failed).toBeUndefined();
    expect(executions).toHaveLength(1);
    const [recorded] = await column(url, 'SELECT migration_id || name FROM _migration_history');
    const [told] = executions;
    // What a text column cannot hold becomes a character that says so.
    expect(recorded).toBe(`${told?.migrationId}${told?.name}`.replaceAll('\0', '\ufffd').toWellFormed());
    expect((await up(url, files)).executions).toEqual([]);
    expect((await down(url, files)).executions).toMatchObject([{ status: 'rolled-back' }]);
    expect((await up(url, files)).failed).toBeUndefined();
  });
});

const OWNER = `owner_of_${Date.now()}`;

describe('a migration that leaves its session in a strange state', () => {
  it.each([
    ['an empty search path', `SET search_path = ''; CREATE TABLE public.t (id int);`],
    [
      'a search path with functions of its own',
      `CREATE SCHEMA evil; CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT NULL::timestamptz $$; SET search_path = evil, pg_catalog, public; CREATE TABLE public.t (id int);`,
    ],
    [
      'another role',
      `CREATE ROLE ${OWNER}; SET ROLE ${OWNER}; RESET ROLE; CREATE TABLE t (id int); SET LOCAL ROLE pg_monitor;`,
    ],
    ['replica triggers', `SET session_replication_role = replica; CREATE TABLE t (id int);`],
    ['strings of old', `SET standard_conforming_strings = off; CREATE TABLE t (id int);`],
    ['another isolation', `SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; CREATE TABLE t (id int);`],
    [
      'another date style',
      `SET DateStyle = 'German, DMY'; SET TimeZone = 'Asia/Kolkata'; CREATE TABLE t (id int);`,
    ],
  ])('%s: it is recorded all the same', async (_, sql) => {
    const { failed } = await up(url, {
      '001_strange.sql': `-- UP\n${sql}\n`,
      "002_it's.sql": '-- UP\nSELECT 1;\n',
    });
    expect(failed?.error).toBeUndefined();
    expect(await column(url, 'SELECT status FROM _migration_history')).toEqual(['applied', 'applied']);
    expect(await column(url, `SELECT to_regclass('public.t')`)).toEqual(['t']);
  });
});

describe('a database that is not as it was left', () => {
  it('with a newer system schema is refused', async () => {
    await up(url, {});
    await refused(
      url,
      `INSERT INTO _migration_versions (kind, version, name, tool_version) VALUES ('system', '99', 'later', '9.0.0')`,
    );
    expect(await opening(url)).toMatchObject({ ok: false, because: 'newer-schema', installed: 99 });
  });

  it('where nobody may create tables says so', async () => {
    await refused(url, `CREATE ROLE poor_${Date.now() % 100000} LOGIN PASSWORD 'x'`);
    const [role] = await column(
      url,
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'poor%' ORDER BY oid DESC`,
    );
    const poor = new URL(url);
    poor.username = role ?? '';
    poor.password = 'x';
    expect(await opening(poor.href)).toMatchObject({ ok: false, because: 'not-installed' });
  });

  it('takes its tables in a schema of their own, which is made', async () => {
    const opened = await opening(url, { systemSchema: 'Air "lock"' });
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    expect(
      await installSystemTables(opened.run.sessions.keeper, opened.run.tables, {
        who: opened.run.who,
        audit: opened.run.audit,
        pooled: false,
      }),
    ).toBe(1);
    await opened.run.lease.release();
    await opened.run.sessions.close();
    expect(await column(url, `SELECT count(*) FROM pg_tables WHERE schemaname = 'Air "lock"'`)).toEqual([
      '6',
    ]);
    expect(await column(url, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`)).toEqual(['0']);
    expect(await refused(url, `SELECT * FROM "Air ""lock""".validate_migration_dependencies('x')`)).toBe(
      'it was done',
    );
  });

  it('where somebody deleted a row of the history by hand is taken as it says', async () => {
    const files = { '001_table.sql': '-- UP\nCREATE TABLE IF NOT EXISTS t (id int);\n' };
    await up(url, files);
    await refused(url, 'DELETE FROM _migration_history');
    expect((await up(url, files)).executions).toMatchObject([{ status: 'applied' }]);
  });
});

describe('a statement that was cut off and leaves no trace', () => {
  const FILES = {
    '001_apart.sql':
      '-- @no-transaction\n-- UP\nCREATE TABLE t (id int);\nCREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;\nCALL fill();\nINSERT INTO t VALUES (2);\n',
  };

  it('is not run again by a guess; a repair that says what became of it lets the run go on', async () => {
    const points: string[] = [];
    await up(await freshDatabase(postgres.connectionString), FILES, {
      at: async (point) => void points.push(point),
    });
    // Killed when the CALL was done and nobody had written that down.
    const killed = await (
      await start({
        url,
        files: FILES,
        at: { boundary: points.indexOf('before-done'), signal: 'SIGKILL' },
      })
    ).ended;
    expect(killed.signal, killed.errors).toBe('SIGKILL');
    const outcome = await up(url, FILES);
    expect(outcome.failed).toMatchObject({ halt: 'not-known' });
    expect(outcome.failed?.error).toContain('statement 3 (line 5)');
    expect(await column(url, 'SELECT id FROM t')).toEqual(['1']);
    const opened = await opening(url);
    if (!opened.ok) throw new Error(opened.because);
    const { run } = opened;
    const rows = await readHistory(run.sessions.keeper, run.tables);
    const all = await prepared(FILES);
    const [stood] = judgeStanding(all, rows).all;
    const [row] = rows;
    if (!stood || !row) throw new Error('the history is empty');
    expect(repairOf({ stood, row, prepared: all[0], statement: undefined })).toBeUndefined();
    const repair = repairOf({ stood, row, prepared: all[0], statement: 'done' });
    await runRepairs(run, repair ? [repair] : []);
    await closeRun(run);
    expect((await up(url, FILES)).failed).toBeUndefined();
    expect(await column(url, 'SELECT id FROM t ORDER BY id')).toEqual(['1', '2']);
    expect(await column(url, 'SELECT status FROM _migration_history ORDER BY id')).toEqual([
      'failed',
      'applied',
    ]);
  });
});
