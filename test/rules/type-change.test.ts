import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuiltIndexes, typeChange } from '../../src/rules/shared/type-change.ts';
import { applyStatement } from '../../src/sql/catalog/apply.ts';
import { SchemaCatalog } from '../../src/sql/catalog/schema-catalog.ts';
import { loadPostgresParser, parsePostgres } from '../../src/sql/postgres/parser.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';

/** What the server does to the files of the table and of an index on the column, compared with what the rules say it does. */
const TYPES = `
  CREATE DOMAIN plain_text AS text;
  CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 100);
  CREATE DOMAIN very_short AS short_text;
  CREATE TYPE mood AS ENUM ('sad', 'happy');`;

const PAIRS: readonly (readonly [string, string])[] = [
  ...[
    'varchar(50)>varchar(100)',
    'varchar(100)>varchar(50)',
    'varchar(50)>varchar',
    'varchar>varchar(50)',
    'varchar(50)>text',
    'text>varchar',
    'text>varchar(50)',
  ],
  ...[
    'char(10)>char(20)',
    'char(10)>text',
    'char(10)>varchar(10)',
    'varchar(10)>char(10)',
    'text>name',
    'name>text',
  ],
  ...[
    'smallint>integer',
    'integer>bigint',
    'bigint>integer',
    'integer>numeric',
    'integer>text',
    'integer>oid',
    'oid>integer',
    'oid>regclass',
    'oid>bigint',
    'real>double precision',
  ],
  ...[
    'numeric(10,2)>numeric(12,2)',
    'numeric(10,2)>numeric(8,2)',
    'numeric(10,2)>numeric(12,3)',
    'numeric(10,2)>numeric',
    'numeric>numeric(10,2)',
    'numeric(10)>numeric(12,0)',
    'numeric(10,2)>bigint',
  ],
  ...[
    'timestamp>timestamptz',
    'timestamptz>timestamp',
    'timestamp(3)>timestamp',
    'timestamp>timestamp(6)',
    'timestamp>timestamp(3)',
    'timestamp>timestamptz(3)',
    'timestamp(3)>timestamptz(6)',
  ],
  ...[
    'timestamptz(3)>timestamptz',
    'timestamptz(6)>timestamptz(3)',
    'time(3)>time',
    'time>time(3)',
    'timetz(3)>timetz',
    'interval(3)>interval',
    'interval>interval(3)',
    'interval(3)>interval(6)',
  ],
  ...[
    'date>timestamp',
    'timestamp>date',
    'bit(8)>bit(16)',
    'bit(8)>varbit',
    'bit(8)>varbit(8)',
    'varbit(8)>varbit(16)',
    'varbit(16)>varbit(8)',
    'varbit(8)>varbit',
  ],
  ...[
    'cidr>inet',
    'inet>cidr',
    'text>citext',
    'citext>text',
    'varchar(20)>citext',
    'citext>varchar(20)',
    'citext>varchar',
    'uuid>text',
    'bytea>text',
    'money>numeric',
  ],
  ...[
    'text>plain_text',
    'text>short_text',
    'plain_text>text',
    'short_text>text',
    'short_text>plain_text',
    'plain_text>very_short',
    'varchar(20)>plain_text',
    'mood>text',
    'mood>varchar(20)',
  ],
  ...[
    'integer[]>bigint[]',
    'varchar(10)[]>varchar(20)[]',
    'varchar(10)[]>text[]',
    'text[]>varchar[]',
    'text>text',
    'integer>integer',
  ],
].map((pair) => [pair.slice(0, pair.indexOf('>')), pair.slice(pair.indexOf('>') + 1)] as const);

let server: PostgresServer;
let client: pg.Client;
const catalog = new SchemaCatalog();

beforeAll(async () => {
  await loadPostgresParser();
  for (const statement of parsePostgres(TYPES).statements) applyStatement(catalog, statement, '001');
  server = await startPostgres();
  client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  await client.query(`CREATE EXTENSION citext; ${TYPES}`);
}, 90_000);

afterAll(async () => {
  await client?.end();
  await server?.stop();
});

describe.each(['UTC', 'Europe/Berlin'])('ALTER COLUMN TYPE with TimeZone %s', (zone) => {
  it.each(PAIRS)('from %s to %s touches what the rules say', async (from, to) => {
    await client.query(
      `SET timezone = '${zone}'; DROP TABLE IF EXISTS t; CREATE TABLE t (c ${from}); CREATE INDEX t_c ON t (c)`,
    );
    const before = await files();
    await client.query(`ALTER TABLE t ALTER COLUMN c TYPE ${to}`);
    const after = await files();
    const measured =
      before.rows !== after.rows ? 'rewrite' : before.index !== after.index ? 'indexes' : 'kept';
    expect(predicted(from, to, zone)).toBe(measured);
  });
});

describe('an unchanged column', () => {
  it('rebuilds indexes on expressions and with conditions, and keeps the plain ones', async () => {
    const indexes =
      "CREATE INDEX plain ON u (c); CREATE INDEX lowered ON u (lower(c)); CREATE INDEX partly ON u (c) WHERE id > 1; CREATE INDEX named ON u (id) WHERE c <> ''; CREATE INDEX other ON u (id);";
    const table = 'CREATE TABLE u (id integer, c varchar(20));';
    const own = new SchemaCatalog();
    for (const statement of parsePostgres(`${table} ${indexes}`).statements)
      applyStatement(own, statement, '001');
    await client.query(`${table} ${indexes}`);
    const before = await indexFiles();
    await client.query('ALTER TABLE u ALTER COLUMN c TYPE varchar(40)');
    const after = await indexFiles();
    const rebuilt = [...before].filter(([name, file]) => after.get(name) !== file).map(([name]) => name);
    expect(
      rebuiltIndexes(own.indexesOf({ name: 'u' }), 'c', false)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(rebuilt.sort());
    expect(rebuilt).toHaveLength(3);
  });
});

async function files(): Promise<{ rows: string; index: string }> {
  const { rows } = await client.query(
    "SELECT pg_relation_filenode('t')::text AS rows, pg_relation_filenode('t_c')::text AS index",
  );
  return rows[0];
}

async function indexFiles(): Promise<Map<string, string>> {
  const { rows } = await client.query(
    "SELECT relname, pg_relation_filenode(oid)::text AS file FROM pg_class JOIN pg_index ON indexrelid = oid WHERE indrelid = 'u'::regclass",
  );
  return new Map(rows.map(({ relname, file }) => [relname, file]));
}

function predicted(from: string, to: string, zone: string): string {
  const change = typeChange(parsedType(from), parsedType(to), catalog);
  return change === 'time-zone' ? (zone === 'UTC' ? 'indexes' : 'rewrite') : change;
}

function parsedType(type: string): Parameters<typeof typeChange>[1] {
  const [statement] = parsePostgres(`CREATE TABLE t (c ${type})`).statements;
  const parsed = statement?.kind === 'create-table' ? statement.columns[0]?.type : undefined;
  if (!parsed) throw new Error(`no type in ${type}`);
  return parsed;
}
