import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inventedRows, nextTransaction, removeInvented } from '../../src/proof/invented-rows.ts';
import { type World, worlds } from './populate/worlds.ts';

const TABLES = ['public.shops', 'public.tills'];
const CIRCLE = `CREATE TABLE shops (id int PRIMARY KEY, till int);
CREATE TABLE tills (id int PRIMARY KEY, shop int REFERENCES shops ON DELETE RESTRICT);
ALTER TABLE shops ADD FOREIGN KEY (till) REFERENCES tills ON DELETE RESTRICT;`;
const ROWS = 'INSERT INTO shops VALUES (1); INSERT INTO tills VALUES (2, 1); UPDATE shops SET till = 2;';

let opened: Awaited<ReturnType<World['open']>>;
beforeAll(async () => {
  const [world] = await worlds();
  if (!world) throw new Error('there is no PostgreSQL to fill tables in');
  opened = await world.open();
}, 60_000);
afterAll(() => opened.close());
beforeEach(() => opened.session.run(`DROP TABLE IF EXISTS shops, tills CASCADE;\n${CIRCLE}`));

async function left(): Promise<unknown> {
  return opened.session.query(
    'SELECT (SELECT count(*) FROM shops)::text AS s, (SELECT count(*) FROM tills)::text AS t',
  );
}

test('rows that refer to each other in a circle go at once', async () => {
  const { session } = opened;
  const since = await nextTransaction(session);
  await session.run(ROWS);
  expect(await removeInvented(session, await inventedRows(session, TABLES, since))).toBe(true);
  expect(await left()).toEqual([{ s: '0', t: '0' }]);
});

test('they stay where a row of the migrations stands among them', async () => {
  const { session } = opened;
  await session.run('INSERT INTO shops VALUES (7);');
  const since = await nextTransaction(session);
  await session.run(ROWS.replace('SET till = 2', 'SET till = 2 WHERE id = 1'));
  expect(await removeInvented(session, await inventedRows(session, TABLES, since))).toBe(false);
  expect(await left()).toEqual([{ s: '2', t: '1' }]);
});
