import { expect, test } from 'vitest';
import { told } from '../validation/told.ts';

const TABLES =
  'CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n';
const CHANGE = 'prisma/migrations/20260102000000_change/migration.sql';

/** Rules that speak of a migration of one file on top of the tables. */
async function rulesOn(sql: string): Promise<string[]> {
  const { findings } = await told(
    {
      'prisma/migrations/20260101000000_tables/migration.sql': TABLES,
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      [CHANGE]: sql,
    },
    CHANGE,
  );
  return findings.map(({ ruleId }) => ruleId).sort();
}

test('a backfill under an ACCESS EXCLUSIVE lock is one finding, however many statements it has', async () => {
  const sql =
    "ALTER TABLE users ADD COLUMN locale text;\nUPDATE users SET locale = 'en' WHERE locale IS NULL;\nUPDATE users SET name = 'x' WHERE name IS NULL;\n";
  expect(await rulesOn(sql)).toEqual(['ddl-plus-backfill-same-transaction', 'require-lock-timeout']);
});

test('a secondary rule speaks where no other does', async () => {
  const found = await rulesOn("UPDATE users SET name = 'x' WHERE name IS NULL;\n");
  expect(found).toEqual(['unbatched-backfill']);
});

test('an index build is not also a statement without a timeout', async () => {
  const found = await rulesOn('CREATE INDEX idx_orders_user_id ON orders (user_id);\n');
  expect(found).toEqual(['create-index-concurrently', 'require-lock-timeout']);
});

test('several columns of a table with one problem are one finding', async () => {
  const found = await rulesOn(
    'CREATE TABLE notes (id bigint PRIMARY KEY, made timestamp, seen timestamp, gone timestamp);\n',
  );
  expect(found).toEqual(['type-timestamp']);
});

test('a template in a quoted name is not analysed, and no syntax error', async () => {
  const { findings, notAnalysed } = await told({
    'migrations/1_index.up.sql':
      'CREATE INDEX users_name ON "{{ index .Options "Namespace" }}".users (name);\n',
    'migrations/1_index.down.sql': 'SELECT 1;\n',
    'go.mod': 'module example.com/app\n',
  });
  expect(findings.filter(({ ruleId }) => ruleId === 'syntax-error')).toEqual([]);
  expect(notAnalysed.map(({ reason }) => reason)).toEqual([
    'a template makes this statement; as it stands here it is no SQL',
  ]);
});

test("a syntax error in MySQL's own words names the way to check MySQL", async () => {
  const { findings } = await told({
    'migrations/V1__accounts.sql': 'ALTER TABLE accounts MODIFY external_key varchar(255);\n',
    'migrations/V2__typo.sql': 'CREATE TABEL accounts (id bigint);\n',
  });
  const advice = findings.filter(({ ruleId }) => ruleId === 'syntax-error').map(({ fix }) => fix);
  expect(advice).toEqual([
    expect.stringContaining('--dialect mysql'),
    expect.not.stringContaining('--dialect mysql'),
  ]);
});

test('a down that is named by itself is read as a down where the repository shows the layout', async () => {
  const down = 'server/migrations/20260101000000_notes.down.sql';
  const { findings, layout } = await told(
    {
      'server/Cargo.toml': '[package]\n',
      'server/migrations/20260101000000_notes.up.sql': 'CREATE TABLE notes (id bigint PRIMARY KEY);\n',
      [down]: 'DROP TABLE notes;\n',
    },
    down,
  );
  expect(layout?.id).toBe('sqlx');
  expect(findings).toEqual([]);
});
