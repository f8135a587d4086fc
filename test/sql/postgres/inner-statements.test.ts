import { beforeEach, describe, expect, test } from 'vitest';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import type { Statement } from '../../../src/sql/statement.ts';

beforeEach(async () => {
  await loadPostgresParser();
});

/** Kind, text and relations of what stands inside the only statement, depth first. */
function inside(text: string): string[] {
  const [only] = parsePostgres(text).statements;
  const shown = (statement: Statement): string[] => [
    `${statement.kind} [${text.slice(statement.span.start, statement.span.end)}] ${statement.relations.map(({ name }) => name).join(' ')}`,
    ...(statement.inner ?? []).flatMap(shown),
  ];
  return (only?.inner ?? []).flatMap(shown);
}

describe('a data change inside another statement is a statement of its own', () => {
  test('in WITH, where the names of other CTEs are no relations', () => {
    const text =
      'WITH a AS (DELETE FROM t RETURNING *), b (x) AS MATERIALIZED (UPDATE u SET x = a.x FROM a RETURNING *) SELECT * FROM b';
    expect(inside(text)).toEqual([
      'delete [DELETE FROM t RETURNING *] t',
      'update [UPDATE u SET x = a.x FROM a RETURNING *] u',
    ]);
  });

  test.each([
    ['INSERT INTO x', 'WITH d AS (DELETE FROM t RETURNING *) INSERT INTO x SELECT * FROM d'],
    ['CREATE TABLE AS', 'CREATE TABLE x AS WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d'],
    ['SELECT INTO', 'WITH d AS (DELETE FROM t RETURNING *) SELECT * INTO x FROM d'],
    ['COPY', 'COPY (DELETE FROM t RETURNING *) TO STDOUT'],
  ])('in %s', (_, text) => {
    expect(inside(text)).toEqual(['delete [DELETE FROM t RETURNING *] t']);
  });

  test('behind EXPLAIN ANALYZE, in both ways to write it', () => {
    expect(inside('EXPLAIN ANALYZE VERBOSE DELETE FROM t')).toEqual(['delete [DELETE FROM t] t']);
    expect(inside('EXPLAIN (ANALYZE, COSTS off) DELETE FROM t')).toEqual(['delete [DELETE FROM t] t']);
  });

  test('behind PREPARE', () => {
    expect(inside('PREPARE p (int) AS DELETE FROM t WHERE id = $1')).toEqual([
      'delete [DELETE FROM t WHERE id = $1] t',
    ]);
  });

  test('in WITH behind EXPLAIN ANALYZE, one in the other', () => {
    expect(inside('EXPLAIN ANALYZE WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d')).toEqual([
      'select [WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d] t',
      'delete [DELETE FROM t RETURNING *] t',
    ]);
  });
});

test.each([
  'SELECT * FROM t',
  'WITH d AS (SELECT * FROM t) SELECT * FROM d',
  'EXPLAIN DELETE FROM t',
  'EXPLAIN (ANALYZE off) DELETE FROM t',
  'PREPARE p AS SELECT * FROM t',
  'COPY (SELECT * FROM t) TO STDOUT',
])('nothing runs inside: %s', (text) => {
  const [only] = parsePostgres(text).statements;
  expect(only).toBeDefined();
  expect(only?.inner).toBeUndefined();
});

describe('standard_conforming_strings = off', () => {
  const gaps = (text: string): string[] => parsePostgres(text).notAnalysed.map(({ reason }) => reason);

  test('leaves unsaid what a file with backslashes means from there on', () => {
    const [reason, ...others] = gaps("SET standard_conforming_strings = off;\nSELECT '\\';\n");
    expect(reason).toMatch(/^standard_conforming_strings is off from here on/);
    expect(others).toEqual([]);
  });

  test.each([
    "SET standard_conforming_strings = on;\nSELECT '\\';\n",
    "SET standard_conforming_strings = off;\nSELECT 'a';\n",
    "SELECT '\\';\nSET standard_conforming_strings = off;\n",
  ])('changes nothing in %j', (text) => {
    expect(gaps(text)).toEqual([]);
  });
});
