import { beforeAll, describe, expect, test } from 'vitest';
import { SourceFile } from '../../src/sql/source.ts';
import { displayName, type Statement } from '../../src/sql/statement.ts';
import { parseSection, prepareParser } from '../../src/validation/parse.ts';

beforeAll(async () => {
  await prepareParser('postgres');
});

function read(
  text: string,
  placeholders: Record<string, string> = {},
  pieces = [{ start: 0, end: text.length }],
) {
  const file = new SourceFile('migrations/1.sql', text);
  const parsed = parseSection(
    { file, pieces, directives: [], optsOut: false },
    { dialect: 'postgres', placeholders },
  );
  const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  return {
    parsed,
    kinds: parsed.statements.map(({ kind }) => kind),
    texts: parsed.statements.map(({ span }) => at(span)),
    tables: parsed.statements.flatMap(({ relations }: Statement) => relations.map(displayName)),
    tableTexts: parsed.statements.flatMap(({ relations }) => relations.map(({ span }) => at(span))),
    errors: parsed.errors.map(({ message, span }) => `${at(span)}| ${message}`),
    gaps: parsed.notAnalysed.map(({ span, reason }) => `${at(span)}| ${reason}`),
  };
}

describe('psql commands', () => {
  test('those that stand together are one gap, and the statements around them keep their facts', () => {
    const found = read(
      `\\set ON_ERROR_STOP on\n\\echo 'it''s; time'\n\nCREATE TABLE a (id int);\n\\connect other\nDROP TABLE a;\n`,
    );
    expect(found.kinds).toEqual(['create-table', 'drop']);
    expect(found.texts).toEqual(['CREATE TABLE a (id int)', 'DROP TABLE a']);
    expect(found.errors).toEqual([]);
    expect(found.gaps).toEqual([
      `\\set ON_ERROR_STOP on\n\\echo 'it''s; time'| \\set and \\echo are commands of psql, not SQL: only psql runs them`,
      '\\connect other| \\connect is a command of psql, not SQL: only psql runs it',
    ]);
  });

  test('pg_dump’s restriction and Windows line ends', () => {
    const found = read('\\restrict xY12\r\nSELECT 1;\r\n\\unrestrict xY12\r\n');
    expect(found.texts).toEqual(['SELECT 1']);
    expect(found.gaps).toHaveLength(2);
    expect(found.gaps[0]).toMatch(/^\\restrict xY12\| /);
  });

  test('a file that is read in says that its SQL is unknown', () => {
    expect(read('\\i roles.sql\nSELECT 1;').gaps).toEqual([
      '\\i roles.sql| \\i is a command of psql, not SQL: only psql runs it; what \\i reads is not analysed',
    ]);
  });

  test('\\gexec ends the statement before it', () => {
    const found = read(`SELECT 'CREATE DATABASE x'\nWHERE true\\gexec\nCREATE TABLE a (id int);`);
    expect(found.texts).toEqual(["SELECT 'CREATE DATABASE x'\nWHERE true", 'CREATE TABLE a (id int)']);
    expect(found.gaps[0]).toContain('the SQL that the query before \\gexec returns is not known');
  });

  test('\\g behind \\bind on one line, and \\;', () => {
    const found = read('INSERT INTO a VALUES ($1) \\bind 1 \\g\nSELECT 1\\; SELECT 2;');
    expect(found.texts).toEqual(['INSERT INTO a VALUES ($1)', 'SELECT 1', 'SELECT 2']);
    expect(found.gaps).toHaveLength(1);
  });

  test('what \\if holds is read, and said once to be conditional', () => {
    const found = read('\\if :new\nCREATE TABLE a (id int);\n\\else\nDROP TABLE a;\n\\endif\nSELECT 1;');
    expect(found.kinds).toEqual(['create-table', 'drop', 'select']);
    expect(found.gaps).toEqual([
      '\\if :new\nCREATE TABLE a (id int);\n\\else\nDROP TABLE a;\n\\endif| psql decides at \\if what of this runs; it is read as if all of it did',
    ]);
  });

  test('a variable that \\set gives a plain value is known below', () => {
    const found = read(
      '\\set schema app\nCREATE TABLE :schema.users (id int);\nSELECT :"schema", :\'schema\' FROM :"schema".x;',
    );
    expect(found.tables).toEqual(['app.users', 'app.x']);
    expect(found.tableTexts).toEqual([':schema.users', ':"schema".x']);
  });

  test('a backslash in strings and comments is none of it', () => {
    const found = read(String.raw`-- \set x
SELECT E'a\'b' /* \i x */, 'c\d', $$ \echo $$;`);
    expect(found.kinds).toEqual(['select']);
    expect(found.gaps).toEqual([]);
  });
});

describe('rows of COPY', () => {
  test('are no SQL, whatever they hold', () => {
    const found = read(
      "COPY public.a (id, note) FROM stdin;\n1\tit's; {{ x }}\n2\t\\N\n\\.\n\nCREATE INDEX i ON a (id);",
    );
    expect(found.kinds).toEqual(['copy', 'create-index']);
    expect(found.tables).toEqual(['public.a', 'a']);
    expect(found.texts[1]).toBe('CREATE INDEX i ON a (id)');
    expect(found.errors).toEqual([]);
    expect(found.gaps).toEqual([]);
  });

  test('none at all, and two COPYs with options', () => {
    const found = read("COPY a FROM stdin WITH (FORMAT csv);\n\\.\ncopy b from STDIN;\n'\n\\.\nSELECT 1;");
    expect(found.kinds).toEqual(['copy', 'copy', 'select']);
    expect(found.gaps).toEqual([]);
  });

  test('\\copy reads them as well', () => {
    const found = read("\\copy a from stdin\n1\t'\n\\.\nSELECT 1;");
    expect(found.texts).toEqual(['SELECT 1']);
  });

  test('without their end mark what follows is taken for SQL', () => {
    const found = read('COPY a FROM stdin; -- \\.\nDROP TABLE a;');
    expect(found.kinds).toEqual(['copy', 'drop']);
  });
});

describe('placeholders with a value', () => {
  const values = { schema: 'application', 'flyway:timestamp': '2026', APP_USER: 'web', tables: 'a, b' };

  test.each([
    ['{{schema}}.users', 'application.users'],
    ['{{ schema }}.users', 'application.users'],
    ['{{ .Schema }}.users', 'application.users'],
    ['${schema}.users', 'application.users'],
    ['${SCHEMA:-public}.users', 'application.users'],
    ['$(schema).users', 'application.users'],
    [':schema.users', 'application.users'],
    [':SCHEMA.users', 'application.users'],
    [':"schema".users', 'application.users'],
    ['":SCHEMA".users', 'application.users'],
    ['"{{schema}}".users', 'application.users'],
    ['%(schema)s.users', 'application.users'],
    ['{schema}.users', 'application.users'],
    ['#{schema}.users', 'application.users'],
    ['<%= schema %>.users', 'application.users'],
    ['old_${flyway:timestamp}_t', 'old_2026_t'],
  ])('DROP TABLE %s', (written, name) => {
    const found = read(`SELECT 1;\nDROP TABLE ${written};\nDROP TABLE last;`, values);
    expect(found.tables).toEqual([name, 'last']);
    expect(found.texts).toEqual(['SELECT 1', `DROP TABLE ${written}`, 'DROP TABLE last']);
    expect(found.errors).toEqual([]);
    expect(found.gaps).toEqual([]);
  });

  test('spans stand at the written text, before, in and behind it', () => {
    const found = read('CREATE TABLE ${schema}.a (id int, ${tables} int);\nSELECT * FROM b, :schema.c;', {
      ...values,
      tables: 'x',
    });
    expect(found.tableTexts).toEqual(['${schema}.a', 'b', ':schema.c']);
    const [table] = found.parsed.statements;
    if (table?.kind !== 'create-table') throw new Error('no table');
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'x']);
    expect(
      table.columns.map(({ span }) =>
        'CREATE TABLE ${schema}.a (id int, ${tables} int)'.slice(span.start, span.end),
      ),
    ).toEqual(['id int', '${tables} int']);
  });

  test('in strings and routine bodies too, whose statements are found at their place', () => {
    const found = read(
      "DO $$ BEGIN DROP TABLE ${schema}.a; END $$;\nCOMMENT ON TABLE x IS '{{schema}}';",
      values,
    );
    const [block] = found.parsed.statements;
    if (block?.kind !== 'do') throw new Error('no block');
    expect(block.body.statements.map(({ kind, relations }) => [kind, relations.map(displayName)])).toEqual([
      ['drop', ['application.a']],
    ]);
    expect(block.body.notAnalysed).toBeUndefined();
    expect(found.texts[1]).toBe("COMMENT ON TABLE x IS '{{schema}}'");
  });

  test("a quote in a value is doubled in :'name'", () => {
    expect(read("SELECT * FROM f(:'note');", { note: "it's" }).errors).toEqual([]);
  });

  test('each piece of a section is read on its own', () => {
    const text = 'DROP TABLE ${schema}.a;\n-- +migrate Up\nDROP TABLE ${schema}.b;';
    const second = text.indexOf('-- +');
    const found = read(text, values, [
      { start: 0, end: second },
      { start: second, end: text.length },
    ]);
    expect(found.texts).toEqual(['DROP TABLE ${schema}.a', 'DROP TABLE ${schema}.b']);
  });
});

describe('placeholders without a value', () => {
  test('take their statement out, and say what to type', () => {
    const found = read(
      'CREATE TABLE a (id int);\nALTER TABLE {{schema}}.users OWNER TO :OWNER;\nDROP TABLE a;',
    );
    expect(found.kinds).toEqual(['create-table', 'drop']);
    expect(found.errors).toEqual([]);
    expect(found.gaps).toEqual([
      '{{schema}}| the placeholders "schema", "OWNER" have no value: write placeholders: { schema: …, OWNER: … } in migration.config.yml',
    ]);
  });

  test('a statement that does not parse around one is not called broken', () => {
    const found = read('CREATE TABLE a (id ${TYPE} ${MORE} ${LAST} ${X});\nSELECT 1;');
    expect(found.kinds).toEqual(['select']);
    expect(found.errors).toEqual([]);
    expect(found.gaps).toHaveLength(1);
  });

  test('in a string or a comment nothing needs saying', () => {
    const found = read("INSERT INTO a VALUES ('{{x}} ${y} :Z %(q)s'); -- {{x}}\n/* ${y} */ SELECT 1;");
    expect(found.kinds).toEqual(['insert', 'select']);
    expect(found.gaps).toEqual([]);
  });

  test('in a quoted name it hides which object is meant', () => {
    const found = read('GRANT CONNECT ON DATABASE ":DATABASE_NAME" TO x;\nSELECT ":lower";');
    expect(found.kinds).toEqual(['select']);
    expect(found.gaps[0]).toContain('placeholders: { DATABASE_NAME: … }');
  });

  test('in a body that cannot be read because of it', () => {
    const found = read(
      "DO $$ BEGIN DROP TABLE {{schema}}.a; END $$;\nDO $$ BEGIN PERFORM f('${x}'); END $$;",
    );
    expect(found.kinds).toEqual(['do', 'do']);
    expect(found.gaps).toHaveLength(1);
    expect(found.gaps[0]).toContain('the placeholder "schema" has no value');
  });

  test('alone on a line it stands for unknown SQL', () => {
    const found = read('{{ grants }}\nCREATE TABLE a (id int);');
    expect(found.kinds).toEqual(['create-table']);
    expect(found.gaps).toEqual(['{{ grants }}| the SQL that "grants" stands for is not known here']);
  });

  test('an extension’s schema', () => {
    expect(read('SET search_path TO @extschema@;\nSELECT 1;').kinds).toEqual(['select']);
  });

  test('goose’s environment variables, only where it is told to put them in', () => {
    const found = read(
      '-- +goose ENVSUB ON\nDROP TABLE ${A}.x;\nDROP TABLE $B;\n-- +goose ENVSUB OFF\nSELECT $1;',
    );
    expect(found.kinds).toEqual(['select']);
    expect(found.gaps).toHaveLength(2);
    expect(found.gaps[1]).toMatch(/^\$B\| /);
    expect(read('-- +goose ENVSUB ON\nDROP TABLE $B;', { B: 'b' }).tables).toEqual(['b']);
  });
});

describe('SQL that only looks like a placeholder', () => {
  test.each([
    "SELECT a::text, b::int[], 'x'::varchar(3) FROM t;",
    'SELECT list[1:n], list[a:b], list[:n], m[1:a][b:c] FROM t;',
    'SELECT f(a := 1, b => 2);',
    "SELECT j -> 'a', j #>> '{a,b}', j @> '{\"a\": {\"b\":1}}', j ? 'x', j @? '$.a', j <@ '{}' FROM t;",
    "SELECT 'word' <% name, name %> 'word', 5 %(a), @ x, x %y FROM t;",
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $foo$ SELECT 1 $foo$;',
    'DO $$ DECLARE x int := 1; BEGIN x := x + 1; END $$;',
    'PREPARE p AS SELECT $1, $2;',
    "INSERT INTO t VALUES ('{admin,user}', '10:30:AB', ARRAY[1,2]);",
    'SELECT\n  go\nFROM t;',
    "SELECT '{{x' || '${' || $$ {% $$;",
  ])('%s', (sql) => {
    const found = read(`${sql}\nDROP TABLE last;`);
    expect(found.texts).toEqual([sql.slice(0, -1), 'DROP TABLE last']);
    expect(found.errors).toEqual([]);
    expect(found.gaps).toEqual([]);
  });

  test('in ARRAY[…] a colon is a placeholder’s', () => {
    expect(read('SELECT ARRAY[:A, :B];', { A: '1', B: '2' }).kinds).toEqual(['select']);
    expect(read('SELECT ARRAY[[:A], [:B]];').kinds).toEqual([]);
  });
});

describe('templates', () => {
  test('blocks are taken off, what they hold is read, and that is said once', () => {
    const found = read(
      "{% if env == 'prod' %}\nCREATE TABLE a (id int);\n{% else %}\nDROP TABLE a;\n{% endif %}\n{# it's #}\n<% users.each do |u| %>\nSELECT 1;\n<% end %>\n{{#each x}}\nSELECT 2;\n{{/each}}",
    );
    expect(found.kinds).toEqual(['create-table', 'drop', 'select', 'select']);
    expect(found.errors).toEqual([]);
    expect(found.gaps).toHaveLength(1);
    expect(found.gaps[0]).toContain('a template decides what of this file is SQL (7 blocks)');
  });

  test('a statement that a template makes is not called broken', () => {
    const found = read('CREATE TABLE a (id int {% if x %}) {% else %}, b int) {% endif %};\nSELECT 1;');
    expect(found.kinds).toEqual(['select']);
    expect(found.errors).toEqual([]);
    expect(found.gaps.some((gap) => gap.includes('a template makes this statement'))).toBe(true);
  });
});

describe('commands of other clients', () => {
  test('GO ends a statement and is one error however often it stands there', () => {
    const found = read('CREATE TABLE a (id int)\nGO\nCREATE TABLE b (id int);\nGO\nSELECT 1\ngo\n');
    expect(found.kinds).toEqual(['create-table', 'create-table', 'select']);
    expect(found.errors).toHaveLength(1);
    expect(found.errors[0]).toMatch(/^GO\| GO divides scripts of SQL Server.*\(3 times in this file\)$/);
  });

  test('DELIMITER takes what MySQL’s client divides by it out of the file', () => {
    const found = read(
      "SELECT 1;\nDELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 'x'; END$$\nDELIMITER ;\nSELECT 2;",
    );
    expect(found.texts).toEqual(['SELECT 1', 'SELECT 2']);
    expect(found.errors).toHaveLength(1);
    expect(found.errors[0]).toContain("DELIMITER is a command of MySQL's client");
  });
});

describe('hostile text', () => {
  test.each([
    ['openers that nothing closes', '{{'.repeat(200_000)],
    ['many psql commands', '\\x\n'.repeat(200_000)],
    ['COPYs without an end', `${'COPY a FROM stdin;\n'.repeat(50_000)}\\echo`],
    ['slices', `SELECT ${'a['.repeat(2_000)}:`],
    ['ERB on one line', `SELECT ${'<% '.repeat(200_000)}`],
    ['spaces in braces', `SELECT '{{${' '.repeat(500_000)}'`],
    ['placeholders in one statement', `SELECT ${':a,'.repeat(100_000)}1;`],
  ])('%s takes no more than seconds', (_name, text) => {
    const start = performance.now();
    const found = read(text);
    expect(
      found.parsed.statements.length + found.parsed.errors.length + found.parsed.notAnalysed.length,
    ).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});
