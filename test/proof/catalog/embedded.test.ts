import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareCatalogs } from '../../../src/proof/catalog/compare.ts';
import { readCatalog } from '../../../src/proof/catalog/snapshot.ts';
import { type BuiltChamber, buildChamberIn } from '../embedded/chambers.ts';

let chamber: BuiltChamber;
beforeAll(async () => {
  chamber = await buildChamberIn();
}, 60_000);
afterAll(() => chamber.remove());

test('a catalog of thousands of objects is read whole from a chamber', async () => {
  const session = await chamber.open();
  await session.run(`DO $$ BEGIN FOR i IN 1..300 LOOP
    EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text, b text, c text)', i);
  END LOOP; END $$`);
  const before = await readCatalog(session);
  expect(before.get('table')?.size).toBe(300);
  expect(before.get('column')?.size).toBe(1_200);

  await session.run('ALTER TABLE t7 DROP COLUMN c; CREATE VIEW v AS SELECT id FROM t9');
  const after = await readCatalog(session);
  expect(
    compareCatalogs(before, after).map(({ kind, object, before: was, after: is }) => [kind, object, was, is]),
  ).toEqual([
    ['column', 'public.t7.c', 'text', undefined],
    ['view', 'public.v', undefined, 'there'],
  ]);
}, 60_000);
