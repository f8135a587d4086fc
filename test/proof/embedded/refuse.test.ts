import { beforeAll, describe, expect, it } from 'vitest';
import { refusals } from '../../../src/proof/embedded/refuse.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';

beforeAll(loadPostgresParser);

function refused(sql: string): { text: string; reason: string }[] {
  const { statements, errors } = parsePostgres(sql);
  expect(errors).toEqual([]);
  return refusals(statements, sql).map(({ span, reason }) => ({
    text: sql.slice(span.start, span.end),
    reason,
  }));
}

const FILES = 'reads or writes outside of the database';
const DISK = "COPY reads or writes a file on the server's disk";
const NATIVE = 'brings native code into the server';
const CONNECTS = 'connects to another server';

describe('what is refused before it reaches an embedded chamber', () => {
  it.each([
    ["LOAD '/tmp/x.so'", NATIVE],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE C AS 'x', 'y'", NATIVE],
    ["CREATE FUNCTION f(cstring) RETURNS int LANGUAGE internal AS 'int4in'", NATIVE],
    ['CREATE LANGUAGE l HANDLER h', NATIVE],
    ["COPY t FROM PROGRAM 'cat'", 'COPY … PROGRAM runs a program on the server'],
    ["COPY t FROM '/etc/passwd'", DISK],
    ["COPY (SELECT 1) TO '/tmp/x'", DISK],
    ["SELECT pg_read_file('/etc/passwd')", FILES],
    ["INSERT INTO t SELECT pg_catalog.pg_read_binary_file('x')", FILES],
    ["CREATE VIEW v AS SELECT * FROM pg_ls_dir('/')", FILES],
    ["ALTER TABLE t ADD COLUMN c text DEFAULT pg_read_file('x')", FILES],
    ["SELECT lo_import('/etc/passwd')", FILES],
    ["SELECT lo_export(1, '/tmp/x')", FILES],
    ["SELECT * FROM dblink('host=x', 'SELECT 1') AS d(a int)", FILES],
    ["SELECT ext.dblink_connect('host=x')", FILES],
    ["ALTER SYSTEM SET work_mem = '1MB'", 'ALTER SYSTEM changes the server'],
    ['SET SESSION AUTHORIZATION airlock_superuser', 'would become a superuser'],
    ['SET ROLE airlock_superuser', 'would become a superuser'],
    ["SELECT set_config('role', 'airlock_superuser', false)", 'would become a superuser'],
    ['CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw', 'reaches other servers'],
    ['IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b', CONNECTS],
    ["CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p", CONNECTS],
    ["CREATE TABLESPACE t LOCATION '/x'", "uses the server's disk"],
    ['UPDATE pg_authid SET rolsuper = true', 'the system catalog pg_authid is written to'],
    ['UPDATE pg_catalog.pg_attribute SET attnotnull = true', 'the system catalog pg_attribute is written to'],
    ['DELETE FROM pg_enum', 'the system catalog pg_enum is written to'],
    [
      'WITH gone AS (DELETE FROM pg_depend RETURNING 1) SELECT 1',
      'the system catalog pg_depend is written to',
    ],
  ])('%s', (sql, reason) => {
    const found = refused(sql);
    expect(found).toHaveLength(1);
    expect(found[0]?.reason).toContain(reason);
    expect(found[0]?.reason).toMatch(/not run in a shadow database$/);
  });

  it('in a DO block, at the statement inside', () => {
    const sql = "DO $$ BEGIN PERFORM 1; COPY t FROM '/etc/passwd'; END $$";
    expect(refused(sql)).toEqual([
      { text: expect.stringContaining('COPY t FROM'), reason: expect.stringContaining(DISK) },
    ]);
  });

  it('in the body of a function', () => {
    const sql = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('x') $$";
    expect(refused(sql)[0]?.reason).toContain(FILES);
  });

  it.each([
    ["EXECUTE 'LOAD ''x.so'''", NATIVE],
    ["EXECUTE 'COPY t FROM PROGRAM ' || quote_literal(command)", 'COPY … PROGRAM'],
    ["EXECUTE format('COPY %I FROM %L', name, path)", DISK],
    ["EXECUTE 'SELECT pg_read_file(' || path || ')'", FILES],
    ["EXECUTE 'ALTER SYSTEM SET ' || name || ' = 1'", 'ALTER SYSTEM'],
    ["EXECUTE 'SET SESSION AUTHORIZATION airlock_superuser'", 'would become a superuser'],
  ])('in a text that is put together: %s', (statement, reason) => {
    const sql = `DO $$ DECLARE name text; path text; command text; BEGIN ${statement}; END $$`;
    expect(
      refused(sql)
        .map((each) => each.reason)
        .join(),
    ).toContain(reason);
  });
});

describe('what is not refused', () => {
  it.each([
    'COPY t FROM stdin',
    'COPY t TO stdout',
    'CREATE EXTENSION IF NOT EXISTS pgcrypto',
    'CREATE EXTENSION "uuid-ossp" WITH SCHEMA public',
    'CREATE EXTENSION plpgsql',
    'SET ROLE app',
    'RESET ROLE',
    "SELECT set_config('search_path', '', false)",
    'SELECT * FROM pg_class',
    'UPDATE pg_things SET a = 1',
    'UPDATE app.pg_class SET a = 1',
    "SELECT lo_from_bytea(0, 'x')",
    'SELECT app.pg_read_file(1)',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'load'); EXECUTE 'CREATE TABLE copy_of (language text)'; END $$",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE 'ALTER TABLE ' || r || ' SET (x = 1)'; END LOOP; END $$",
  ])('%s', (sql) => {
    expect(refused(sql)).toEqual([]);
  });
});
