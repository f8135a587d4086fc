import { describe, expect, test } from 'vitest';
import { told } from './told.ts';

const TABLES = `CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint);
`;
const CHANGE = 'prisma/migrations/20260103000000_change/migration.sql';

/** Rules that speak of the last of three migrations. */
async function rulesOn(sql: string, before = 'SELECT 1;\n'): Promise<string[]> {
  const { findings } = await told(
    {
      'prisma/migrations/20260101000000_tables/migration.sql': TABLES,
      'prisma/migrations/20260102000000_more/migration.sql': before,
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      [CHANGE]: sql,
    },
    CHANGE,
  );
  return findings.map(({ ruleId }) => ruleId).sort();
}

describe('a statement that fails', () => {
  test('is told of once, and nothing is said of what it would do', async () => {
    expect(await rulesOn('ALTER TABLE invoices ALTER COLUMN total SET NOT NULL;\n')).toEqual([
      'unknown-object',
    ]);
    expect(await rulesOn('CREATE INDEX idx_invoices_total ON invoices (total);\n')).toEqual([
      'unknown-object',
    ]);
    expect(await rulesOn('DROP TABLE invoices;\n')).toEqual(['unknown-object']);
  });

  test('leaves what is true of its table all the same', async () => {
    expect(await rulesOn('ALTER TABLE users DROP COLUMN email;\n')).toEqual([
      'require-lock-timeout',
      'unknown-object',
    ]);
    expect(await rulesOn('ALTER TABLE users ADD COLUMN name char(3) NOT NULL;\n')).toEqual([
      'duplicate-object',
      'require-lock-timeout',
    ]);
  });

  test('is looked at by the other rules where somebody says that it does not fail', async () => {
    const sql =
      '-- @ignore unknown-object made by the billing service\nALTER TABLE invoices ALTER COLUMN total SET NOT NULL;\n';
    expect(await rulesOn(sql)).toContain('set-not-null');
  });
});

describe('nothing is missing for certain', () => {
  const ADD = 'ALTER TABLE invoices ADD COLUMN note text;\n';

  test.each([
    ['a statement could not be read', 'CREATE TABEL invoices (id bigint);\n'],
    [
      'a DO block builds its statements',
      "DO $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', 'x'); END $$;\n",
    ],
    ['the schema holds what no migration made', 'ALTER TABLE payments ADD COLUMN note text;\n'],
    ['an extension may have made tables', 'CREATE EXTENSION pg_partman;\n'],
    ['a function of an extension may have', "SELECT partman.create_parent('public.users', 'id', '1000');\n"],
    ['foreign tables were imported', 'IMPORT FOREIGN SCHEMA remote FROM SERVER other INTO public;\n'],
    [
      'a table of the name is in another schema',
      'CREATE SCHEMA app;\nCREATE TABLE app.invoices (id bigint);\n',
    ],
  ])('after: %s', async (_, before) => {
    expect(await rulesOn(ADD, before)).not.toContain('unknown-object');
  });

  test('but it is where the history tells all', async () => {
    const harmless =
      'CREATE EXTENSION pgcrypto;\nINSERT INTO users (id) VALUES (1);\nSELECT count(*) FROM users;\nDO $$ BEGIN PERFORM 1 FROM users; END $$;\n';
    expect(await rulesOn(ADD, harmless)).toEqual(['unknown-object']);
  });

  test('all that one migration misses is told, and in later ones nothing more', async () => {
    const { findings } = await told({
      'prisma/migrations/20260101000000_tables/migration.sql': TABLES,
      'prisma/migrations/20260102000000_more/migration.sql':
        'ALTER TABLE invoices ADD COLUMN note text;\nALTER TABLE payments ADD COLUMN note text;\n',
      'prisma/migrations/20260103000000_later/migration.sql': 'ALTER TABLE refunds ADD COLUMN note text;\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    });
    const missing = findings.filter(({ ruleId }) => ruleId === 'unknown-object');
    expect(missing.map(({ file, line }) => `${file.slice(18, 32)}:${line}`)).toEqual([
      '20260102000000:1',
      '20260102000000:2',
    ]);
  });
});

describe('what is there already', () => {
  test.each([
    'CREATE TABLE users (id bigint PRIMARY KEY);\n',
    'CREATE INDEX CONCURRENTLY orders_pkey ON orders (user_id);\n',
    'ALTER TABLE users RENAME TO orders;\n',
    'ALTER TABLE users RENAME COLUMN id TO name;\n',
  ])('is not made again: %s', async (sql) => {
    expect(await rulesOn(sql)).toContain('duplicate-object');
  });

  test.each([
    'SET search_path = app, public;\nCREATE TABLE users (id bigint PRIMARY KEY);\n',
    'DROP TABLE users;\nCREATE TABLE users (id bigint PRIMARY KEY);\n',
    'ALTER TABLE users RENAME TO users_old;\nALTER TABLE orders RENAME TO users;\n',
  ])('or it is another: %s', async (sql) => {
    expect(await rulesOn(sql, 'CREATE SCHEMA app;\n')).not.toContain('duplicate-object');
  });
});
