import { beforeAll, describe, expect, test } from 'vitest';
import { loadMysqlParser, parseMysql } from '../../../src/sql/mysql/parser.ts';
import type { Span } from '../../../src/sql/source.ts';

beforeAll(loadMysqlParser);

const cut = (sql: string, span: Span | undefined): string => (span ? sql.slice(span.start, span.end) : '');

describe('what cannot be read', () => {
  test('valid statements that the parser lacks are not called errors', () => {
    const sql = 'CREATE PROCEDURE p() SELECT 1;\nREVOKE ALL ON *.* FROM u;\nDROP TABLE a';
    const { statements, errors, notAnalysed } = parseMysql(sql);
    expect(errors).toEqual([]);
    expect(notAnalysed.map(({ span }) => cut(sql, span))).toEqual([
      'CREATE PROCEDURE p() SELECT 1',
      'REVOKE ALL ON *.* FROM u',
    ]);
    expect(notAnalysed[0]?.reason).toBe(
      'node-sql-parser could not read this statement: it stopped at "PROCEDURE"',
    );
    expect(statements.map(({ kind }) => kind)).toEqual(['drop']);
  });

  test('a misspelt keyword in the middle is reported where the parser stopped', () => {
    expect(parseMysql('SELECT * FORM t').notAnalysed[0]?.reason).toContain('stopped at "FORM"');
  });

  test.each([
    ['CRAETE TABLE a (b int)', 'CRAETE', /at or near "CRAETE"/],
    [`INSERT INTO a VALUES ('x)`, `'x)`, /string is never closed/],
    ['SELECT 1 /* x', '/* x', /comment is never closed/],
    ['CREATE TABLE `a (b int)', '`a (b int)', /quoted identifier is never closed/],
    ['INSERT INTO t VALUES ((1)', '(', /parenthesis is never closed/],
    ['SELECT 1)', ')', /closes nothing/],
  ])('%s is certainly wrong', (sql, place, message) => {
    const { statements, errors } = parseMysql(`DROP TABLE x; ${sql}`);
    expect(statements).toHaveLength(1);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(message);
    expect(cut(`DROP TABLE x; ${sql}`, errors[0]?.span)).toBe(place);
    expect(cut(`DROP TABLE x; ${sql}`, errors[0]?.statement)).toBe(sql);
  });

  test('a row with too few values is certainly wrong', () => {
    const { errors, notAnalysed } = parseMysql('INSERT INTO a (x, y) VALUES (1)');
    expect(errors.map(({ message }) => message)).toEqual(["column count doesn't match value count at row 1"]);
    expect(notAnalysed).toEqual([]);
  });

  test('endless nesting is a reason, not a crash', () => {
    const { statements, notAnalysed } = parseMysql(
      `SELECT ${'('.repeat(30_000)}1${')'.repeat(30_000)}; DROP TABLE a`,
    );
    expect(statements.at(-1)?.kind).toBe('drop');
    expect(statements.length + notAnalysed.length).toBe(2);
  });

  test('only the asked part of a text is read', () => {
    const sql = 'DROP TABLE a; DROP TABLE b; DROP TABLE c';
    const { statements } = parseMysql(sql, 14, 26);
    expect(statements.map(({ span }) => cut(sql, span))).toEqual(['DROP TABLE b']);
  });
});
