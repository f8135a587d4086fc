import { loadModule, parsePlPgSQLSync } from 'libpg-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import { analyseBody } from '../../../src/sql/postgres/plpgsql.ts';
import type { Span } from '../../../src/sql/source.ts';
import type { RoutineBody } from '../../../src/sql/statement.ts';

beforeAll(async () => {
  await loadPostgresParser();
  await loadModule();
});

const parsers = { plpgsql: parsePlPgSQLSync, sql: (sql: string) => parsePostgres(sql) };

/** Analyses the first dollar-quoted body of a file, and gives every span as the text it covers. */
function read(file: string, language = 'plpgsql') {
  const tag = /\$\w*\$/.exec(file)?.[0] ?? '';
  const start = file.indexOf(tag) + tag.length;
  const bodySpan = { start, end: file.indexOf(tag, start) };
  const body = file.slice(bodySpan.start, bodySpan.end);
  return view(file, analyseBody({ language, body, bodySpan, wrapped: file }, parsers));
}

function view(file: string, body: RoutineBody) {
  const text = (span: Span): string => file.slice(span.start, span.end);
  return {
    body,
    kinds: body.statements.map((statement) => statement.kind),
    texts: body.statements.map((statement) => text(statement.span)),
    relations: body.statements.flatMap((statement) =>
      statement.relations.map((relation) => text(relation.span)),
    ),
    dynamic: body.dynamic.map(text),
    notAnalysed: body.notAnalysed,
  };
}

describe('common DO blocks', () => {
  test('a type created once, its duplicate ignored', () => {
    const found = read(`-- a type
DO $$ BEGIN
  CREATE TYPE order_status AS ENUM ('open', 'paid');
EXCEPTION
  WHEN duplicate_object THEN null;
END $$;`);
    expect(found.kinds).toEqual(['create-enum']);
    expect(found.texts).toEqual([`CREATE TYPE order_status AS ENUM ('open', 'paid')`]);
    expect(found.notAnalysed).toBeUndefined();
  });

  test('a constraint added when pg_constraint does not hold it', () => {
    const found = read(`DO $do$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'orders_total_positive') THEN
    ALTER TABLE public.orders ADD CONSTRAINT orders_total_positive CHECK (total > 0) NOT VALID;
  END IF;
END
$do$;`);
    expect(found.kinds).toEqual(['select', 'alter-table']);
    expect(found.relations).toEqual(['pg_constraint', 'public.orders']);
    expect(found.texts[1]).toMatch(/^ALTER TABLE public\.orders .* NOT VALID$/);
  });

  test('a loop whose SQL is built at run time', () => {
    const found = read(`DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename);
    EXECUTE 'DROP TABLE ' || quote_ident(r.tablename);
  END LOOP;
END $$;`);
    expect(found.texts).toEqual([`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`]);
    expect(found.dynamic).toEqual([
      `format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename)`,
      `'DROP TABLE ' || quote_ident(r.tablename)`,
    ]);
  });

  test('a role created when it is missing', () => {
    const found = read(`DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app LOGIN; END IF;
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO app;
END $$`);
    expect(found.kinds).toEqual(['select', 'create-role', 'grant']);
  });

  test('every branch of IF and CASE, and every handler', () => {
    const found = read(`DO $$ DECLARE n int := 2; BEGIN
  IF n = 1 THEN DELETE FROM a; ELSIF n = 2 THEN DELETE FROM b; ELSE DELETE FROM c; END IF;
  CASE n WHEN (SELECT max(x) FROM d) THEN TRUNCATE e; ELSE TRUNCATE f; END CASE;
  CASE WHEN n > 1 THEN TRUNCATE g; END CASE;
  <<inner>> BEGIN DELETE FROM h; EXCEPTION WHEN unique_violation THEN DELETE FROM i; WHEN others THEN DELETE FROM j; END inner;
END $$`);
    expect(found.relations).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
  });

  test('equal statements on one line each have their own place', () => {
    const file = `DO $$ BEGIN DELETE FROM a; DELETE FROM a; DELETE FROM a; END $$`;
    const starts = read(file).body.statements.map((statement) => statement.span.start);
    expect(starts).toEqual([12, 27, 42]);
  });

  test('a text that stands in a comment above is not taken for the statement', () => {
    const file = `DO $$ BEGIN\n  -- DELETE FROM a;\n  DELETE FROM a;\nEND $$`;
    expect(read(file).body.statements[0]?.span.start).toBe(file.lastIndexOf('DELETE'));
  });

  test('CRLF and characters outside ASCII do not move places', () => {
    const found = read(
      `-- größe 💥\r\nDO $$\r\nBEGIN\r\n  RAISE NOTICE '💥';\r\n  UPDATE "tä💥" SET a = 'ü';\r\n  DELETE FROM "ß";\r\nEND $$;`,
    );
    expect(found.texts).toEqual([`UPDATE "tä💥" SET a = 'ü'`, 'DELETE FROM "ß"']);
    expect(found.relations).toEqual(['"tä💥"', '"ß"']);
  });
});

describe('INTO targets', () => {
  test('SELECT … INTO a variable is a query, not CREATE TABLE AS', () => {
    const found = read(`DO $$ DECLARE v int; r record; BEGIN
  SELECT a INTO v FROM t WHERE x = 1;
  SELECT a, b INTO STRICT r FROM public.u;
  SELECT count(*) FROM w INTO v;
  INSERT INTO x (a) VALUES (1) RETURNING id INTO v;
END $$`);
    expect(found.kinds).toEqual(['select', 'select', 'select', 'insert']);
    expect(found.relations).toEqual(['t', 'public.u', 'w', 'x']);
    expect(found.texts[0]).toBe('SELECT a INTO v FROM t WHERE x = 1');
  });

  test('a target with characters outside ASCII does not move what follows', () => {
    const found = read(
      `DO $$ DECLARE größe int; BEGIN SELECT 'ü' INTO größe FROM tä, u; DELETE FROM v; END $$`,
    );
    expect(found.relations).toEqual(['tä', 'u', 'v']);
  });

  test('a table made by CREATE TABLE AS stays one', () => {
    expect(read(`DO $$ BEGIN CREATE TEMP TABLE x AS SELECT 1 AS a; END $$`).kinds).toEqual([
      'create-table-as',
    ]);
  });
});

describe('functions', () => {
  test('a trigger function', () => {
    const found = read(`CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
BEGIN
  NEW.updated_at := now();
  INSERT INTO audit (id) VALUES (OLD.id);
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;`);
    expect(found.texts).toEqual(['now()', 'INSERT INTO audit (id) VALUES (OLD.id)']);
    expect(found.body.statements[0]?.functions).toEqual([{ name: 'now' }]);
  });

  test('an event trigger function', () => {
    const found = read(
      `CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no % here', tg_tag; END $$`,
    );
    expect(found).toMatchObject({ kinds: [], notAnalysed: undefined });
  });

  test('PERFORM is a SELECT at the word PERFORM', () => {
    const found = read(`CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM setval('orders_id_seq', (SELECT max(id) FROM orders));
  PERFORM 1 FROM accounts WHERE id = 1 FOR UPDATE;
END $$`);
    expect(found.kinds).toEqual(['select', 'select']);
    expect(found.texts[0]).toBe(`PERFORM setval('orders_id_seq', (SELECT max(id) FROM orders))`);
    expect(found.relations).toEqual(['orders', 'accounts']);
    expect(found.body.statements[1]).toMatchObject({ locking: true });
  });

  test('RETURN QUERY, cursors, OPEN and assignments', () => {
    const found = read(`CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  c CURSOR (k int) FOR SELECT * FROM a WHERE id = k;
  d refcursor;
  n int := (SELECT count(*) FROM b);
BEGIN
  OPEN d FOR SELECT * FROM c1;
  n := count(*) FROM d1;
  WHILE EXISTS (SELECT 1 FROM e) LOOP EXIT WHEN n > 3; END LOOP;
  RETURN QUERY SELECT * FROM f1;
  RETURN QUERY EXECUTE 'SELECT * FROM g';
  RETURN;
END $$`);
    expect(found.relations).toEqual(['a', 'b', 'c1', 'd1', 'e', 'f1', 'g']);
    expect(found.kinds).toEqual(Array(7).fill('select'));
  });

  test('a procedure that commits', () => {
    const found = read(`CREATE PROCEDURE p(INOUT n int) LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    UPDATE t SET done = true WHERE NOT done;
    EXIT WHEN NOT FOUND;
    commit;
  END LOOP;
  CALL q(1);
  ROLLBACK;
END $$`);
    expect(found.kinds).toEqual(['update', 'transaction', 'call', 'transaction']);
    expect(found.texts[1]).toBe('commit');
  });

  test('a body in LANGUAGE sql', () => {
    const found = read(
      `CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ DELETE FROM a; SELECT count(*) FROM b $$`,
      'sql',
    );
    expect(found.texts).toEqual(['DELETE FROM a', 'SELECT count(*) FROM b']);
    expect(found.relations).toEqual(['a', 'b']);
  });

  test('a broken body in LANGUAGE sql says what the parser said', () => {
    const found = read(`CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELEC 1 $$`, 'sql');
    expect(found.notAnalysed).toMatch(/syntax error at or near "SELEC"/);
  });

  test('a body in a language that is not SQL is reported', () => {
    const found = read(`CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$`, 'plpython3u');
    expect(found).toMatchObject({ kinds: [], notAnalysed: 'a body in LANGUAGE plpython3u is not read' });
  });
});

describe('EXECUTE of a literal', () => {
  test('a plain literal is static SQL, at its place', () => {
    const found = read(`DO $$ BEGIN
  EXECUTE 'ALTER TABLE orders ALTER COLUMN note SET DEFAULT ''none''; DROP TABLE old_orders';
  EXECUTE $sql$DROP TABLE older_orders$sql$;
  EXECUTE 'UPDATE t SET a = $1' USING 3;
END $$`);
    expect(found.kinds).toEqual(['alter-table', 'drop', 'drop', 'update']);
    expect(found.texts).toEqual([
      `ALTER TABLE orders ALTER COLUMN note SET DEFAULT ''none''`,
      'DROP TABLE old_orders',
      'DROP TABLE older_orders',
      'UPDATE t SET a = $1',
    ]);
    expect(found.dynamic).toEqual([]);
  });

  test.each([`'DROP ' || x`, `format('DROP TABLE t')`, `E'DROP TABLE t\\n'`, 'x', `'DROP TABLE t' 'x'`])(
    '%s is not',
    (text) => {
      const found = read(`DO $$ DECLARE x text; BEGIN EXECUTE ${text.replace("' '", "'\n'")}; END $$`);
      expect(found.kinds).toEqual([]);
      expect(found.body.dynamic).toHaveLength(1);
    },
  );

  test('a literal that is no SQL is reported', () => {
    expect(read(`DO $$ BEGIN EXECUTE 'DORP TABLE t'; END $$`).notAnalysed).toMatch(
      /syntax error at or near "DORP"/,
    );
  });
});

describe('quoted bodies', () => {
  test('doubled quotes do not move places', () => {
    const file = `DO 'BEGIN INSERT INTO a VALUES (''x'', ''y''); EXECUTE ''DELETE FROM b''; DELETE FROM c; END'`;
    const bodySpan = { start: 4, end: file.length - 1 };
    const body = file.slice(bodySpan.start, bodySpan.end).replaceAll("''", "'");
    const found = view(file, analyseBody({ language: 'plpgsql', body, bodySpan, wrapped: file }, parsers));
    expect(found.relations).toEqual(['a', 'b', 'c']);
    expect(found.texts[0]).toBe(`INSERT INTO a VALUES (''x'', ''y'')`);
  });

  test('a body with escapes has the span of the whole', () => {
    const file = `DO E'BEGIN\\n DELETE FROM c; END'`;
    const bodySpan = { start: 5, end: file.length - 1 };
    const found = analyseBody(
      { language: 'plpgsql', body: 'BEGIN\n DELETE FROM c; END', bodySpan, wrapped: file },
      parsers,
    );
    expect(found.statements.map((statement) => statement.span)).toEqual([bodySpan]);
  });
});

describe('what libpg-query refuses because it has no catalog', () => {
  test('fields of a %ROWTYPE variable', () => {
    const found = read(`CREATE FUNCTION f() RETURNS SETOF app.orders LANGUAGE plpgsql AS $$
DECLARE
  o app.orders%ROWTYPE;
BEGIN
  FOR o IN SELECT * FROM app.orders LOOP
    o.total := 0;
    RETURN NEXT o;
  END LOOP;
END $$`);
    expect(found.notAnalysed).toBeUndefined();
    expect(found.relations).toEqual(['app.orders']);
  });

  test('variables of an enum type in one INTO', () => {
    const found = read(`DO $$
DECLARE
  s order_status; total numeric(10, 2) := 0; previous public.order_status;
BEGIN
  SELECT status, amount INTO s, total FROM orders;
  DELETE FROM carts;
END $$`);
    expect(found.notAnalysed).toBeUndefined();
    expect(found.relations).toEqual(['orders', 'carts']);
  });

  test('OUT parameters of an enum type in one INTO are reported', () => {
    const found = read(
      `CREATE FUNCTION f(OUT s order_status, OUT n int) LANGUAGE plpgsql AS $$ BEGIN SELECT a, b INTO s, n FROM t; END $$`,
    );
    expect(found).toMatchObject({ kinds: [], notAnalysed: expect.stringMatching(/^PL\/pgSQL: .*INTO list/) });
  });
});

describe('broken bodies', () => {
  test.each([
    ['BEGIN IF x THEN END;', 'syntax error'],
    ['BEGIN SELECT FROM WHERE x; END', 'syntax error at or near "WHERE"'],
    ['BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END', 'loop variable'],
    ['', 'end of input'],
    ['BEGIN RAISE NOTICE $x', ''],
  ])('%j is a reason, not an exception', (body, reason) => {
    const found = read(`DO $q$${body}$q$`);
    expect(found.kinds).toEqual([]);
    expect(found.notAnalysed).toContain(`PL/pgSQL: `);
    expect(found.notAnalysed).toContain(reason);
  });

  test('blocks nested thousands deep do not break the program', () => {
    const found = read(`DO $q$${'BEGIN '.repeat(5000)}DELETE FROM a;${' END;'.repeat(5000)}$q$`);
    expect(found.kinds.length === 1 || found.notAnalysed !== undefined).toBe(true);
    expect(read('DO $$ BEGIN DELETE FROM a; END $$').kinds).toEqual(['delete']);
  });

  test('DO blocks in one another end with a reason', () => {
    let file = 'DELETE FROM a';
    for (let level = 0; level < 1500; level++) file = `DO $t${level}$ BEGIN ${file}; END $t${level}$`;
    const found: (string | undefined)[] = [];
    let [statement] = parsePostgres(file).statements;
    for (; statement?.kind === 'do'; [statement] = statement.body.statements)
      found.push(statement.body.notAnalysed);
    expect(found).toHaveLength(17);
    expect(found.at(-1)).toBe('more than 16 bodies stand in one another');
  });
});
