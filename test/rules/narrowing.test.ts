import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { narrowing } from '../../src/rules/shared/narrowing.ts';
import { SchemaCatalog } from '../../src/sql/catalog/schema-catalog.ts';
import { loadPostgresParser, parsePostgres } from '../../src/sql/postgres/parser.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';

/** Old type, new type, a value that may not fit, the column's text afterwards (undefined: the statement fails). */
const CASES: readonly (readonly [string, string, string, string | undefined])[] = [
  ['varchar(9)', 'varchar(3)', 'abcdef', undefined],
  ['text', 'varchar(3)', 'abcdef', undefined],
  ['varchar(3)', 'varchar(9)', 'abc', 'abc'],
  ['bigint', 'integer', '3000000000', undefined],
  ['integer', 'smallint', '40000', undefined],
  ['integer', 'bigint', '40000', '40000'],
  ['numeric(12,4)', 'numeric(12,2)', '1.2345', '1.23'],
  ['numeric(12,2)', 'numeric(10,2)', '1234567890.12', undefined],
  ['numeric(10,2)', 'numeric(12,4)', '12345678.12', '12345678.1200'],
  ['numeric(10,2)', 'numeric(12,3)', '12345678.12', '12345678.120'],
  ['numeric', 'numeric(10,2)', '1.239', '1.24'],
  ['numeric(10,2)', 'bigint', '1.50', '2'],
  ['numeric(10)', 'integer', '9999999999', undefined],
  ['double precision', 'integer', '1.7', '2'],
  ['double precision', 'real', '1.23456789', '1.2345679'],
  ['bigint', 'double precision', '9007199254740993', '9.007199254740992e+15'],
  ['integer', 'double precision', '2147483647', '2147483647'],
  ['integer', 'numeric(6,2)', '123456', undefined],
  ['timestamp', 'date', '2025-01-02 03:04:05', '2025-01-02'],
  ['timestamp', 'timestamp(0)', '2025-01-02 03:04:05.6', '2025-01-02 03:04:06'],
  ['timestamp(0)', 'timestamp', '2025-01-02 03:04:05', '2025-01-02 03:04:05'],
  ['date', 'timestamp', '2025-01-02', '2025-01-02 00:00:00'],
  ['json', 'jsonb', '{"a": 1, "a": 2}', '{"a": 2}'],
  ['inet', 'cidr', '10.0.0.1/24', '10.0.0.0/24'],
  ['varbit(8)', 'varbit(4)', '10101010', undefined],
];

let server: PostgresServer;
let client: pg.Client;

beforeAll(async () => {
  await loadPostgresParser();
  server = await startPostgres();
  client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
}, 90_000);

afterAll(async () => {
  await client?.end();
  await server?.stop();
});

it.each(CASES)(
  'what happens to a value going from %s to %s is what the rule says',
  async (from, to, value, left) => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (c ${from})`);
    await client.query('INSERT INTO t VALUES ($1)', [value]);
    const before = await text();
    const after = await client.query(`ALTER TABLE t ALTER COLUMN c TYPE ${to}`).then(text, () => undefined);
    expect(after).toBe(left);
    const found = narrowing(typeOf(from), typeOf(to), new SchemaCatalog(), false);
    if (after === undefined) expect(found?.kind).toBe('fails');
    else if (found) expect([found.kind, after === before]).toEqual(['loses', false]);
    else {
      const { rows } = await client.query(`SELECT $1::text::${to} = $2::text::${to} AS same`, [
        before,
        after,
      ]);
      expect(rows[0].same).toBe(true);
    }
    if (found?.find) {
      await client.query(`DROP TABLE t; CREATE TABLE t (c ${from})`);
      await client.query('INSERT INTO t VALUES ($1)', [value]);
      const { rows } = await client.query(
        `SELECT count(*)::int AS count FROM t WHERE ${found.find.replaceAll('$', 'c')}`,
      );
      expect(rows[0].count).toBe(1);
    }
  },
);

async function text(): Promise<string> {
  const { rows } = await client.query('SELECT c::text AS text FROM t');
  return rows[0].text;
}

function typeOf(type: string): Parameters<typeof narrowing>[0] {
  const [statement] = parsePostgres(`CREATE TABLE t (c ${type})`).statements;
  const parsed = statement?.kind === 'create-table' ? statement.columns[0]?.type : undefined;
  if (!parsed) throw new Error(`no type in ${type}`);
  return parsed;
}
