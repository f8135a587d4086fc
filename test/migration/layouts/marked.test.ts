import { describe, expect, it } from 'vitest';
import { idsOf, layoutNamed, placesOf, readAs, sql } from '../folder.ts';

const MARKERS = {
  goose: ['-- +goose Up', '-- +goose Down'],
  'sql-migrate': ['-- +migrate Up', '-- +migrate Down'],
  dbmate: ['-- migrate:up', '-- migrate:down'],
  'node-pg-migrate': ['-- Up Migration', '-- Down Migration'],
} as const;
const LAYOUTS = Object.entries(MARKERS);

describe.each(LAYOUTS)('%s', (id, [up, down]) => {
  it('reads up and down from one file', () => {
    const reading = readAs(id, {
      '20240101120000_users.sql': `${up}\nCREATE TABLE users ();\n${down}\nDROP TABLE users;\n`,
    });
    expect(reading.problems).toEqual([]);
    expect(sql(reading.migrations[0]?.up)).toBe('CREATE TABLE users ();');
    expect(sql(reading.migrations[0]?.down)).toBe('DROP TABLE users;');
    expect(reading.migrations[0]?.up.optsOut).toBe(false);
  });

  it.each([
    ['a string', `SELECT '\n${down}\n';`],
    ['a dollar quote', `DO $$ BEGIN\n${down}\nEND $$;`],
    ['a nested block comment', `/* /* */\n${down}\n*/`],
    ['a comment behind a statement', `SELECT 1; ${down}`],
  ])('does not split at a marker inside %s', (_, body) => {
    const reading = readAs(id, { '1_a.sql': `${up}\n${body}\n${down}\nSELECT 2;\n` });
    expect(sql(reading.migrations[0]?.up)).toBe(body);
    expect(sql(reading.migrations[0]?.down)).toBe('SELECT 2;');
  });

  it('reads CRLF and a byte order mark', () => {
    const reading = readAs(id, { '1_a.sql': `\uFEFF${up}\r\nSELECT 1;\r\n${down}\r\nSELECT 2;\r\n` });
    expect(reading.problems).toEqual([]);
    expect(sql(reading.migrations[0]?.up)).toBe('SELECT 1;');
    expect(sql(reading.migrations[0]?.down)).toBe('SELECT 2;');
  });

  it('reads the marker in other letters', () => {
    const reading = readAs(id, {
      '1_a.sql': `${up.toUpperCase()}\nSELECT 1;\n${down.toLowerCase()}\nSELECT 2;`,
    });
    expect(sql(reading.migrations[0]?.down)).toBe('SELECT 2;');
  });

  it('reports SQL above the first marker at its line', () => {
    const reading = readAs(id, { '1_a.sql': `-- a comment is fine\nSELECT 0;\n${up}\nSELECT 1;` });
    expect(placesOf(reading)).toEqual(['statements-before-marker migrations/1_a.sql:2']);
  });

  it('writes what it reads', () => {
    const layout = layoutNamed(id);
    const files = layout.write?.({
      id: '20240101120000',
      name: 'add_x',
      up: 'CREATE TABLE x ();\n',
      down: 'DROP TABLE x;\n',
      noTransaction: layout.optOut !== undefined,
    });
    const reading = readAs(id, Object.fromEntries((files ?? []).map(({ path, text }) => [path, text])));
    expect(reading.problems).toEqual([]);
    expect(sql(reading.migrations[0]?.up)).toBe('CREATE TABLE x ();');
    expect(sql(reading.migrations[0]?.down)).toBe('DROP TABLE x;');
    expect(reading.migrations[0]?.up.optsOut).toBe(layout.optOut !== undefined);
  });
});

describe.each(LAYOUTS.filter(([id]) => id !== 'node-pg-migrate'))('%s', (id) => {
  it('reports a file without the up marker and reads it as up', () => {
    const reading = readAs(id, { '1_a.sql': 'SELECT 1;', '2_b.sql': '' });
    expect(placesOf(reading)).toEqual([
      'missing-up-marker migrations/1_a.sql:1',
      'missing-up-marker migrations/2_b.sql:1',
    ]);
    expect(sql(reading.migrations[0]?.up)).toBe('SELECT 1;');
    expect(sql(reading.migrations[1]?.up)).toBe('');
  });
});

describe('transaction opt-outs of marked files', () => {
  it.each([
    ['goose', '-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;', [true, true]],
    ['goose', '-- +goose no transaction\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;', [true, true]],
    [
      'goose',
      "-- +goose Up\nSELECT '\n-- +goose NO TRANSACTION\n';\n-- +goose Down\nSELECT 2;",
      [false, false],
    ],
    ['sql-migrate', '-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down\nSELECT 2;', [true, false]],
    ['sql-migrate', '-- +migrate Up\nSELECT 1;\n-- +migrate Down notransaction\nSELECT 2;', [false, true]],
    ['dbmate', '-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;', [true, false]],
    [
      'dbmate',
      '-- migrate:up transaction:true\nSELECT 1;\n-- migrate:down transaction:false\nSELECT 2;',
      [false, true],
    ],
    // A directive of Airlock is there for the caller, and is not the layout's own word.
    ['goose', '-- @no-transaction\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;', [false, false]],
  ])('%s: %j', (id, text, expected) => {
    const [migration] = readAs(id, { '1_a.sql': text }).migrations;
    expect([migration?.up.optsOut, migration?.down?.optsOut]).toEqual(expected);
  });
});

describe('surprises of marked files', () => {
  it('joins sections of sql-migrate that repeat', () => {
    const reading = readAs('sql-migrate', {
      '1.sql': '-- +migrate Up\nA;\n-- +migrate Down\nB;\n-- +migrate Up\nC;\n-- +migrate Down\nD;\n',
    });
    expect(reading.problems).toEqual([]);
    expect(sql(reading.migrations[0]?.up)).toBe('A;\nC;');
    expect(sql(reading.migrations[0]?.down)).toBe('B;\nD;');
    expect(reading.migrations[0]?.up.pieces).toHaveLength(2);
  });

  it('orders sql-migrate by number, then the names without one, and tells files of one number apart', () => {
    const reading = readAs('sql-migrate', {
      '10_a.sql': '-- +migrate Up\n',
      '9_b.sql': '-- +migrate Up\n',
      '9_a.sql': '-- +migrate Up\n',
      'seed.sql': '-- +migrate Up\n',
    });
    expect(idsOf(reading)).toEqual(['9_a.sql', '9_b.sql', '10_a.sql', 'seed.sql']);
    expect(reading.problems).toEqual([]);
  });

  it('reports a section of goose or dbmate that repeats', () => {
    expect(placesOf(readAs('goose', { '1_a.sql': '-- +goose Up\nA;\n-- +goose Up\nB;' }))).toEqual([
      'repeated-marker migrations/1_a.sql:3',
    ]);
    expect(
      placesOf(readAs('dbmate', { '1_a.sql': '-- migrate:up\n-- migrate:down\n-- migrate:down\n' })),
    ).toEqual(['repeated-marker migrations/1_a.sql:3']);
  });

  it('leaves the statement markers of goose in the text, as comments', () => {
    const text =
      '-- +goose Up\n-- +goose StatementBegin\nDO $$ BEGIN NULL; END $$;\n-- +goose StatementEnd\n';
    expect(sql(readAs('goose', { '1_a.sql': text }).migrations[0]?.up)).toContain('StatementBegin\nDO $$');
  });

  it('wraps dollar quotes for goose and sql-migrate, which split at semicolons', () => {
    const up = 'DO $$ BEGIN NULL; END $$;\n';
    for (const id of ['goose', 'sql-migrate']) {
      const text = layoutNamed(id).write?.({ id: '1', name: 'a', up, noTransaction: false })[0]?.text;
      expect(text).toContain('StatementBegin\nDO $$');
      expect(text).toContain('StatementEnd\n');
    }
  });

  it('takes a file of node-pg-migrate without markers as up, and without complaint', () => {
    const reading = readAs('node-pg-migrate', { '1700000000000_a.sql': 'SELECT 1;' });
    expect(reading.problems).toEqual([]);
    expect(sql(reading.migrations[0]?.up)).toBe('SELECT 1;');
    expect(reading.migrations[0]?.down).toBeUndefined();
  });

  it('names code migrations between the files, and not what only looks like one', () => {
    const reading = readAs('goose', {
      '1_a.sql': '-- +goose Up\n',
      '00002_b.go': '',
      '00002_b_test.go': '',
      'embed.go': '',
      '3_c.d.ts': '',
    });
    expect(reading.unread).toEqual([
      {
        file: 'migrations/00002_b.go',
        line: 1,
        reason: 'a migration written in Go: what it does to the schema is not known',
      },
    ]);
  });

  it('orders goose as numbers and dbmate as text', () => {
    const up = { goose: '-- +goose Up\n', dbmate: '-- migrate:up\n' };
    const names = (text: string) => ({
      '20240101_a.sql': text,
      '9_b.sql': text,
      '20230101120000_c.sql': text,
    });
    expect(idsOf(readAs('goose', names(up.goose)))).toEqual(['9', '20240101', '20230101120000']);
    expect(idsOf(readAs('dbmate', names(up.dbmate)))).toEqual(['20230101120000', '20240101', '9']);
  });

  it('flags a directive in a foreign file only when it is nearly one of ours', () => {
    const reading = readAs('goose', {
      '1_a.sql':
        '-- +goose Up\n-- @author ada\n-- @param x\n-- @notransaction\n-- @ignroe x\n-- @no-transaction\nSELECT 1;',
    });
    expect(placesOf(reading)).toEqual([
      'unknown-directive migrations/1_a.sql:4',
      'unknown-directive migrations/1_a.sql:5',
    ]);
  });
});
