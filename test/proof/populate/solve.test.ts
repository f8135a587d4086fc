import { describe, expect, it } from 'vitest';
import { waysToFulfil } from '../../../src/proof/populate/solve.ts';

/** The ways as plain objects. */
function ways(...conditions: string[]): Record<string, unknown>[] {
  return waysToFulfil(conditions, new Set(['needed'])).map((way) => Object.fromEntries(way));
}

describe('what a row has to be like', () => {
  it.each([
    ['(n > 0)', { n: { least: { value: '0', strict: true } } }],
    [
      "((price >= (0)::numeric) AND (price < '1e3'::numeric))",
      { price: { least: { value: '0', strict: false }, most: { value: '1e3', strict: true } } },
    ],
    [
      "((status)::text = ANY ((ARRAY['a'::character varying, 'b''c'::character varying])::text[]))",
      { status: { among: ['a', "b'c"] } },
    ],
    ["(status = ANY ('{a,b}'::text[]))", { status: { among: ['a', 'b'] } }],
    ["(status <> ALL (ARRAY['a'::text]))", { status: { notAmong: ['a'] } }],
    ['(char_length((name)::text) <= 10)', { name: { longest: 10 } }],
    ["(btrim(name) <> ''::text)", { name: { shortest: 1 } }],
    ['("Name" ~ \'^[a-z]+$\'::text)', { '"Name"': { matches: '^[a-z]+$' } }],
    ['(NOT (n <= 5))', { n: { least: { value: '5', strict: true } } }],
    ['(5 < n)', { n: { least: { value: '5', strict: true } } }],
    ["(n >= '-5'::integer)", { n: { least: { value: '-5', strict: false } } }],
    ['(x IS NOT NULL)', { x: { isNull: false } }],
    ['(COALESCE(x, 0) > 3)', { x: { least: { value: '3', strict: true } } }],
    ['(flag IS TRUE)', { flag: { among: ['true'], isNull: false } }],
    ['(NOT flag)', { flag: { among: ['false'] } }],
    ['(name = lower(name))', { name: { spelled: 'lower' } }],
    ['(at <= now())', { at: { time: 'past' } }],
    ["(born < (CURRENT_DATE - '18 years'::interval))", { born: { time: 'past' } }],
    [
      '(("end" > start) AND (closed > "end"))',
      { start: { rank: 0 }, '"end"': { rank: 1 }, closed: { rank: 2 } },
    ],
    ["(jsonb_typeof(j) = 'object'::text)", { j: { json: 'object' } }],
    [
      "(at < '2020-01-01 00:00:00+00'::timestamp with time zone)",
      { at: { most: { value: '2020-01-01 00:00:00+00', strict: true } } },
    ],
  ])('%s', (condition, expected) => {
    expect(ways(condition)).toEqual([expected]);
  });

  it('each side of a disjunction is a way, and what contradicts itself is none', () => {
    expect(
      ways(
        "(((kind = 'a'::text) AND (x IS NOT NULL)) OR ((kind = 'b'::text) AND (x IS NULL)))",
        "(kind <> 'b'::text)",
      ),
    ).toEqual([{ kind: { among: ['a'], notAmong: ['b'] }, x: { isNull: false } }]);
    expect(ways('((needed IS NULL) OR (n > 1))')).toEqual([{ n: { least: { value: '1', strict: true } } }]);
    expect(ways('((a IS NULL) = (b IS NULL))')).toEqual([
      { a: { isNull: true }, b: { isNull: true } },
      { a: { isNull: false }, b: { isNull: false } },
    ]);
  });

  it.each([
    '(num_nonnulls(a, b) = 1)',
    '((((a IS NOT NULL))::integer + ((b IS NOT NULL))::integer) = 1)',
    '((CASE WHEN (a IS NULL) THEN 0 ELSE 1 END IS NULL) OR (num_nulls(a, b) = 1))',
  ])('counts what is not null: %s', (condition) => {
    const seen = ways(condition).filter((way) => way['a'] && way['b']);
    expect(seen).toHaveLength(2);
    expect(seen).toContainEqual({ a: { isNull: true }, b: { isNull: false } });
    expect(seen).toContainEqual({ a: { isNull: false }, b: { isNull: true } });
  });

  it('says of what it does not know which columns it is about', () => {
    expect(ways('(total = (count * price))')).toEqual([
      { total: { unsolved: true }, count: { unsolved: true }, price: { unsolved: true } },
    ]);
    expect(ways('(a IS JSON OBJECT)')[0]).toMatchObject({ a: { unsolved: true } });
    expect(ways('false')).toEqual([{}]);
  });

  it('stays small where there are many ways', () => {
    const condition = Array.from({ length: 12 }, (_, at) => `((a${at} > 0) OR (b${at} > 0))`).join(' AND ');
    const start = performance.now();
    expect(ways(`(${condition})`, `(${condition})`).length).toBeLessThanOrEqual(48);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
