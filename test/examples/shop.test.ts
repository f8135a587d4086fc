import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { readMigrations, SHOP } from './migration-files.ts';
import { runDown, runSection, runUp } from './run.ts';
import { describeSchema } from './schema.ts';
import { SHOP_ROWS } from './shop-rows.ts';

const shop = readMigrations(SHOP);
let server: PostgresServer;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await server?.stop();
});

describe('the shop on PostgreSQL', () => {
  let complete: string[] = [];

  test('every migration has an up, a down and an id of its own', () => {
    expect(shop.length).toBeGreaterThanOrEqual(14);
    expect(new Set(shop.map(({ id }) => id)).size).toBe(shop.length);
    for (const { file, up, down } of shop) {
      expect(file).toMatch(/^20(25|26)\d{10}_[a-z][a-z0-9_]*\.sql$/);
      expect(up.trim(), file).not.toBe('');
      expect(down?.trim(), file).toBeTruthy();
    }
    const ids = new Set(shop.map(({ id }) => id));
    for (const id of SHOP_ROWS.keys()) expect(ids).toContain(id);
  });

  test('every up runs on the rows written so far, and its down takes back exactly what it did', async () => {
    for (const migration of shop) {
      const before = await describeSchema(client);
      await runUp(client, migration);
      const after = await describeSchema(client);
      expect(after, `${migration.file} changes nothing`).not.toEqual(before);
      await runDown(client, migration);
      expect(await describeSchema(client), `${migration.file} does not revert`).toEqual(before);
      await runUp(client, migration);
      expect(await describeSchema(client), `${migration.file} differs the second time`).toEqual(after);
      const rows = SHOP_ROWS.get(migration.id);
      if (rows !== undefined) await runSection(client, { ...migration, transaction: false }, rows);
    }
    complete = await describeSchema(client);
  });

  test('what the migrations promise holds for the rows', async () => {
    const count = async (from: string): Promise<number> =>
      Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${from}`)).rows[0]?.n);
    expect(await count(`orders WHERE channel = 'web'`)).toBe(1000);
    expect(await count('order_summaries WHERE item_count = 3 AND unit_count = 6')).toBe(1000);
    expect(await count('product_sales')).toBeGreaterThan(0);
    expect(await count('events')).toBe(1000);
    expect(
      await count(`inventory_levels WHERE reserved = 2 AND updated_at > now() - interval '1 hour'`),
    ).toBe(12);
    await client.query(
      `CREATE ROLE storefront; GRANT SELECT ON support_tickets TO storefront; SET ROLE storefront`,
    );
    expect(await count('support_tickets')).toBe(0);
    await client.query(`SET shop.customer_id = '7'`);
    expect(await count('support_tickets')).toBe(1);
    await client.query('RESET ROLE; RESET shop.customer_id; DROP OWNED BY storefront; DROP ROLE storefront');
  });

  test('all downs, last first, leave an empty schema', async () => {
    for (const migration of shop.toReversed()) await runDown(client, migration);
    expect(await describeSchema(client)).toEqual([]);
  });

  test('all ups run again and give the same schema', async () => {
    for (const migration of shop) await runUp(client, migration);
    expect(await describeSchema(client)).toEqual(complete);
  });
});
