import { beforeEach, describe, expect, test } from 'vitest';
import { grammarGaveUp } from '../../../src/sql/postgres/grammar.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';

beforeEach(async () => {
  await loadPostgresParser();
});

function read(text: string) {
  const parsed = parsePostgres(text);
  return {
    kinds: parsed.statements.map(({ kind }) => kind),
    texts: parsed.statements.map(({ span }) => text.slice(span.start, span.end)),
    errors: parsed.errors.map(({ message, span }) => ({
      at: text.slice(span.start, span.end),
      start: span.start,
      message,
    })),
    statements: parsed.errors.map(({ statement }) => text.slice(statement.start, statement.end)),
    gaps: parsed.notAnalysed.map(({ reason }) => reason),
  };
}

const filler = (count: number): string => 'SELECT 1;\n'.repeat(count);

describe('a broken statement', () => {
  test('hides none of the others and is one error', () => {
    const found = read('CREATE TABLE a (id int);\nCREATE TABEL b (id int, c text);\nDROP TABLE a;');
    expect(found.kinds).toEqual(['create-table', 'drop']);
    expect(found.errors).toEqual([{ at: 'TABEL', start: 32, message: 'syntax error at or near "TABEL"' }]);
    expect(found.statements).toEqual(['CREATE TABEL b (id int, c text)']);
  });

  test('in a long file neither', () => {
    const found = read(`${filler(9_000)}CREATE TABEL b (id int);\n${filler(9_000)}`);
    expect(found.kinds).toHaveLength(18_000);
    expect(found.errors.map(({ at }) => at)).toEqual(['TABEL']);
  });

  test('that ends too early is shown at its end', () => {
    const found = read('SELECT 1;\nCREATE TABLE a (id int  ;\nSELECT 2;');
    expect(found.kinds).toEqual(['select', 'select']);
    expect(found.errors).toHaveLength(1);
    expect(found.errors[0]?.message).toBe('syntax error at end of input');
    expect(found.errors[0]?.at).toBe('t');
  });

  test('behind characters of several bytes is shown at its token', () => {
    expect(read("SELECT 'Grüße 🎉'; SELEC 1;").errors[0]?.at).toBe('SELEC');
  });
});

describe('a forgotten semicolon', () => {
  test('costs one error and no facts', () => {
    const found = read('CREATE TABLE a (id int)\nCREATE INDEX i ON a (id);\nDROP TABLE a;');
    expect(found.kinds).toEqual(['create-table', 'create-index', 'drop']);
    expect(found.errors).toEqual([
      {
        at: 'CREATE',
        start: 24,
        message: 'syntax error at or near "CREATE"; is a semicolon missing before it?',
      },
    ]);
    expect(found.statements).toEqual(['CREATE INDEX i ON a (id)']);
  });

  test('several in a row are an error each, and thousands end in good time', () => {
    expect(
      read('CREATE TABLE a (id int)\nCREATE TABLE b (id int)\n-- c\nCREATE TABLE c (id int)').kinds,
    ).toHaveLength(3);
    const start = performance.now();
    const found = read('CREATE TABLE a (id int)\n'.repeat(20_000));
    expect(found.errors.length).toBe(51);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('is not seen where the first part is no statement', () => {
    const found = read('CREATE TABLE a (id int,\nDROP TABLE b;\nSELECT 1;');
    expect(found.kinds).toEqual(['select']);
    expect(found.errors).toHaveLength(1);
  });
});

describe('what is never closed', () => {
  test.each([
    [
      'a string',
      "'",
      "INSERT INTO a VALUES ('x);\nSELECT 2;",
      "the string that opens here with ' is never closed",
    ],
    [
      'an escape string',
      "E'",
      "SELECT E'it\\'s);\nSELECT 2;",
      "the string that opens here with E' is never closed",
    ],
    ['a name', '"', 'SELECT "x;\nSELECT 2;', 'the quoted identifier that opens here with " is never closed'],
    [
      'a dollar quote',
      '$fn$',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $fn$ SELECT 1; $f$;',
      'the dollar-quoted string that opens here with $fn$ is never closed',
    ],
    [
      'a comment in a statement',
      '/*',
      'SELECT 1 /* x; */* /* SELECT 2;',
      'the comment that opens here with /* is never closed',
    ],
    [
      'a comment behind a statement',
      '/*',
      'SELECT 1;/* SELECT 2;',
      'the comment that opens here with /* is never closed',
    ],
  ])(
    '%s is an error where it opens, and what stands before keeps its facts',
    (_what, opener, broken, message) => {
      for (const before of [3, 20_000]) {
        const text = `${filler(before)}${broken}`;
        const found = read(text);
        expect(found.errors).toHaveLength(1);
        expect(found.errors[0]?.message).toContain(message);
        expect(found.errors[0]?.at).toBe(opener);
        expect(found.kinds.length).toBe(before + (_what === 'a comment behind a statement' ? 1 : 0));
        expect(text.slice(0, found.errors[0]?.start)).not.toContain('SELECT 2');
      }
    },
  );

  test('50 MB of it take no quadratic time', () => {
    const start = performance.now();
    expect(read(`SELECT 1;/* ${'x /'.repeat(17_000_000)}`).errors).toHaveLength(1);
    expect(read(`SELECT 1; SELECT '${'x;\n'.repeat(5_000_000)}`).errors).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('what the parser cannot hold', () => {
  const deep = (levels: number): string => `SELECT ${'('.repeat(levels)}1${')'.repeat(levels)};`;

  test('10,000 parentheses', () => {
    const found = read(`DROP TABLE a;\n${deep(10_000)}\nDROP TABLE b;`);
    expect(found.kinds).toEqual(['drop', 'drop']);
    expect(found.errors).toEqual([expect.objectContaining({ message: 'memory exhausted at or near "("' })]);
  });

  test.each([
    ['a sum of 30,000', `SELECT 1${'+1'.repeat(30_000)};`],
    ['a sum of 7,000', `SELECT 1${'+1'.repeat(7_000)};`],
    ['a concatenation', `SELECT 'a'${"||'a'".repeat(12_000)};`],
    ['sub-selects', `SELECT ${'(SELECT '.repeat(3_000)}1${')'.repeat(3_000)};`],
    ['unions', `SELECT 1${' UNION SELECT 1'.repeat(8_000)};`],
    ['CASE in CASE', `SELECT ${'CASE WHEN true THEN '.repeat(2_000)}1${' END'.repeat(2_000)};`],
    [
      'a body',
      `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1${'+1'.repeat(30_000)}; END $$;`,
    ],
    ['blocks in a body', `DO $$ ${'BEGIN '.repeat(4_000)}${'END; '.repeat(4_000)} $$;`],
    [
      'DO in DO',
      `${Array.from({ length: 40 }, (_, n) => `DO $a${n}$ BEGIN `).join('')}NULL;${Array.from({ length: 40 }, (_, n) => ` END $a${39 - n}$;`).join('')}`,
    ],
  ])('%s is read or said to be too deep, and the next statement is read', (_what, sql) => {
    const found = read(`DROP TABLE a;\n${sql}\nDROP TABLE b;`);
    expect(found.texts[0]).toBe('DROP TABLE a');
    expect(found.texts.at(-1)).toBe('DROP TABLE b');
    expect(found.kinds.length + found.errors.length + found.gaps.length).toBeGreaterThanOrEqual(3);
  });

  test('file after file of it never spoils the answers', async () => {
    const sum = `SELECT 1${'+1'.repeat(30_000)};\n`;
    for (let file = 0; file < 40; file++) {
      await loadPostgresParser();
      const found = read(`CREATE TABLE a (id int);\n${sum.repeat(6)}DROP TABLE a;`);
      expect(found.texts[0]).toBe('CREATE TABLE a (id int)');
      expect(found.gaps.length).toBeGreaterThan(0);
      expect(found.errors).toEqual([]);
    }
    expect(grammarGaveUp()).toBe(true);
    await loadPostgresParser();
    expect(read('DROP TABLE a;').texts).toEqual(['DROP TABLE a']);
  });

  test('after too many of them the rest of the file is said not to be read, once', () => {
    const found = read(`${`SELECT 1${'+1'.repeat(30_000)};\n`.repeat(10)}DROP TABLE a;\nDROP TABLE b;`);
    expect(found.gaps.at(-1)).toBe(
      "PostgreSQL's parser failed on too many statements before; nothing from here on was read",
    );
    expect(found.gaps.length).toBeLessThan(10);
  });

  test('a literal of 10 MB', () => {
    const found = read(`INSERT INTO a VALUES ('${'x'.repeat(10_000_000)}');\nDROP TABLE a;`);
    expect(found.kinds).toEqual(['insert', 'drop']);
  });

  test('a NUL character, which would cut the text', () => {
    const found = read('SELECT 1;\nSELECT \0 2;\nDROP TABLE a;');
    expect(found.kinds).toEqual(['select', 'drop']);
    expect(found.errors[0]?.at).toBe('\0');
    expect(found.errors[0]?.message).toContain('NUL');
  });
});
