import { beforeAll, describe, expect, it } from 'vitest';
import { followsFrom, missingAfter, missingAfterText, notThere } from '../../../src/proof/base/unmade.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';

beforeAll(loadPostgresParser);

function statement(sql: string): ReturnType<typeof parsePostgres>['statements'][number] {
  const [first] = parsePostgres(sql).statements;
  if (!first) throw new Error(`no statement: ${sql}`);
  return first;
}

describe('what a failed statement leaves undone', () => {
  it.each([
    ['CREATE TABLE app.users (i int)', ['users']],
    ['CREATE VIEW v AS SELECT 1', ['v']],
    ["CREATE TYPE mood AS ENUM ('a')", ['mood']],
    ['CREATE DOMAIN d AS text', ['d']],
    ['CREATE FUNCTION app.f() RETURNS int RETURN 1', ['f']],
    ['CREATE SCHEMA app', ['app']],
    ['ALTER TABLE users ADD COLUMN i int', ['users']],
    ['ALTER TABLE a RENAME TO b', ['b']],
    ['DO $$ BEGIN CREATE TABLE inside (i int); END $$', ['inside']],
    ['UPDATE users SET i = 1', []],
  ])('%s', (sql, names) => expect(missingAfter(statement(sql))).toEqual(names));

  it('is looked for in the text where the grammar does not read it', () => {
    expect(missingAfterText('create table if not exists "app"."users" (user text)')).toEqual(['users']);
    expect(missingAfterText('insert into users values (1)')).toEqual([]);
  });
});

describe('a failure that follows from another', () => {
  const unmade = { names: new Map([['docs', 'a.sql:3 does not run']]), extensions: [] };
  const error = (code: string, message: string) => ({ code, message });

  it('is known by the name in the message, or by the table that lacks a part', () => {
    expect(followsFrom(error('42P01', 'relation "app.docs" does not exist'), undefined, unmade)).toBe(
      'a.sql:3 does not run',
    );
    expect(
      followsFrom(error('42883', 'function docs(integer) does not exist'), undefined, unmade),
    ).toBeDefined();
    const alter = statement('ALTER TABLE docs DROP COLUMN gone');
    expect(followsFrom(error('42703', 'column "gone" does not exist'), alter, unmade)).toBeDefined();
  });

  it('is no failure for another reason', () => {
    expect(followsFrom(error('42P01', 'relation "users" does not exist'), undefined, unmade)).toBeUndefined();
    expect(followsFrom(error('23505', 'key "docs" is not unique'), undefined, unmade)).toBeUndefined();
  });

  it('may come from an extension where what is missing is no table', () => {
    const without = { names: new Map(), extensions: ['vector'] };
    const because = 'the extension vector, which could not be had, may be what is missing';
    expect(followsFrom(error('42704', 'type "vector" does not exist'), undefined, without)).toBe(because);
    expect(followsFrom(error('42P01', 'relation "a" does not exist'), undefined, without)).toBeUndefined();
  });

  it('is one as well where nobody made what was asked for', () => {
    expect(notThere(error('42P01', 'relation "auth.users" does not exist'))).toEqual(['users']);
    expect(notThere(error('23505', 'key "docs" is not unique'))).toEqual([]);
  });
});
