import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { write } from '../workspace/temporary.ts';
import { fixed, folderOf, TABLE } from './fixed.ts';

/** How each tool runs a folder of its files: what this test holds the fixes to. */
type Tool = (client: Client, folder: string, paths: readonly string[]) => Promise<void>;

/** A file is one message, which PostgreSQL makes one transaction where it holds several statements. */
const asOne: Tool = async (client, folder, paths) => {
  for (const path of paths.filter((each) => each.endsWith('.sql') && !each.endsWith('.down.sql')))
    await client.query(readFileSync(join(folder, path), 'utf8'));
};

/** It sends each statement by itself. */
const flyway: Tool = async (client, folder, paths) => {
  for (const path of paths.filter((each) => each.endsWith('.sql'))) {
    const settings = paths.includes(`${path}.conf`) ? readFileSync(join(folder, `${path}.conf`), 'utf8') : '';
    const alone = settings.includes('executeInTransaction=false');
    if (!alone) await client.query('BEGIN');
    for (const statement of readFileSync(join(folder, path), 'utf8').split(/;\n/))
      await client.query(statement);
    if (!alone) await client.query('COMMIT');
  }
};

const ONE = 'CREATE INDEX one ON orders (note);\n';
const TWO = 'CREATE INDEX one ON orders (note);\nCREATE INDEX two ON orders (user_id);\n';
const MIXED = 'ALTER TABLE orders ADD COLUMN total integer;\nCREATE INDEX one ON orders (note);\n';
const SET = "SET LOCAL lock_timeout = '2s';\nCREATE INDEX one ON orders (note);\n";
const UNIQUE = 'ALTER TABLE orders ADD CONSTRAINT one UNIQUE (note);\n';
const DROP = 'DROP INDEX old;\n';
const VACUUM = 'VACUUM FULL orders;\n';

const LAYOUTS: readonly (readonly [
  layout: string,
  directory: string,
  path: (id: number) => string,
  tool: Tool,
])[] = [
  ['golang-migrate', 'db/migrations', (id) => `00000${id}_step.up.sql`, asOne],
  ['prisma', 'prisma/migrations', (id) => `2025010${id}000000_step/migration.sql`, asOne],
  ['supabase', 'supabase/migrations', (id) => `2025010${id}000000_step.sql`, asOne],
  ['flyway', 'db/migration', (id) => `V${id}__step.sql`, flyway],
];

describe('what --fix leaves runs on PostgreSQL as the tool runs it', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 70_000);
  afterAll(() => server.stop());

  test.each(LAYOUTS)('%s', async (layout, directory, path, tool) => {
    // In a transaction of the tool's own VACUUM never ran.
    const changes = [ONE, TWO, MIXED, SET, UNIQUE, DROP, ...(tool === asOne ? [VACUUM] : [])];
    for (const change of changes) {
      const first = join(directory, path(1));
      const second = join(directory, path(2));
      const root = folderOf({ [first]: `${TABLE}\nCREATE INDEX old ON orders (user_id);\n` });
      write(root, second, change);
      const { result } = await fixed(root, { layout, directory, added: [second] });
      expect(result.findings.filter(({ ruleId }) => ruleId === 'concurrently-in-transaction')).toEqual([]);
      const folder = join(root, directory);
      const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
      const texts = paths
        .filter((each) => each.endsWith('.sql'))
        .map((each) => readFileSync(join(folder, each), 'utf8'));
      // No file is left with nothing but settings.
      for (const text of texts) expect(text.replace(/^(?:SET .*)?\n/gm, ''), change).not.toBe('');
      for (const text of texts) expect(text).toMatch(/[^\n]\n$/);
      if (change !== VACUUM) expect(texts.join(''), `${layout}: ${change}`).toContain('CONCURRENTLY');
      const client = new Client({ connectionString: server.connectionString });
      await client.connect();
      try {
        await client.query('DROP TABLE IF EXISTS orders CASCADE');
        await tool(client, folder, paths);
      } finally {
        await client.end();
      }
    }
  });
});
