import { beforeAll, describe, expect, test } from 'vitest';
import { loadMysqlParser, parseMysql } from '../../../src/sql/mysql/parser.ts';
import { cut, only } from './statements.ts';

beforeAll(loadMysqlParser);

describe('ALTER TABLE', () => {
  const actions = (sql: string) => only(sql, 'alter-table').actions;

  test('columns added and dropped, at their places', () => {
    const sql = `ALTER TABLE db.users ADD COLUMN nick varchar(20) NOT NULL DEFAULT '' AFTER email, ADD b int, DROP COLUMN age`;
    const found = actions(sql);
    expect(found).toMatchObject([
      { action: 'add-column', ifNotExists: false, column: { name: 'nick', notNull: true } },
      { action: 'add-column', column: { name: 'b', notNull: false } },
      { action: 'drop-column', column: 'age', ifExists: false },
    ]);
    expect(found.map((action) => cut(sql, action.span))[2]).toBe('DROP COLUMN age');
  });

  test('MODIFY gives type, nullability and default anew', () => {
    expect(actions(`ALTER TABLE t MODIFY COLUMN a bigint NOT NULL`)).toMatchObject([
      { action: 'alter-type', column: 'a', type: { name: 'bigint' } },
      { action: 'set-not-null', column: 'a' },
      { action: 'drop-default', column: 'a' },
    ]);
  });

  test('CHANGE renames first and then redefines', () => {
    const { statements } = parseMysql('ALTER TABLE t CHANGE a b int DEFAULT 5');
    expect(statements).toMatchObject([
      { kind: 'rename', objectType: 'column', relation: { name: 't' }, from: 'a', to: 'b' },
      {
        kind: 'alter-table',
        actions: [
          { action: 'alter-type', column: 'b' },
          { action: 'drop-not-null' },
          { action: 'set-default' },
        ],
      },
    ]);
  });

  test('constraints', () => {
    expect(
      actions(`ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (id) ON DELETE CASCADE, ADD UNIQUE KEY uq (a), ADD PRIMARY KEY (id),
        DROP FOREIGN KEY fk2, DROP PRIMARY KEY, DROP CHECK c, DROP CONSTRAINT \`d\``),
    ).toMatchObject([
      {
        action: 'add-constraint',
        constraint: { type: 'foreign-key', name: 'fk', onDelete: 'cascade', inline: false },
      },
      { action: 'add-constraint', constraint: { type: 'unique', name: 'uq' } },
      { action: 'add-constraint', constraint: { type: 'primary-key', columns: ['id'] } },
      { action: 'drop-constraint', constraint: 'fk2' },
      { action: 'drop-constraint', constraint: 'PRIMARY' },
      { action: 'drop-constraint', constraint: 'c' },
      { action: 'drop-constraint', constraint: 'd' },
    ]);
  });

  test('indexes and renames become statements of their own', () => {
    const { statements } = parseMysql(
      'ALTER TABLE t ADD INDEX i (a), DROP INDEX j, RENAME COLUMN a TO b, RENAME TO u',
    );
    expect(statements).toMatchObject([
      { kind: 'create-index', index: 'i', table: { name: 't' } },
      { kind: 'drop', objectType: 'index', objects: [{ name: 'j' }], onTable: { name: 't' } },
      { kind: 'rename', objectType: 'column', from: 'a', to: 'b' },
      { kind: 'rename', objectType: 'table', from: 't', to: 'u' },
    ]);
  });

  test('ALGORITHM, LOCK and ENGINE are told by their text', () => {
    expect(actions('ALTER TABLE t ADD COLUMN a int, ALGORITHM=INSTANT, LOCK=NONE')).toMatchObject([
      { action: 'add-column' },
      { action: 'other', name: 'ALGORITHM=INSTANT' },
      { action: 'other', name: 'LOCK=NONE' },
    ]);
    expect(actions('ALTER TABLE t ENGINE = InnoDB')).toMatchObject([
      { action: 'other', name: 'ENGINE = InnoDB' },
    ]);
  });

  test('what the parser lacks is read action by action', () => {
    const { statements, notAnalysed } = parseMysql(
      `ALTER TABLE \`t\` ALTER COLUMN a SET DEFAULT 3, ALTER b DROP DEFAULT, RENAME INDEX x TO y, CONVERT TO CHARACTER SET utf8mb4, DROP COLUMN IF EXISTS c, ADD COLUMN IF NOT EXISTS d bool`,
    );
    expect(notAnalysed).toEqual([]);
    expect(statements[0]).toMatchObject({
      table: { name: 't' },
      actions: [
        { action: 'set-default', column: 'a', default: { constant: true } },
        { action: 'drop-default', column: 'b' },
        { action: 'other', name: 'CONVERT TO CHARACTER SET utf8mb4' },
        { action: 'drop-column', column: 'c', ifExists: true },
        { action: 'add-column', ifNotExists: true, column: { name: 'd', type: { name: 'boolean' } } },
      ],
    });
    expect(statements[1]).toMatchObject({ kind: 'rename', objectType: 'index', from: 'x', to: 'y' });
  });

  test('an action nobody knows is reported at its place, and hides no other', () => {
    const sql = 'ALTER TABLE t DROP COLUMN a, FROB b, DROP COLUMN c';
    const { statements, notAnalysed, errors } = parseMysql(sql);
    expect(statements).toMatchObject([{ actions: [{ column: 'a' }, { column: 'c' }] }]);
    expect(errors).toEqual([]);
    expect(notAnalysed.map(({ span }) => cut(sql, span))).toEqual(['FROB b']);
  });
});
