import { beforeAll, expect, test } from 'vitest';
import { applyStatement } from '../../../src/sql/catalog/apply.ts';
import { SchemaCatalog } from '../../../src/sql/catalog/schema-catalog.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import { SourceFile } from '../../../src/sql/source.ts';

beforeAll(loadPostgresParser);

/** Each text is a session of its own. */
function after(...files: readonly string[]): SchemaCatalog {
  const catalog = new SchemaCatalog();
  for (const text of files) {
    catalog.startSession();
    for (const statement of parsePostgres(text).statements) applyStatement(catalog, statement, '1');
  }
  return catalog;
}

const makes = (signature: string, body: string): string =>
  `CREATE OR REPLACE FUNCTION ${signature} RETURNS void LANGUAGE sql AS $$ ${body} $$;\n`;

/** Where the overloads are that a call may run. */
const called = (catalog: SchemaCatalog, name: string, schema?: string): string[] =>
  catalog.routines
    .called({ name, ...(schema === undefined ? {} : { schema }) })
    .map((each) => `${each.schema}.${each.name.name}(${each.inputs})`);

test('the last definition of the same inputs counts, and overloads stand beside it', () => {
  const catalog = after(makes('f()', 'SELECT 1') + makes('f(int)', 'SELECT 2') + makes('f()', 'SELECT a()'));
  expect(called(catalog, 'f')).toEqual(['public.f(integer)', 'public.f()']);
  const [, last] = catalog.routines.called({ name: 'f' });
  expect(last?.body.statements[0]?.functions).toEqual([{ name: 'a' }]);
});

test('what is dropped is forgotten, unless it may be another overload that went', () => {
  const one = makes('f()', 'SELECT 1');
  expect(called(after(`${one}DROP FUNCTION f();`), 'f')).toEqual([]);
  expect(called(after(`${one}DROP FUNCTION IF EXISTS f(int);`), 'f')).toEqual(['public.f()']);
  expect(called(after(`${one}${makes('f(int)', '')}DROP FUNCTION f(int);`), 'f')).toHaveLength(2);
  expect(called(after(`CREATE SCHEMA app;${makes('app.f()', '')}DROP SCHEMA app CASCADE;`), 'f')).toEqual([]);
});

test('a rollback takes back what was made, a rename or another schema takes it along', () => {
  expect(called(after(`BEGIN;${makes('f()', 'SELECT 1')}ROLLBACK;`), 'f')).toEqual([]);
  const moved = `${makes('f()', '')}ALTER FUNCTION f() RENAME TO g;CREATE SCHEMA a;ALTER FUNCTION g() SET SCHEMA a;ALTER SCHEMA a RENAME TO b;`;
  const catalog = after(moved);
  expect([called(catalog, 'f'), called(catalog, 'g', 'a'), called(catalog, 'g', 'b')]).toEqual([
    [],
    [],
    ['b.g()'],
  ]);
  expect(catalog.functionVolatility({ schema: 'b', name: 'g' })).toBe('volatile');
});

test('a name without a schema is looked up along the path first', () => {
  const both = `CREATE SCHEMA a;CREATE SCHEMA b;${makes('a.f()', '')}${makes('b.f()', '')}`;
  expect(called(after(`${both}SET search_path = b;`), 'f')).toEqual(['b.f()']);
  expect(called(after(both), 'f')).toEqual(['a.f()', 'b.f()']);
});

test('temporary routines end with their session', () => {
  const temporary = makes('pg_temp.f()', 'SELECT 1');
  expect(called(after(temporary), 'f', 'pg_temp')).toEqual(['pg_temp.f()']);
  expect(called(after(temporary, 'SELECT 1;'), 'f', 'pg_temp')).toEqual([]);
});

test('a copy of the catalog keeps what it had', () => {
  const catalog = after(makes('f()', 'SELECT 1'));
  const copy = catalog.clone();
  for (const statement of parsePostgres('DROP FUNCTION f();').statements)
    applyStatement(copy, statement, '2');
  expect([called(catalog, 'f'), called(copy, 'f')]).toEqual([['public.f()'], []]);
});

test('a call does what the body does, and what the bodies do that it calls', () => {
  const bodies =
    makes('make()', 'CREATE TABLE made (id int)') + makes('outer_one()', 'SELECT make(); SELECT outer_one()');
  expect(after(bodies).table({ name: 'made' })).toBeUndefined();
  expect(after(`${bodies}SELECT outer_one();`).table({ name: 'made' })?.columns.has('id')).toBe(true);
});

test('after a call that builds a statement the schema is not known for certain, unless that leaves tables alone', () => {
  const builds = (text: string): string =>
    `CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${text}; END $$; SELECT f('a');`;
  const catalogOf = (text: string): SchemaCatalog => {
    const catalog = new SchemaCatalog();
    const sql = builds(text);
    catalog.startSession(new SourceFile('1.sql', sql));
    for (const statement of parsePostgres(sql).statements) applyStatement(catalog, statement, '1');
    return catalog;
  };
  expect(catalogOf("format('ALTER TABLE %I ADD COLUMN x int', t)").incomplete).toBe(true);
  expect(catalogOf("format('CREATE TRIGGER x BEFORE UPDATE ON %I EXECUTE FUNCTION y()', t)").incomplete).toBe(
    false,
  );
});
