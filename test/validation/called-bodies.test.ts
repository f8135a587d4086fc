import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/report/result.ts';
import { told } from './told.ts';

const BEFORE = 'migrations/1_before.up.sql';
const FILE = 'migrations/2_change.up.sql';
const USERS = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n';
/** The statement stands on the second line. */
const makes = (head: string, body: string): string =>
  `CREATE ${head} LANGUAGE plpgsql AS $$ BEGIN\n  ${body}\nEND $$;\n`;
const f = (body: string): string => makes('FUNCTION f() RETURNS void', body);

function change(sql: string, before = USERS): Promise<Result> {
  return told(
    {
      'go.mod': 'module example.com/app\n',
      [BEFORE]: before,
      'migrations/1_before.down.sql': 'SELECT 1;\n',
      [FILE]: sql,
      'migrations/2_change.down.sql': 'SELECT 1;\n',
    },
    FILE,
  );
}

/** Lines on which a rule speaks. */
async function lines(rule: string, sql: string, before?: string): Promise<number[]> {
  const { findings } = await change(sql, before);
  return findings.filter(({ ruleId }) => ruleId === rule).map(({ line }) => line);
}

describe('a body in the same file', () => {
  test('is judged where it stands, and the finding names the line of the call', async () => {
    const { findings } = await change(`${f('DROP TABLE users;')}\nSELECT f();\n`);
    const [found] = findings.filter(({ ruleId }) => ruleId === 'drop-table');
    expect([found?.line, found?.column]).toEqual([2, 14]);
    expect(found?.message).toMatch(/ The call on line 5 executes it\.$/);
  });

  test('runs nothing when it is only made, or called by what runs later', async () => {
    for (const sql of [
      '',
      'CREATE VIEW v AS SELECT f();\n',
      'ALTER TABLE users ALTER COLUMN email SET DEFAULT f();\n',
      'EXPLAIN SELECT f();\n',
      'CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ SELECT f() $$;\n',
    ])
      expect(await lines('drop-table', f('DROP TABLE users;') + sql), sql).toEqual([]);
    const trigger = `${makes('FUNCTION f() RETURNS trigger', 'DROP TABLE users;')}CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();\n`;
    expect(await lines('drop-table', trigger)).toEqual([]);
  });

  test.each([
    'SELECT f();',
    'SELECT * FROM public.f();',
    'DO $do$ BEGIN PERFORM f(); END $do$;',
    "DO $do$ BEGIN EXECUTE 'SELECT f()'; END $do$;",
    "DO $do$ BEGIN EXECUTE 'SELECT ' || 'f()'; END $do$;",
    'DO $do$ DECLARE a text := f(); BEGIN END $do$;',
    "INSERT INTO users SELECT 1, '' FROM f();",
    'UPDATE users SET email = f() WHERE id = 1;',
    'CREATE TABLE other AS SELECT f() AS id;',
    'ALTER TABLE users ADD COLUMN note text DEFAULT f();',
    'EXPLAIN ANALYZE SELECT f();',
    'PREPARE p AS SELECT f(); EXECUTE p;',
    'WITH a AS (SELECT f()) SELECT * FROM a;',
    'ALTER FUNCTION f() RENAME TO g; SELECT g();',
    'CREATE SCHEMA app; ALTER FUNCTION f() SET SCHEMA app; ALTER SCHEMA app RENAME TO b; SELECT b.f();',
    'DROP FUNCTION IF EXISTS f(integer); SELECT f();',
    'CREATE FUNCTION f(a integer) RETURNS void LANGUAGE sql AS $$ SELECT 1 $$; SELECT f();',
    'CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ SELECT f() $$; SELECT g();',
    'CREATE FUNCTION g() RETURNS void RETURN f(); SELECT g();',
    'CREATE FUNCTION g() RETURNS void BEGIN ATOMIC SELECT 1; SELECT f(); END; SELECT g();',
  ])('is run by %s', async (call) => {
    expect(await lines('drop-table', `${f('DROP TABLE users;')}${call}\n`)).toEqual([2]);
  });

  test('is run by CALL, and as LANGUAGE sql and BEGIN ATOMIC too', async () => {
    const procedure = makes('PROCEDURE p()', 'DROP TABLE users;');
    expect(await lines('drop-table', `${procedure}CALL p();\n`)).toEqual([2]);
    const sql = 'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n  DROP TABLE users $$;\n';
    expect(await lines('drop-table', `${sql}SELECT f();\n`)).toEqual([2]);
    const atomic =
      'CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC\n  DELETE FROM users;\n  RETURN 1; END;\n';
    expect(await lines('delete-without-where', `${atomic}SELECT f();\n`)).toEqual([2]);
  });

  test('is found when a DO block makes it and calls it', async () => {
    const block =
      'DO $$ BEGIN\n  CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE sql AS $f$ DROP TABLE users $f$;\n  PERFORM pg_temp.f();\nEND $$;\n';
    expect(await lines('drop-table', block)).toEqual([2]);
  });

  test('does not count once it is dropped or replaced', async () => {
    const evil = f('DROP TABLE users;');
    expect(await lines('drop-table', `${evil}DROP FUNCTION f();\nSELECT f();\n`)).toEqual([]);
    const again = f('NULL;').replace('CREATE', 'CREATE OR REPLACE');
    expect(await lines('drop-table', `${evil}${again}SELECT f();\n`)).toEqual([]);
    expect(await lines('drop-table', `${again}SELECT f();\n${evil}`)).toEqual([]);
  });

  test('is told of once however many statements call it, also when it calls itself', async () => {
    const recursive = f('PERFORM f(); DROP TABLE users;');
    expect(await lines('drop-table', `${recursive}${'SELECT f();\n'.repeat(3)}`)).toEqual([2]);
  });

  test('is judged anew when something has changed since', async () => {
    const sql = `ALTER TABLE users RENAME TO kept;\n${USERS}${f('DROP TABLE users;')}SELECT f();\n`;
    expect(await lines('drop-table', sql)).toEqual([]);
    expect(await lines('drop-table', `${sql}ALTER TABLE kept RENAME TO users;\nSELECT f();\n`)).toEqual([4]);
  });

  test('is reached through any number of others', async () => {
    const chain = Array.from({ length: 500 }, (_, at) =>
      makes(`FUNCTION g${at}() RETURNS void`, at === 0 ? 'PERFORM f();' : `PERFORM g${at - 1}();`),
    );
    const sql = `${f('DROP TABLE users;')}${chain.join('')}SELECT g499();\n`;
    expect(await lines('drop-table', sql)).toEqual([2]);
  });

  test('is ignored by a comment before CREATE FUNCTION', async () => {
    const sql = `-- @ignore drop-table nobody reads it\n${f('DROP TABLE users;')}SELECT f();\n`;
    const { findings, ignores } = await change(sql);
    expect(findings.map(({ ruleId }) => ruleId)).not.toContain('drop-table');
    expect(ignores.map(({ ruleId, line }) => [ruleId, line])).toEqual([['drop-table', 1]]);
  });

  test('leaves behind what it makes', async () => {
    const sql = `${f('CREATE TABLE notes (id bigint PRIMARY KEY);')}SELECT f();\nDROP TABLE notes;\n`;
    expect(await lines('drop-table', sql)).toEqual([]);
    expect(await lines('drop-table', sql.replace('SELECT f();\n', ''))).toEqual([4]);
  });
});

describe('a body in an earlier migration', () => {
  test('is judged at each call, and the finding names where it stands', async () => {
    const { findings } = await change(
      'SELECT 1;\nSELECT f();\nDO $$ BEGIN\n  PERFORM f();\nEND $$;\n',
      USERS + f('DROP TABLE users;'),
    );
    const found = findings.filter(({ ruleId }) => ruleId === 'drop-table');
    expect(found.map(({ line }) => line)).toEqual([2, 4]);
    expect(found[0]?.message).toMatch(/it stands in "f" \(migrations\/1_before\.up\.sql, line 3\)\.$/);
    expect(found[0]?.replacement).toBeUndefined();
  });

  test('is ignored by a comment before the call', async () => {
    const sql = '-- @ignore drop-table nobody reads it\nSELECT f();\n';
    expect(await lines('drop-table', sql, USERS + f('DROP TABLE users;'))).toEqual([]);
  });

  test('of a routine in a schema that no statement puts into the path is found by name', async () => {
    const before = `${USERS}CREATE SCHEMA app;\n${f('DROP TABLE users;').replace('f()', 'app.f()')}`;
    expect(
      await lines('drop-table', "SELECT set_config('search_path', 'app', false);\nSELECT f();\n", before),
    ).toEqual([2]);
    expect(
      await lines('drop-table', 'SELECT lower(email) FROM users;\n', before.replace('app.f', 'app.lower')),
    ).toEqual([]);
  });
});

describe('what cannot be seen', () => {
  const dynamic = 'unanalyzable-dynamic-sql';

  test('is said of a called body like of a DO block', async () => {
    const builds = f("EXECUTE 'DROP TABLE ' || 'users';");
    expect(await lines(dynamic, builds)).toEqual([]);
    expect(await lines(dynamic, `${builds}SELECT f();\n`)).toEqual([2]);
    expect(await lines(dynamic, 'SELECT f();\n', USERS + builds)).toEqual([1]);
    expect(await lines(dynamic, `${f("EXECUTE 'SELECT count(*) FROM ' || 'users';")}SELECT f();\n`)).toEqual(
      [],
    );
    const python = 'CREATE FUNCTION f() RETURNS void LANGUAGE plpython3u AS $$ pass $$;\n';
    expect(await lines(dynamic, `${python}SELECT f();\n`)).toEqual([1]);
  });

  test('is said of a procedure, and of a function of a schema of the project, that no migration defines', async () => {
    const schema = `${USERS}CREATE SCHEMA app;\n`;
    expect(await lines(dynamic, 'CALL nowhere();\n')).toEqual([1]);
    expect(await lines(dynamic, 'SELECT app.nowhere();\n', schema)).toEqual([1]);
    for (const quiet of [
      "SELECT now(), similarity('a', 'b');\n",
      'SELECT public.nowhere();\n',
      'SELECT elsewhere.nowhere();\n',
      "CALL refresh_continuous_aggregate('a', NULL, NULL);\n",
    ])
      expect(await lines(dynamic, quiet, schema), quiet).toEqual([]);
    const extension = `${schema}CREATE EXTENSION pg_partman SCHEMA app;\n`;
    expect(await lines(dynamic, "SELECT app.create_parent('a');\nCALL app.run();\n", extension)).toEqual([]);
  });
});

test('many calls take no longer than as many other statements', async () => {
  const body = Array.from(
    { length: 300 },
    (_, at) => `CREATE TABLE IF NOT EXISTS t${at} (id bigint PRIMARY KEY);`,
  );
  const time = async (sql: string): Promise<number> => {
    const from = performance.now();
    await change(sql);
    return performance.now() - from;
  };
  const many = 10_000;
  await time('SELECT g();\n'.repeat(many));
  const other = await time('SELECT g();\n'.repeat(many));
  const calls = await time(`${f(body.join('\n'))}${'SELECT f();\n'.repeat(many)}`);
  // 3,000,000 judgements take minutes.
  expect(calls).toBeLessThan(20 * other + 2_000);
});

test('a file that calls for too much says so once', async () => {
  const body = Array.from(
    { length: 100 },
    (_, at) => `CREATE TABLE IF NOT EXISTS t${at} (id bigint PRIMARY KEY);`,
  );
  const { findings } = await change(`${f(body.join('\n'))}${'SELECT f();\n'.repeat(300)}`);
  const found = findings.filter(({ ruleId }) => ruleId === 'unanalyzable-dynamic-sql');
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('20000 statements')]);
});
