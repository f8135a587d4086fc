import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { type ExampleMigration, PULL_REQUESTS, readMigrations, SHOP } from './migration-files.ts';
import { hasTwin, pullRequestNames } from './pull-request-names.ts';
import { runDown, runSection, runUp } from './run.ts';
import { describeSchema } from './schema.ts';
import { SHOP_ROWS } from './shop-rows.ts';

const shop = readMigrations(SHOP);
const changeOf = (name: string): ExampleMigration[] =>
  readMigrations(join(PULL_REQUESTS, name, 'migrations'));

/** Run on the populated shop: null, or the SQLSTATE and a part of the message PostgreSQL refuses them with. */
const ON_THE_SHOP: Readonly<Record<string, null | readonly [code: string, message: string]>> = {
  'good-index': null,
  'blocking-index': null,
  'lossy-drop': null,
  'not-null-without-default': ['23502', 'contains null values'],
  'foreign-key-locks-both': null,
  'rewrite-column-type': null,
  'concurrently-in-transaction': ['25001', 'cannot run inside a transaction block'],
  'missing-down': null,
  'edited-merged-file': ['42710', 'type "order_channel" already exists'],
  'sorts-before-merged': null,
  'bad-metadata': null,
  'syntax-error': ['42601', 'syntax error at or near "ALTER"'],
  'ignored-with-reason': null,
  'phone-review': ['23502', 'contains null values'],
};

const README = /^\*\*Wanted:\*\* .+\n\n\*\*Airlock says:\*\* .+\n(?:\n\*\*Mended:\*\* .+\n)?$/;

let server: PostgresServer;
let admin: pg.Client;

async function connect(database: string): Promise<pg.Client> {
  const url = new URL(server.connectionString);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

/** A database of its own for one test, a copy of `template`. */
async function inCopyOf(template: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  await admin.query(`CREATE DATABASE scratch TEMPLATE ${template}`);
  const client = await connect('scratch');
  try {
    await use(client);
  } finally {
    await client.end();
    await admin.query('DROP DATABASE scratch');
  }
}

async function apply(client: pg.Client, migrations: readonly ExampleMigration[]): Promise<void> {
  for (const migration of migrations) await runUp(client, migration);
}

const onlyOf = (name: string): ExampleMigration => {
  const [migration, ...others] = changeOf(name);
  if (!migration || others.length > 0) throw new Error(`${name} should hold one migration`);
  return migration;
};

beforeAll(async () => {
  server = await startPostgres();
  admin = await connect('postgres');
  await admin.query('CREATE DATABASE shop');
  const client = await connect('shop');
  for (const migration of shop) {
    await runUp(client, migration);
    const rows = SHOP_ROWS.get(migration.id);
    if (rows !== undefined) await runSection(client, { ...migration, transaction: false }, rows);
  }
  await client.end();
});

afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

describe('the pull requests on the shop', () => {
  test('each has a README, a line in the table and an expectation here', () => {
    const names = pullRequestNames();
    expect(names.filter((name) => !hasTwin(name))).toEqual(Object.keys(ON_THE_SHOP).toSorted());
    const table = readFileSync(join(PULL_REQUESTS, 'README.md'), 'utf8');
    for (const name of names) {
      const readme = readFileSync(join(PULL_REQUESTS, name, 'README.md'), 'utf8');
      expect(readme, name).toMatch(README);
      expect(readme.includes('**Mended:**'), name).toBe(hasTwin(name));
      const row = table.split('\n').find((line) => line.startsWith(`| [${name}](${name}/) |`));
      expect(row, name).toBeDefined();
      const refusal = ON_THE_SHOP[name];
      if (refusal && name !== 'edited-merged-file') expect(row).toContain(`fails`);
      if (refusal && name !== 'edited-merged-file') expect(row).toContain(`(${refusal[0]})`);
    }
  });

  for (const [name, refusal] of Object.entries(ON_THE_SHOP)) {
    const wayBack = name === 'missing-down' ? 'has no down' : 'its down brings the schema back';
    test(`${name} ${refusal ? `is refused with ${refusal[0]}` : `runs, and ${wayBack}`}`, () =>
      inCopyOf('shop', async (client) => {
        const before = await describeSchema(client);
        const running = apply(client, changeOf(name));
        if (refusal) {
          const [code, message] = refusal;
          await expect(running).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
          expect(await describeSchema(client)).toEqual(before);
          return;
        }
        await running;
        expect(await describeSchema(client)).not.toEqual(before);
        const migration = onlyOf(name);
        expect(migration.down === undefined).toBe(name === 'missing-down');
        if (migration.down === undefined) return;
        await runDown(client, migration);
        expect(await describeSchema(client)).toEqual(before);
      }));
  }

  test.each([
    ['blocking-index', { orders: ['ShareLock'] }],
    [
      'foreign-key-locks-both',
      { orders: ['AccessExclusiveLock'], discount_codes: ['ShareRowExclusiveLock'] },
    ],
    ['rewrite-column-type', { orders: ['AccessExclusiveLock'] }],
  ])('%s holds the lock that its README warns of', (name, expected) =>
    inCopyOf('shop', async (client) => {
      await client.query('BEGIN');
      await client.query(onlyOf(name).up);
      const { rows } = await client.query<{ relation: string; mode: string }>(
        `SELECT relation::regclass::text AS relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'`,
      );
      for (const [relation, modes] of Object.entries(expected)) {
        const held = rows.filter((lock) => lock.relation === relation).map(({ mode }) => mode);
        expect(held).toEqual(expect.arrayContaining(modes));
      }
      await client.query('ROLLBACK');
    }),
  );

  test('rewrite-column-type writes the table anew', () =>
    inCopyOf('shop', async (client) => {
      const file = async (): Promise<unknown> =>
        (await client.query(`SELECT pg_relation_filenode('orders') AS node`)).rows[0];
      const before = await file();
      await apply(client, changeOf('rewrite-column-type'));
      expect(await file()).not.toEqual(before);
    }));

  test('lossy-drop loses values that its down does not bring back', () =>
    inCopyOf('shop', async (client) => {
      const count = async (): Promise<unknown> =>
        (await client.query('SELECT count(legacy_crm_id) AS n FROM customers')).rows[0];
      expect(await count()).toEqual({ n: '66' });
      const migration = onlyOf('lossy-drop');
      await runUp(client, migration);
      await runDown(client, migration);
      expect(await count()).toEqual({ n: '0' });
    }));

  test.each(['not-null-without-default', 'phone-review'])('%s runs where its table is empty', (name) =>
    inCopyOf('template0', async (client) => {
      await apply(client, [...shop, ...changeOf(name)]);
      expect(await describeSchema(client)).not.toEqual([]);
    }),
  );

  test('every statement of phone-review but the first runs once the column is nullable', () =>
    inCopyOf('shop', async (client) => {
      const migration = onlyOf('phone-review');
      const up = migration.up.replace('phone text NOT NULL', 'phone text');
      expect(up).not.toBe(migration.up);
      await runSection(client, migration, up);
    }));

  test('sorts-before-merged fails on a new database, where its table does not exist yet', () =>
    inCopyOf('template0', async (client) => {
      const sorted = [...shop, ...changeOf('sorts-before-merged')].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      await expect(apply(client, sorted)).rejects.toMatchObject({ code: '42P01' });
    }));

  test('edited-merged-file has the name of a merged file, and gives new databases another schema than old ones', async () => {
    const edited = onlyOf('edited-merged-file');
    const merged = shop.find(({ file }) => file === edited.file);
    expect(merged).toBeDefined();
    expect(merged?.up).not.toBe(edited.up);
    const replaced = shop.map((migration) => (migration === merged ? edited : migration));
    let original: string[] = [];
    await inCopyOf('shop', async (client) => {
      original = await describeSchema(client);
    });
    await inCopyOf('template0', async (client) => {
      await apply(client, replaced);
      expect(await describeSchema(client)).not.toEqual(original);
    });
  });
});
