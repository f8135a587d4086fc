import { describe, expect, it } from 'vitest';
import type { ForeignKey, TableFacts } from '../../../src/proof/populate/facts.ts';
import { planRows } from '../../../src/proof/populate/plan-rows.ts';

const INT4 = {
  id: '23',
  sql: 'integer',
  name: 'int4',
  kind: 'base',
  category: 'N',
  isArray: false,
  modifier: -1,
  notNull: false,
  labels: [],
  checks: [],
  attributes: [],
} as const;

/** A table with an `id` and one column for each table that it references; `?` behind a name: it may be null. */
function table(id: string, references: readonly string[] = [], deferrable = false): TableFacts {
  const column = { type: '23', modifier: -1, generated: false };
  const others = references.map((name) => ({ to: name.replace('?', ''), notNull: !name.endsWith('?') }));
  return {
    id,
    name: `s.${id}`,
    kind: 'table',
    told: true,
    forced: false,
    columns: [
      { ...column, name: 'id', notNull: true },
      ...others.map(({ to, notNull }) => ({ ...column, name: `${to}_id`, notNull })),
    ],
    checks: [],
    keys: [['id']],
    primaryKey: ['id'],
    foreignKeys: others.map(
      ({ to }): ForeignKey => ({
        columns: [`${to}_id`],
        references: to,
        referenced: ['id'],
        deferrable,
        full: false,
      }),
    ),
    partitions: [],
    sequences: [],
    triggers: [],
  };
}

function plan(...tables: TableFacts[]): { units: string[][]; skipped: string[] } {
  const { units, skipped } = planRows(
    { tables, types: new Map([['23', INT4]]), askedPartitions: new Map() },
    2,
  );
  return {
    units: units.map((unit) => unit.map(({ facts }) => facts.id)),
    skipped: skipped.map(({ table: { id } }) => id),
  };
}

describe('the plan of rows', () => {
  it('fills what is referenced before what references it', () => {
    expect(plan(table('c', ['b', 'a']), table('b', ['a']), table('a')).units).toEqual([['a'], ['b'], ['c']]);
  });

  it('opens a circle where a column may be empty, and nowhere else', () => {
    expect(plan(table('a', ['b?']), table('b', ['a']), table('c', ['b?']))).toEqual({
      units: [['a'], ['b'], ['c']],
      skipped: [],
    });
    expect(plan(table('a', ['b']), table('b', ['c', 'd']), table('c', ['a?']), table('d', ['b?']))).toEqual({
      units: [['c'], ['d'], ['b'], ['a']],
      skipped: [],
    });
  });

  it('fills together what can be deferred, and skips what cannot', () => {
    expect(plan(table('a', ['b'], true), table('b', ['a']))).toEqual({ units: [['a', 'b']], skipped: [] });
    expect(plan(table('a', ['b']), table('b', ['a']), table('c'))).toEqual({
      units: [['c']],
      skipped: ['a', 'b'],
    });
  });

  it('gives a row its INSERT with what stands in the referenced table, the newest first', () => {
    const tables = [table('a'), table('b', ['a'])];
    const { units } = planRows({ tables, types: new Map([['23', INT4]]), askedPartitions: new Map() }, 2);
    const [, b] = units.flat();
    expect(b?.insert([5, 6], 5, { nulls: 'none', way: 0 })).toBe(
      `INSERT INTO s.b (id, a_id) VALUES
('20005', (SELECT r0.id FROM s.a r0 ORDER BY r0.id DESC OFFSET 0 % (SELECT greatest(count(*), 1) FROM s.a r0) LIMIT 1)),
('20006', (SELECT r0.id FROM s.a r0 ORDER BY r0.id DESC OFFSET 1 % (SELECT greatest(count(*), 1) FROM s.a r0) LIMIT 1))`,
    );
  });

  it('takes time by the number of tables, whatever refers to what', () => {
    const chain = Array.from({ length: 3_000 }, (_, at) => table(`t${at}`, at > 0 ? [`t${at - 1}`] : []));
    const start = performance.now();
    expect(plan(...chain.toReversed()).units).toHaveLength(3_000);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
