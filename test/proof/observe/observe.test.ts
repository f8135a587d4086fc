import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/engine/connection.ts';
import { connectTo } from '../../postgres/connection.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type BuiltChamber, buildChamberIn } from '../embedded/chambers.ts';
import { begin, locksOf, observed, scansOf } from './observed.ts';

interface Place {
  readonly name: string;
  /** Undefined: it is not on this machine. */
  readonly open:
    | (() => Promise<{ session: Connection; server?: PostgresServer; chamber?: BuiltChamber }>)
    | undefined;
}

async function onServer(binaries?: string): Promise<{ session: Connection; server: PostgresServer }> {
  const server = await startPostgres(binaries);
  return { session: await connectTo(server.connectionString), server };
}

async function inChamber(): Promise<{ session: Connection; chamber: BuiltChamber }> {
  const chamber = await buildChamberIn();
  return { session: await chamber.open(), chamber };
}

const fifteen = installedBinaries(15);
const places: readonly Place[] = [
  { name: 'embedded', open: inChamber },
  { name: 'PostgreSQL 18', open: () => onServer() },
  { name: 'PostgreSQL 15', open: fifteen === undefined ? undefined : () => onServer(fifteen) },
];

describe.each(places)('in $name', ({ open }) => {
  if (!open) {
    test('statements are observed', ({ skip }) => skip('PostgreSQL 15 is not installed on this machine'));
    return;
  }
  let session: Connection;
  let server: PostgresServer | undefined;
  let chamber: BuiltChamber | undefined;
  beforeAll(async () => {
    ({ session, server, chamber } = await open());
  });
  beforeEach(() => begin(session));
  afterAll(async () => {
    await session.close();
    await server?.stop();
    await chamber?.remove();
  });

  test('a lock is told with the statement that takes it first, and again when it becomes stronger', async () => {
    const { statements } = await observed(
      session,
      `SELECT * FROM users; ALTER TABLE users VALIDATE CONSTRAINT users_age_check;
       ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int`,
    );
    expect(statements.map(locksOf)).toEqual([
      ['users AccessShare'],
      ['users ShareUpdateExclusive'],
      ['users AccessExclusive'],
      [],
    ]);
    expect(statements[2]?.locks[0]?.blocks).toEqual(['select', 'insert', 'update', 'delete', 'ddl']);
  });

  test('partitions, referenced tables and a single index are locked too, new tables are not told', async () => {
    const { statements } = await observed(
      session,
      `ALTER TABLE events ADD COLUMN a int; CREATE TABLE mine (team int REFERENCES teams);
       ALTER TABLE mine ADD COLUMN a int; REINDEX INDEX users_age`,
    );
    expect(statements.map(locksOf)).toEqual([
      ['events AccessExclusive', 'events_1 AccessExclusive'],
      ['teams ShareRowExclusive'],
      [],
      ['users_age AccessExclusive', 'users Share'],
    ]);
  });

  test('a rewrite is told from TRUNCATE, a widened varchar, and the indexes that are built again alone', async () => {
    const { statements } = await observed(
      session,
      `ALTER TABLE users ALTER email TYPE varchar(20); REINDEX INDEX users_age;
       ALTER TABLE users ALTER age TYPE bigint; TRUNCATE users; DO $$ BEGIN TRUNCATE teams; END $$;
       ALTER TABLE events ADD COLUMN a text DEFAULT random()::text; REFRESH MATERIALIZED VIEW totals`,
    );
    expect(statements.map(({ rewrites }) => rewrites)).toEqual([
      [],
      ['public.users_age'],
      ['public.users'],
      [],
      [],
      ['public.events_1'],
      ['public.totals'],
    ]);
    expect(statements.slice(0, 5).flatMap(({ created, dropped }) => [...created, ...dropped])).toEqual([]);
    expect(statements[4]?.scans).toEqual([]);
  });

  test('the scans of DDL are counted with the rows they read', async () => {
    const { statements } = await observed(
      session,
      `ALTER TABLE users ADD CHECK (age < 1000); ALTER TABLE users ALTER email SET NOT NULL;
       ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams NOT VALID;
       ALTER TABLE users VALIDATE CONSTRAINT users_team_fkey; CREATE INDEX ON users (team);
       CREATE INDEX ON events (what); ALTER TABLE users ADD COLUMN a int DEFAULT 3`,
    );
    expect(statements.map(scansOf)).toEqual([
      ['users 100'],
      ['users 100'],
      [],
      ['teams 100', 'users 100'],
      ['users 100'],
      ['events_1 20'],
      [],
    ]);
  });

  test('few rows do not make a change by key a scan, and rows are counted', async () => {
    const { statements } = await observed(
      session,
      `UPDATE users SET team = 1 WHERE id = 3; UPDATE users SET team = 1; DELETE FROM users WHERE email = 'y';
       DO $$ BEGIN UPDATE teams SET name = 'y' WHERE id < 11; END $$; INSERT INTO empty VALUES (1), (2)`,
    );
    expect(statements.map(scansOf)).toEqual([[], ['users 100'], ['users 100'], [], []]);
    expect(statements.map(({ rows }) => rows)).toEqual([1, 100, 0, 10, 2]);
  });

  test('what is created, dropped and altered is named without its parts', async () => {
    const { statements } = await observed(
      session,
      `CREATE TABLE orders (id int PRIMARY KEY, team int REFERENCES teams); CREATE INDEX ON orders (team);
       DROP TABLE users; ALTER TABLE empty RENAME TO void; DROP FUNCTION one(int); DROP TYPE mood;
       CREATE SCHEMA evil; CREATE DOMAIN evil.short AS text CHECK (length(VALUE) < 9);
       CREATE OR REPLACE VIEW names AS SELECT id, name FROM teams; DROP SCHEMA evil CASCADE;
       ALTER TABLE teams ADD COLUMN a int, DROP COLUMN name CASCADE; CREATE TEMP TABLE passing (a int)`,
    );
    expect(statements.map(({ created, dropped, altered = [] }) => ({ created, dropped, altered }))).toEqual([
      { created: ['table public.orders'], dropped: [], altered: [] },
      { created: ['index public.orders_team_idx'], dropped: [], altered: [] },
      { created: [], dropped: ['table public.users'], altered: [] },
      { created: [], dropped: [], altered: ['table public.empty'] },
      { created: [], dropped: ['function public.one(integer)'], altered: [] },
      { created: [], dropped: ['enum public.mood'], altered: [] },
      { created: ['schema evil'], dropped: [], altered: [] },
      { created: ['constraint evil.short.short_check', 'domain evil.short'], dropped: [], altered: [] },
      { created: ['column public.names.name'], dropped: [], altered: ['view public.names'] },
      {
        created: [],
        dropped: ['constraint evil.short.short_check', 'domain evil.short', 'schema evil'],
        altered: [],
      },
      {
        created: ['column public.teams.a'],
        dropped: ['column public.teams.name', 'view public.names'],
        altered: [],
      },
      { created: ['table pg_temp.passing'], dropped: [], altered: [] },
    ]);
  });

  test('outside of a transaction locks are seen all the same, or said to be known from the statement', async () => {
    const { statements, result } = await observed(
      session,
      `ALTER TABLE users ADD COLUMN a int; CREATE INDEX CONCURRENTLY i ON users (team);
       BEGIN; ALTER TABLE users ADD COLUMN b int; UPDATE users SET team = 2; COMMIT;
       ALTER TABLE users ADD COLUMN c int; DROP INDEX CONCURRENTLY i; LOCK TABLE users`,
      { transaction: false },
    );
    expect(statements.map(locksOf)).toEqual([
      ['users AccessExclusive'],
      ['users ShareUpdateExclusive static'],
      [],
      ['users AccessExclusive'],
      [],
      [],
      ['users AccessExclusive'],
      ['users ShareUpdateExclusive static'],
      [],
    ]);
    expect(statements[1]).toMatchObject({
      created: ['index public.i'],
      scans: [{ relation: 'public.users', rows: 200 }],
    });
    expect(statements[7]?.dropped).toEqual(['index public.i']);
    // Being looked at does not make it run.
    expect(result).toMatchObject({ status: 'failed', undone: false, error: { code: '25P01' } });
  });

  test('a deferred constraint fails the statement that broke it, and what ran before it stays', async () => {
    await session.run(
      'ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams DEFERRABLE INITIALLY DEFERRED',
    );
    const { result, statements } = await observed(
      session,
      'ALTER TABLE users ADD COLUMN a int; UPDATE users SET team = 1000; ALTER TABLE users ADD COLUMN b int',
      { transaction: false },
    );
    expect(result).toMatchObject({ status: 'failed', undone: false, error: { code: '23503' } });
    expect(statements.map(({ error }) => error !== undefined)).toEqual([false, true]);
    await session.run('SELECT a FROM users');
  });

  test('looking does not come before SET TRANSACTION, and ROLLBACK TO is followed', async () => {
    const { result, statements } = await observed(
      session,
      `SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SAVEPOINT s; ALTER TABLE teams ADD COLUMN a int;
       ROLLBACK TO s; ALTER TABLE teams ADD COLUMN b int`,
    );
    expect(result.status).toBe('done');
    expect(statements[4]).toMatchObject({ created: ['column public.teams.b'] });
    expect(statements.map(locksOf)[4]).toEqual(['teams AccessExclusive']);
  });

  test('functions of the same name that are looked up first do not answer', async () => {
    await session.run(`CREATE SCHEMA evil;
      CREATE FUNCTION evil.json_build_object(VARIADIC text[]) RETURNS json LANGUAGE sql AS $$ SELECT '{}'::json $$;
      CREATE FUNCTION evil.age(xid) RETURNS int LANGUAGE sql AS 'SELECT 1000'`);
    const { result, statements } = await observed(
      session,
      `SET search_path = evil, public, pg_catalog; ALTER TABLE users ALTER age TYPE bigint; CREATE TABLE here (a int)`,
    );
    expect(result.status).toBe('done');
    expect(statements[1]?.rewrites).toEqual(['public.users']);
    expect(statements[2]?.created).toEqual(['table evil.here']);
  });
});
