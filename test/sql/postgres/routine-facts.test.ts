import { beforeAll, expect, test } from 'vitest';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import type { StatementOf } from '../../../src/sql/statement.ts';

beforeAll(loadPostgresParser);

function routine(sql: string): StatementOf<'create-function'> {
  const { statements, errors } = parsePostgres(sql);
  expect(errors).toEqual([]);
  const found = statements.find((statement) => statement.kind === 'create-function');
  if (!found) throw new Error(`no routine in ${sql}`);
  return found;
}

test('the inputs of a routine are what tells its overloads apart', () => {
  const { inputs } = routine(
    'CREATE FUNCTION f(a int, OUT b text, INOUT c varchar(3), VARIADIC d app.mood[] DEFAULT NULL) LANGUAGE sql AS $$ SELECT 1 $$',
  );
  expect(inputs).toEqual(['integer', 'varchar', 'app.mood[]']);
  expect(routine('CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS $$ SELECT 1 $$').inputs).toEqual(
    [],
  );
});

test.each([
  [
    "/* begin */ CREATE FUNCTION f(a text DEFAULT 'begin atomic') RETURNS int\nBEGIN /* é */ ATOMIC\n  DELETE FROM t WHERE a = CASE WHEN true THEN ';' END;\n  RETURN g(1); -- end\nEND",
    ["DELETE FROM t WHERE a = CASE WHEN true THEN ';' END", 'RETURN g(1)'],
  ],
  [
    'CREATE FUNCTION f(a int) RETURNS int RETURN CASE a WHEN 1 THEN g(a) END',
    ['RETURN CASE a WHEN 1 THEN g(a) END'],
  ],
  ['CREATE PROCEDURE p() BEGIN ATOMIC END', []],
  [
    'SELECT 1; CREATE PROCEDURE p() BEGIN ATOMIC; INSERT INTO t VALUES (1);; END',
    ['INSERT INTO t VALUES (1)'],
  ],
])('a body without quotes is read in its place: %s', (sql, texts) => {
  const { atomic, body } = routine(sql);
  expect(body).toBeUndefined();
  expect(atomic?.notAnalysed).toBeUndefined();
  expect(atomic?.statements.map(({ span }) => sql.slice(span.start, span.end))).toEqual(texts);
});
