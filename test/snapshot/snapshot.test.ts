import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSizes } from '../../src/configuration/sizes.ts';
import type { Connection } from '../../src/engine/connection.ts';
import { connectPostgres } from '../../src/engine/postgres-connection.ts';
import { runProgram } from '../../src/program.ts';
import { isHeld, snapshotOf } from '../../src/proof/base/snapshot.ts';
import { readApplied } from '../../src/snapshot/applied.ts';
import { findPgDumps, fitting, withoutNoise } from '../../src/snapshot/pg-dump.ts';
import { loadPostgresParser, parsePostgres } from '../../src/sql/postgres/parser.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../postgres/server.ts';

const MAJOR = 15;
const binaries = installedBinaries(MAJOR);
const NO_PG_DUMP = 'Debian’s PostgreSQL 15 is not installed, and the one of npm has no pg_dump';
const folder = mkdtempSync(join(tmpdir(), 'airlock-snapshot-'));
let postgres: PostgresServer | undefined;
let session: Connection;

beforeAll(async () => {
  await loadPostgresParser();
  postgres = await startPostgres(binaries);
  session = await connectPostgres({ url: postgres.connectionString }, { longestRequest: 10_000 });
  await session.run(
    `CREATE ROLE reader; CREATE SCHEMA shop;
     CREATE TABLE public.users (id int PRIMARY KEY, email text UNIQUE);
     INSERT INTO public.users SELECT g, 'secret-person-' || g FROM generate_series(1, 5000) g;
     CREATE TABLE shop.orders (id int, at date) PARTITION BY RANGE (at);
     CREATE TABLE shop.orders_1 PARTITION OF shop.orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
     INSERT INTO shop.orders SELECT g, '2026-02-03' FROM generate_series(1, 700) g;
     CREATE TABLE never_counted (id int);
     CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
     INSERT INTO schema_migrations VALUES ('20260101000000'), ('20260102000000');
     GRANT SELECT ON public.users TO reader`,
  );
  await session.run('ANALYZE public.users');
  await session.run('ANALYZE shop.orders_1');
});
afterAll(async () => {
  await session.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function airlock(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runProgram(words, {
    cwd: folder,
    env: { PATH: process.env['PATH'], PRODUCTION_DATABASE_URL: postgres?.connectionString },
    print: (text) => {
      out += text;
    },
    printError: (text) => {
      err += text;
    },
    colour: false,
    width: 100,
    now: () => new Date('2026-03-04T05:06:07Z'),
    log: () => undefined,
    interruption: () => new AbortController().signal,
    chamber: '',
  });
  return { code, out, err };
}

describe('airlock snapshot', () => {
  it('writes schema and sizes in one file, and nothing of the data', async ({ skip }) => {
    skip(binaries === undefined, NO_PG_DUMP);
    const { code, out, err } = await airlock('snapshot', '--env', 'production', '-o', 'db.sql');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('shadow: { snapshot: db.sql }');
    const text = readFileSync(join(folder, 'db.sql'), 'utf8');
    expect(text).not.toMatch(/secret-person|restrict|COPY|Owner: postgres;.*ALTER TABLE/);
    expect(text).not.toContain(new URL(postgres?.connectionString ?? '').password);
    expect(text).toContain('GRANT SELECT ON TABLE public.users TO reader');
    const sizes = parseSizes(text, 'db.sql');
    if (!sizes.ok) throw new Error(JSON.stringify(sizes.problems));
    expect(sizes.target.major).toBe(MAJOR);
    expect(sizes.target.tables.get('public.users')).toEqual({ rows: 5000, bytes: expect.any(Number) });
    expect(sizes.target.tables.get('public.users')?.bytes).toBeGreaterThan(100_000);
    expect(sizes.target.tables.get('shop.orders')?.rows).toBe(700);
    expect(sizes.target.tables.get('public.never_counted')).toEqual({ bytes: 0 });
    expect(text).toContain('"lastAnalyze": "20');
    expect(text).toContain('"takenAt": "2026-03-04T05:06:07.000Z"');
  });

  it('holds no passwords: those of other servers are left out, those in functions taken out', async ({
    skip,
  }) => {
    skip(binaries === undefined, NO_PG_DUMP);
    await session.run(
      `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
       CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS ("user" 'u', password 'hidden;in-''mapping)');
       CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'postgres://u:hidden-in-function@h/db' || 'host=h user=u password=hidden-in-string' $$;
       CREATE TABLE kinds (auth_method text, CHECK (auth_method <> 'API_KEY'::text OR auth_method = 'password'::text));
       CREATE TABLE after_all (i int)`,
    );
    const { code, err } = await airlock('snapshot', '--env', 'production', '-o', 'db.sql');
    const text = readFileSync(join(folder, 'db.sql'), 'utf8');
    await session.run(
      'DROP SERVER far CASCADE; DROP FUNCTION f(); DROP TABLE after_all, kinds; DROP FOREIGN DATA WRAPPER w',
    );
    expect(code).toBe(0);
    expect(err).toContain('what looks like a password');
    expect(text).not.toMatch(/hidden/);
    expect(text).not.toMatch(/^CREATE USER MAPPING/m);
    expect(text).toContain('CREATE TABLE public.after_all');
    expect(text).toContain('CREATE SERVER far');
    expect(text).toContain("'API_KEY'::text");
  });

  it('is the same when it is taken again', async ({ skip }) => {
    skip(binaries === undefined, NO_PG_DUMP);
    await airlock('snapshot', '--env', 'production', '-o', 'one.sql');
    await airlock('snapshot', '--env', 'production', '-o', 'other.sql');
    expect(readFileSync(join(folder, 'other.sql'), 'utf8')).toBe(
      readFileSync(join(folder, 'one.sql'), 'utf8'),
    );
  });

  it('says which migrations are in it', async ({ skip }) => {
    skip(binaries === undefined, NO_PG_DUMP);
    await airlock('snapshot', '--env', 'production', '-o', 'db.sql');
    const text = readFileSync(join(folder, 'db.sql'), 'utf8');
    const read = snapshotOf(new SourceFile('db.sql', text), parsePostgres);
    if (!read.ok) throw new Error(read.problem);
    expect(read.snapshot.history).toEqual({
      table: 'public.schema_migrations',
      applied: ['20260101000000', '20260102000000'],
    });
    expect(read.snapshot.piece.sql.errors).toEqual([]);
    expect(isHeld(read.snapshot.history, '20260102000000', true)).toBe(true);
    expect(isHeld(read.snapshot.history, '20260103000000', false)).toBe(false);
  });

  it('says what is missing: the variable, a pg_dump that is new enough, a server', async () => {
    expect(await airlock('snapshot', '--env', 'staging', '-o', 'x.sql')).toMatchObject({
      code: 2,
      err: expect.stringContaining('STAGING_DATABASE_URL is not set'),
    });
    const url = 'postgres://u:hunter2-hidden@127.0.0.1:1/x';
    const unreachable = await airlock('snapshot', '--url', url, '-o', 'x.sql');
    expect(unreachable.code).toBe(7);
    expect(unreachable.err).toContain('cannot be reached');
    expect(unreachable.err).not.toContain('hunter2');
    expect(fitting([{ path: '/a', major: 14 }], 16)).toBeUndefined();
    expect(
      fitting(
        [
          { path: '/a', major: 16 },
          { path: '/b', major: 18 },
        ],
        16,
      )?.path,
    ).toBe('/a');
  });
});

describe('the history of a target', () => {
  it.each([
    [
      'CREATE TABLE schema_migrations (version bigint, dirty bool); INSERT INTO schema_migrations VALUES (12, true)',
      { table: 'h.schema_migrations', upTo: '11' },
      [
        ['000011', true],
        ['12', false],
      ],
    ],
    [
      `CREATE TABLE _migration_history (migration_id text, status text); INSERT INTO _migration_history VALUES ('001', 'applied'), ('002', 'rolled_back')`,
      { table: 'h._migration_history', applied: ['001'] },
      [
        ['001', true],
        ['002', false],
      ],
    ],
    [
      `CREATE TABLE __diesel_schema_migrations (version text); INSERT INTO __diesel_schema_migrations VALUES ('20260101000000')`,
      { table: 'h.__diesel_schema_migrations', applied: ['20260101000000'] },
      [['2026-01-01-000000', true]],
    ],
    [
      `CREATE TABLE goose_db_version (id serial, version_id bigint, is_applied bool);
       INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (2, false)`,
      { table: 'h.goose_db_version', applied: ['1'] },
      [
        ['00001', true],
        ['00002', false],
      ],
    ],
    [
      `CREATE TABLE flyway_schema_history (version text, success bool); INSERT INTO flyway_schema_history VALUES ('1.2', true), (NULL, true), ('12', false)`,
      { table: 'h.flyway_schema_history', applied: ['1.2'] },
      [
        ['1.2', true],
        ['12', false],
      ],
    ],
    ['CREATE TABLE nothing (i int)', undefined, [['1', true]]],
  ] as const)('is read where the tool keeps it: %s', async (sql, applied, held) => {
    await session.run('DROP TABLE IF EXISTS public.schema_migrations');
    await session.run('DROP SCHEMA IF EXISTS h CASCADE; CREATE SCHEMA h; SET search_path = h');
    await session.run(sql);
    const found = await readApplied(session);
    expect(found).toEqual(applied);
    for (const [id, there] of held)
      expect([
        id,
        isHeld(found && { ...found, applied: found.applied && [...found.applied] }, id, false),
      ]).toEqual([id, there]);
    await session.run('RESET search_path');
  });
});

describe('what a dump says', () => {
  it('loses the lines that differ at each dump, and settings of newer servers', () => {
    const dump =
      '--\n\\restrict aB3\n\n-- Dumped from database version 16.4\n-- Dumped by pg_dump version 18.1\n\nSET transaction_timeout = 0;\nSET lock_timeout = 0;\nCREATE TABLE t (i int);\n\\unrestrict aB3\n';
    expect(withoutNoise(dump)).toBe('--\n\nSET lock_timeout = 0;\nCREATE TABLE t (i int);\n');
  });

  it('is a snapshot only with the comment that tells its version', () => {
    const read = snapshotOf(new SourceFile('x.sql', '-- PostgreSQL database dump\nSELECT 1;'), parsePostgres);
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining('airlock snapshot') });
    writeFileSync(join(folder, 'bad.sql'), '');
    const wrong = parseSizes(
      '-- Airlock snapshot 1\n-- @sizes {\n--   "tables": { "t": { "rows": "many" } }\n-- }\n',
      'x.sql',
    );
    expect(wrong).toMatchObject({ ok: false, problems: [{ line: 3, column: 33 }] });
  });
});

it('finds the programs of this machine, without the wrapper of Debian', async () => {
  const found = await findPgDumps(binaries === undefined ? [] : ['/usr/bin', binaries]);
  expect(found.map(({ path }) => path)).toEqual(binaries === undefined ? [] : [join(binaries, 'pg_dump')]);
});
