import { beforeAll, describe, expect, it } from 'vitest';
import { foreignKeysAdded, tablesTouched } from '../../../src/proof/populate/tables-touched.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';

beforeAll(() => loadPostgresParser());

function touched(sql: string): string[] {
  return tablesTouched(parsePostgres(sql).statements);
}

describe('the tables that a section touches', () => {
  it.each([
    ['ALTER TABLE app.Users ADD FOREIGN KEY (team_id) REFERENCES "Teams"', ['"app"."users"', '"Teams"']],
    ['CREATE INDEX CONCURRENTLY ON users (name)', ['"users"']],
    ['INSERT INTO a SELECT * FROM b WHERE EXISTS (SELECT FROM c)', ['"a"', '"b"', '"c"']],
    ['WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone', ['"b"', '"a"']],
    ['DROP INDEX app.by_name', ['"app"."by_name"']],
    ['DROP TABLE a, b CASCADE', ['"a"', '"b"']],
    ['DROP SCHEMA "My App" CASCADE', ['"My App".*']],
    ['DROP TYPE mood CASCADE', ['"mood"']],
    ['DROP TRIGGER t ON users', ['"users"']],
    ['ALTER DOMAIN email ADD CHECK (VALUE <> $$x$$)', ['"email"']],
    ["ALTER TYPE mood ADD VALUE 'new'", ['"mood"']],
    ['CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)', ['"p1"', '"p"']],
    ['ALTER TABLE p DETACH PARTITION p1', ['"p"', '"p1"']],
    ['DO $$ BEGIN UPDATE a SET x = 1; END $$', ['"a"']],
    ['GRANT SELECT ON a TO b', []],
    ["COMMENT ON TABLE a IS 'x'", []],
  ])('%s', (sql, expected) => {
    expect(new Set(touched(sql))).toEqual(new Set(expected));
  });

  it('are those of a function only where it is called', () => {
    const create = 'CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $$ UPDATE a SET x = 1 $$;';
    expect(touched(create)).toEqual([]);
    expect(touched(`${create} SELECT fill()`)).toEqual(['"a"']);
  });

  it('may stand in any schema of a search_path that is set', () => {
    expect(
      touched(`SET search_path = app, "$user", public; UPDATE a SET x = 1; UPDATE b.c SET x = 1`),
    ).toEqual(['"a"', '"app"."a"', '"public"."a"', '"b"."c"']);
  });
});

describe('the foreign keys that a section adds', () => {
  it('are those of tables that stand, in names without quotes', () => {
    const { statements } = parsePostgres(
      'ALTER TABLE app.a ADD CONSTRAINT k FOREIGN KEY ("X", y) REFERENCES b (x, y) NOT VALID, ADD FOREIGN KEY (z) REFERENCES c; CREATE TABLE d (a int REFERENCES a)',
    );
    expect(foreignKeysAdded(statements)).toEqual([
      {
        table: { schema: 'app', name: 'a' },
        columns: ['X', 'y'],
        references: { schema: undefined, name: 'b' },
        referenced: ['x', 'y'],
      },
      {
        table: { schema: 'app', name: 'a' },
        columns: ['z'],
        references: { schema: undefined, name: 'c' },
        referenced: [],
      },
    ]);
  });
});
