import { describe, expect, test } from 'vitest';
import { told } from '../validation/told.ts';

/** What one rule says and advises in a repository of these files. */
async function advice(
  rule: string,
  files: Readonly<Record<string, string>>,
  ...operands: string[]
): Promise<string[]> {
  const { findings } = await told(files, ...operands);
  return findings
    .filter(({ ruleId }) => ruleId === rule)
    .map(({ severity, message, fix }) => `${severity}: ${message} ${fix}`);
}

describe('missing-down tells where the down goes in the layout', () => {
  test('golang-migrate: the file beside it', async () => {
    const [only] = await advice('missing-down', {
      'deploy/db/000001_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n',
      'deploy/db/000001_a.down.sql': 'DROP TABLE a;\n',
      'deploy/db/000002_b.up.sql': 'CREATE TABLE b (id bigint PRIMARY KEY);\n',
    });
    expect(only).toContain('in deploy/db/000002_b.down.sql.');
    expect(only).not.toContain('metadata');
  });

  test('goose: the marker', async () => {
    const [only] = await advice('missing-down', {
      'migrations/00001_a.sql':
        '-- +goose Up\nCREATE TABLE a (id bigint PRIMARY KEY);\n-- +goose Down\nDROP TABLE a;\n',
      'migrations/00002_b.sql': '-- +goose Up\nCREATE TABLE b (id bigint PRIMARY KEY);\n',
    });
    expect(only).toContain('below -- +goose Down in the same file');
  });

  test('Flyway: undo is part of the paid editions, so it is information', async () => {
    const [only] = await advice('missing-down', {
      'sql/V1__a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n',
      'sql/U1__a.sql': 'DROP TABLE a;\n',
      'sql/V2__b.sql': 'DROP TABLE a;\n',
    });
    expect(only).toMatch(/^info: .*edition of Flyway.* in sql\/U2__b\.sql\.$/);
  });

  test('Airlock: the section, or the metadata', async () => {
    const [only] = await advice('missing-down', {
      'migrations/20260101000000_a.sql': '-- UP\nCREATE TABLE a (id bigint PRIMARY KEY);\n',
    });
    expect(only).toMatch(/below -- DOWN\. .*"rollbackStrategy"/);
  });
});

describe('where a file cannot say that it runs outside a transaction', () => {
  const files = (sql: string) => ({
    'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE a (id bigint PRIMARY KEY, b bigint);\n',
    'prisma/migrations/20260102000000_b/migration.sql': sql,
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  });

  test('a statement among others is to be alone in its file', async () => {
    const [only] = await advice(
      'concurrently-in-transaction',
      files('CREATE INDEX CONCURRENTLY i ON a (b);\nCOMMENT ON TABLE a IS $$x$$;\n'),
    );
    expect(only).toContain('Put it alone in its file');
    expect(only).not.toContain('@no-transaction');
  });

  test('one that is alone is in order', async () => {
    expect(
      await advice('concurrently-in-transaction', files('CREATE INDEX CONCURRENTLY i ON a (b);\n')),
    ).toEqual([]);
  });
});

describe('names', () => {
  test('a better one is no reserved word', async () => {
    const [only] = await advice('identifier-naming', {
      'migrations/000001_a.up.sql': 'CREATE TABLE "User" (id bigint PRIMARY KEY);\n',
      'migrations/000001_a.down.sql': 'DROP TABLE "User";\n',
    });
    expect(only).toContain('Name it "users".');
  });

  test("in Prisma's own style they are one finding a migration", async () => {
    const found = await advice('identifier-naming', {
      'prisma/migrations/20260101000000_a/migration.sql':
        'CREATE TABLE "User" ("id" TEXT NOT NULL);\nCREATE TABLE "Post" ("id" TEXT NOT NULL);\nCREATE INDEX "Post_id_idx" ON "Post"("id");\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^info: "User", "Post": .*@@map\("users"\)/);
  });
});

describe('indexes', () => {
  const HISTORY = {
    'migrations/000001_a.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n',
    'migrations/000001_a.down.sql': 'DROP TABLE users;\n',
  };

  test('the one of a foreign key of a new table is built without CONCURRENTLY', async () => {
    const found = await advice('foreign-key-missing-index', {
      ...HISTORY,
      'migrations/000002_b.up.sql':
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id);\n',
      'migrations/000002_b.down.sql': 'DROP TABLE orders;\n',
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(' CREATE INDEX idx_orders_user_id ON orders (user_id);');
  });

  test('the one behind a primary key is never to be dropped', async () => {
    const [only] = await advice('redundant-index', {
      ...HISTORY,
      'migrations/000002_b.up.sql': 'CREATE INDEX CONCURRENTLY idx_users_id ON users (id);\n',
      'migrations/000002_b.down.sql': 'DROP INDEX CONCURRENTLY idx_users_id;\n',
    });
    expect(only).toMatch(/Leave "idx_users_id" out\.$/);
  });
});

test('drop-table names the table, and where it waits', async () => {
  const [only] = await advice(
    'drop-table',
    {
      'migrations/000001_a.up.sql': 'CREATE TABLE sessions (id bigint PRIMARY KEY);\n',
      'migrations/000001_a.down.sql': 'DROP TABLE sessions;\n',
      'migrations/000002_b.up.sql': 'DROP TABLE sessions;\n',
      'migrations/000002_b.down.sql': 'CREATE TABLE sessions (id bigint PRIMARY KEY);\n',
    },
    'migrations/000002_b.up.sql',
  );
  expect(only).toContain('ALTER TABLE sessions RENAME TO dropped_sessions');
});
