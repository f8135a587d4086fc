import { beforeAll, describe, expect, test } from 'vitest';
import { loadMysqlParser, parseMysql } from '../../../src/sql/mysql/parser.ts';
import { cut, only } from './statements.ts';

beforeAll(loadMysqlParser);

describe('CREATE TABLE', () => {
  const sql = `-- größe 💥
CREATE TABLE IF NOT EXISTS \`shop\`.\`users\` (
  \`id\` bigint unsigned NOT NULL AUTO_INCREMENT, -- the key; really
  \`email\` varchar(255) COLLATE utf8mb4_bin NOT NULL DEFAULT 'x;y',
  active bool NOT NULL DEFAULT 1,
  price decimal(10, 2) DEFAULT -1.5,
  total int GENERATED ALWAYS AS (price + 1) STORED,
  made_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`uq_email\` (\`email\`(20)),
  KEY \`idx_active\` (active, price DESC),
  CONSTRAINT \`fk_role\` FOREIGN KEY (\`role_id\`) REFERENCES \`roles\` (\`id\`) ON DELETE SET NULL,
  CONSTRAINT c CHECK (price IS NOT NULL AND active IS NOT NULL) NOT ENFORCED
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 PARTITION BY RANGE COLUMNS (id) (PARTITION p0 VALUES LESS THAN (10));`;

  test('the table, with places in the file', () => {
    const table = only(sql, 'create-table');
    expect(table).toMatchObject({
      ifNotExists: true,
      persistence: 'permanent',
      node: 'create table',
      needsAutocommit: false,
    });
    expect(table.table).toMatchObject({ schema: 'shop', name: 'users' });
    expect(cut(sql, table.table.span)).toBe('`shop`.`users`');
    expect(table.span.start).toBe(sql.indexOf('CREATE'));
    expect(table.relations.map((relation) => cut(sql, relation.span))).toEqual(['`shop`.`users`', '`roles`']);
    expect(table.options).toMatchObject({ engine: 'INNODB' });
    expect(table.partitionBy).toEqual({ strategy: 'range', columns: ['id'] });
  });

  test('its columns', () => {
    const { columns } = only(sql, 'create-table');
    expect(columns.map(({ name, type, notNull }) => [name, type?.name, type?.modifiers, notNull])).toEqual([
      ['id', 'bigint unsigned', [], true],
      ['email', 'varchar', [255], true],
      ['active', 'boolean', [], true],
      ['price', 'numeric', [10, 2], false],
      ['total', 'integer', [], false],
      ['made_at', 'timestamptz', [], true],
    ]);
    expect(cut(sql, columns[3]?.type?.span)).toBe('decimal(10, 2)');
    expect(cut(sql, columns[2]?.span)).toBe('active bool NOT NULL DEFAULT 1');
    expect(columns[0]).toMatchObject({ identity: 'by-default' });
    expect(columns[1]).toMatchObject({
      collation: 'utf8mb4_bin',
      default: { constant: true, isNull: false },
    });
    expect(columns.map((column) => cut(sql, column.default?.span))).toEqual([
      '',
      `'x;y'`,
      '1',
      '-1.5',
      '',
      'CURRENT_TIMESTAMP',
    ]);
    expect(columns[4]?.generated).toMatchObject({ kind: 'stored', expression: { columns: ['price'] } });
    expect(columns[5]?.default).toMatchObject({ volatility: 'stable', constant: false });
  });

  test('its constraints, and its indexes as statements', () => {
    const { constraints } = only(sql, 'create-table');
    expect(constraints.map(({ type, name, columns }) => [type, name, columns])).toEqual([
      ['primary-key', undefined, ['id']],
      ['unique', 'uq_email', ['email']],
      ['foreign-key', 'fk_role', ['role_id']],
      ['check', 'c', ['price', 'active']],
    ]);
    expect(constraints[2]).toMatchObject({
      onDelete: 'set-null',
      references: { relation: { name: 'roles' }, columns: ['id'] },
    });
    expect(constraints[3]).toMatchObject({ enforced: false, impliesNotNull: ['price', 'active'] });
    const index = only(sql, 'create-index');
    expect(index).toMatchObject({
      index: 'idx_active',
      unique: false,
      method: 'btree',
      columns: [{ column: 'active' }, { column: 'price' }],
    });
    expect(cut(sql, index.span)).toBe('KEY `idx_active` (active, price DESC)');
  });

  test.each([
    ['tinyint(1)', 'tinyint', [1]],
    ['mediumint', 'mediumint', []],
    ['int(11) unsigned zerofill', 'integer unsigned', [11]],
    ['double precision', 'double precision', []],
    ['float', 'real', []],
    ['datetime(6)', 'timestamp', [6]],
    ['national varchar(3)', 'varchar', [3]],
    ['character varying(3)', 'varchar', [3]],
    ['longtext', 'longtext', []],
    ['varbinary(16)', 'varbinary', [16]],
    [`enum('a','b,c')`, 'enum', []],
    ['json', 'json', []],
    ['dec(3,1)', 'numeric', [3, 1]],
    ['uuid', 'uuid', []],
  ])('type %s is %s', (type, name, modifiers) => {
    const sql = `CREATE TABLE t (\`a b\` ${type} NULL)`;
    const [column] = only(sql, 'create-table').columns;
    expect(column).toMatchObject({ name: 'a b', notNull: false, type: { name, modifiers, array: false } });
    expect(cut(sql, column?.type?.span)).toBe(type);
  });

  test('SERIAL, LIKE, TEMPORARY, AS SELECT', () => {
    expect(only('CREATE TABLE t (id serial)', 'create-table').columns[0]).toMatchObject({
      notNull: true,
      type: { name: 'bigint unsigned', serial: true },
    });
    expect(only('CREATE TABLE a LIKE b', 'create-table').like).toMatchObject([{ name: 'b' }]);
    expect(only('CREATE TEMPORARY TABLE a (x int)', 'create-table').persistence).toBe('temporary');
    expect(
      only('CREATE TABLE a AS SELECT * FROM b', 'create-table-as').relations.map(({ name }) => name),
    ).toEqual(['a', 'b']);
  });
});

describe('other definitions', () => {
  test('indexes', () => {
    expect(
      only('CREATE UNIQUE INDEX i ON db.t (a(10), b DESC) ALGORITHM=INPLACE LOCK=NONE', 'create-index'),
    ).toMatchObject({
      index: 'i',
      unique: true,
      concurrently: false,
      table: { schema: 'db', name: 't' },
      columns: [{ column: 'a' }, { column: 'b' }],
      functions: [],
    });
    expect(only('CREATE FULLTEXT INDEX i ON t (a)', 'create-index').method).toBe('fulltext');
    expect(only('CREATE INDEX i ON t ((a + b))', 'create-index').columns).toMatchObject([
      { expression: { columns: ['a', 'b'] } },
    ]);
    expect(only('CREATE INDEX IF NOT EXISTS i ON t (a)', 'create-index').ifNotExists).toBe(true);
    expect(only('DROP INDEX i ON t', 'drop')).toMatchObject({
      objectType: 'index',
      objects: [{ name: 'i' }],
      onTable: { name: 't' },
    });
    expect(only('DROP INDEX IF EXISTS i ON t', 'drop').ifExists).toBe(true);
  });

  test.each([
    ['DROP TABLE a', 'table', ['a'], false],
    ['DROP TABLE IF EXISTS a, `db`.`b` CASCADE', 'table', ['a', 'b'], true],
    ['DROP TEMPORARY TABLE a', 'table', ['a'], false],
    ['DROP VIEW v', 'view', ['v'], false],
    ['DROP PROCEDURE IF EXISTS p', 'procedure', ['p'], true],
    ['DROP FUNCTION f', 'function', ['f'], false],
    ['DROP TRIGGER t', 'trigger', ['t'], false],
    [`DROP USER 'u'@'%', x@localhost, y`, 'role', ['u', 'x', 'y'], false],
  ])('%s', (sql, objectType, names, ifExists) => {
    const found = only(sql, 'drop');
    expect([
      found.objectType,
      found.objects.map(({ name }) => name.replace(/@.*/, '')),
      found.ifExists,
    ]).toEqual([objectType, names, ifExists]);
  });

  test('RENAME TABLE gives one fact a pair', () => {
    expect(parseMysql('RENAME TABLE a TO b, c TO d').statements).toMatchObject([
      { kind: 'rename', objectType: 'table', from: 'a', to: 'b' },
      { kind: 'rename', from: 'c', to: 'd' },
    ]);
  });

  test('databases, views, triggers, users', () => {
    const created = parseMysql('CREATE DATABASE IF NOT EXISTS d CHARACTER SET utf8').statements;
    expect(created).toMatchObject([{ kind: 'create-database', database: 'd' }]);
    expect(parseMysql('DROP DATABASE d').statements).toMatchObject([
      { kind: 'drop-database', database: 'd' },
    ]);
    const view = only('CREATE OR REPLACE VIEW v AS SELECT * FROM a', 'create-view');
    expect([view.view.name, view.orReplace, view.relations.map(({ name }) => name)]).toEqual([
      'v',
      true,
      ['v', 'a'],
    ]);
    expect(
      only('CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1', 'create-trigger'),
    ).toMatchObject({ trigger: 't', table: { name: 'a' } });
    expect(parseMysql(`CREATE USER 'u'@'%' IDENTIFIED BY 'x'`).statements).toMatchObject([
      { kind: 'create-role', role: 'u' },
    ]);
    expect(parseMysql(`GRANT ALL PRIVILEGES ON db.* TO 'u'@'%'`).statements).toMatchObject([
      { kind: 'grant', all: true, objectType: 'all-in-schema', grantees: ['u'] },
    ]);
  });
});

describe('data', () => {
  test('inserts', () => {
    const sql = `INSERT INTO a (x, y) VALUES (1, 'a\\';b'), (2, "it's") ON DUPLICATE KEY UPDATE x = VALUES(x)`;
    expect(only(sql, 'insert')).toMatchObject({
      table: { name: 'a' },
      columns: ['x', 'y'],
      source: 'values',
      rows: 2,
      onConflict: true,
      assigned: ['x'],
    });
    expect(only('INSERT INTO a SELECT * FROM b', 'insert')).toMatchObject({
      source: 'select',
      onConflict: false,
    });
    expect(only('REPLACE INTO a VALUES (1)', 'insert').onConflict).toBe(true);
  });

  test('a long INSERT is counted, not parsed row by row', () => {
    const sql = `INSERT INTO a (x, y) VALUES ${Array(20_000).fill(`(1, 'abc);')`).join(',\n')} ON DUPLICATE KEY UPDATE x = 1; DELETE FROM b`;
    const { statements } = parseMysql(sql);
    expect(statements).toMatchObject([
      { kind: 'insert', rows: 20_000, onConflict: true, assigned: ['x'] },
      { kind: 'delete' },
    ]);
    expect(cut(sql, statements[0]?.span).length).toBeGreaterThan(200_000);
  });

  test.each([
    ['UPDATE a SET x = 1', 'missing'],
    ['UPDATE a SET x = 1 WHERE 1', 'always-true'],
    ['UPDATE a SET x = 1 WHERE 1 = 1', 'always-true'],
    ['UPDATE a SET x = 1 WHERE TRUE', 'always-true'],
    ['UPDATE a SET x = 1 WHERE 1 = 2', 'present'],
    ['UPDATE a SET x = 1 WHERE y IS NULL LIMIT 5', 'present'],
  ])('%s: WHERE is %s', (sql, where) => {
    expect(only(sql, 'update')).toMatchObject({ where, assigned: ['x'], from: false });
  });

  test('updates and deletes over several tables', () => {
    const sql =
      'UPDATE a JOIN b ON a.id = b.id SET a.x = b.x; DELETE a FROM a JOIN b ON a.id = b.id WHERE b.x = 1; DELETE FROM db.c';
    const { statements } = parseMysql(sql);
    expect(statements).toMatchObject([
      { kind: 'update', from: true, table: { name: 'a' } },
      { kind: 'delete', table: { name: 'a' }, where: 'present' },
      { kind: 'delete', table: { schema: 'db', name: 'c' }, where: 'missing' },
    ]);
    expect(
      statements
        .map(({ relations }) => relations.map(({ span }) => cut(sql, span)).filter((name) => name === 'b'))
        .slice(0, 2),
    ).toEqual([['b'], ['b']]);
  });

  test('queries: locking, sub-queries, names of WITH', () => {
    const found = only(
      'WITH x AS (SELECT y FROM a) SELECT * FROM x JOIN b USING (y) WHERE z IN (SELECT z FROM c) FOR UPDATE',
      'select',
    );
    expect([found.locking, found.from, found.relations.map(({ name }) => name)]).toEqual([
      true,
      true,
      ['a', 'b', 'c'],
    ]);
    expect(only('SELECT UUID()', 'select')).toMatchObject({ from: false, functions: [{ name: 'uuid' }] });
  });

  test('TRUNCATE, LOCK TABLES, CALL, LOAD DATA', () => {
    expect(only('TRUNCATE TABLE a', 'truncate').tables).toMatchObject([{ name: 'a' }]);
    expect(parseMysql('LOCK TABLES a WRITE, b READ').statements).toMatchObject([
      { mode: 'ACCESS EXCLUSIVE' },
      { mode: 'SHARE' },
    ]);
    expect(only('CALL p(1)', 'call').procedure.name).toBe('p');
    expect(only(`LOAD DATA INFILE 'x' INTO TABLE a`, 'copy')).toMatchObject({
      direction: 'from',
      target: 'file',
      table: { name: 'a' },
    });
  });
});

describe('settings and transactions', () => {
  test.each([
    ['SET FOREIGN_KEY_CHECKS=0', 'foreign_key_checks', '0'],
    ['SET NAMES utf8mb4', 'names', 'utf8mb4'],
    [`SET SESSION sql_mode='x'`, 'sql_mode', 'x'],
    ['SET @old = 1', '@old', '1'],
    ['/*!40101 SET character_set_client = utf8 */;', 'character_set_client', 'utf8'],
  ])('%s', (sql, name, value) => {
    expect(only(sql, 'set')).toMatchObject({ name, value });
  });

  test.each([
    ['BEGIN', 'begin'],
    ['START TRANSACTION', 'begin'],
    ['COMMIT', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['SAVEPOINT a', 'savepoint'],
    ['ROLLBACK TO SAVEPOINT a', 'rollback-to'],
    ['RELEASE SAVEPOINT a', 'release'],
  ])('%s', (sql, command) => {
    expect(only(sql, 'transaction').command).toBe(command);
  });

  test.each(['USE db', 'UNLOCK TABLES', 'SHOW TABLES', 'OPTIMIZE TABLE a', 'FLUSH TABLES'])(
    '%s has no facts of its own',
    (sql) => {
      expect(only(sql, 'other').span).toEqual({ start: 0, end: sql.length });
    },
  );
});
