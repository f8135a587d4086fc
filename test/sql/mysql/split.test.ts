import { expect, test } from 'vitest';
import { splitMysql } from '../../../src/sql/mysql/split.ts';

const split = (sql: string): string[] => [...splitMysql(sql)].map(({ start, end }) => sql.slice(start, end));

test('semicolons in strings, identifiers and comments end nothing', () => {
  expect(split(`SELECT ';', "a;""b", '\\';', 'it''s;' FROM \`a;b\` -- x;\n# y;\n/* z; */; SELECT 2`)).toEqual(
    [`SELECT ';', "a;""b", '\\';', 'it''s;' FROM \`a;b\``, 'SELECT 2'],
  );
});

test('two dashes without a space after them are two minus signs', () => {
  expect(split('SELECT 1--1; SELECT 2 --\n; SELECT 3')).toEqual(['SELECT 1--1', 'SELECT 2', 'SELECT 3']);
});

test('version comments are part of the text', () => {
  expect(split('/*!40101 SET NAMES utf8 */;\n/*!50003 DROP TABLE a*/; /* b; */')).toEqual([
    'SET NAMES utf8',
    'DROP TABLE a',
  ]);
});

test('DELIMITER changes the delimiter and is no statement', () => {
  const sql =
    'DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\ndelimiter //\nSELECT 2; SELECT 3 //\nDELIMITER ;\nSELECT 4;';
  expect(split(sql)).toEqual(['CREATE PROCEDURE p() BEGIN SELECT 1; END', 'SELECT 2; SELECT 3', 'SELECT 4']);
});

test('bodies of routines stay whole without DELIMITER', () => {
  const body = `CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN
    IF x THEN SET y = 1; ELSE BEGIN SET y = CASE z WHEN 1 THEN 2 END; END; END IF;
    WHILE x DO SET x = 0; END WHILE; CASE x WHEN 1 THEN SET y = 2; END CASE;
  END`;
  expect(split(`${body}; SELECT 1`)).toEqual([body, 'SELECT 1']);
});

test('BEGIN alone starts a transaction', () => {
  expect(split('BEGIN; INSERT INTO a VALUES (1); COMMIT')).toEqual([
    'BEGIN',
    'INSERT INTO a VALUES (1)',
    'COMMIT',
  ]);
});

test('empty text, comments alone and a string that is never closed', () => {
  expect(split('')).toEqual([]);
  expect(split('-- a\n;;\n# b')).toEqual([]);
  expect(split(`SELECT 1; SELECT 'x;`)).toEqual(['SELECT 1', `SELECT 'x;`]);
});
