import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyStatement } from '../../../src/sql/catalog/apply.ts';
import { SchemaCatalog } from '../../../src/sql/catalog/schema-catalog.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { catalogFacts } from './catalog-facts.ts';
import { SCRIPTS } from './scripts.ts';
import { type Facts, serverFacts } from './server-facts.ts';

let server: PostgresServer;
let admin: pg.Client;
let open: pg.Client | undefined;

beforeAll(async () => {
  await loadPostgresParser();
  server = await startPostgres();
  admin = new pg.Client({ connectionString: server.connectionString });
  await admin.connect();
  await admin.query('CREATE ROLE app');
}, 90_000);

afterAll(async () => {
  await open?.end();
  await admin?.end();
  await server?.stop();
});

const EMPTY = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT format('EXTENSION %I', extname) FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT format('PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL SELECT format('SCHEMA %I', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE 'DROP ' || name || ' CASCADE'; END LOOP; END $$; CREATE SCHEMA public`;

async function session(): Promise<pg.Client> {
  await open?.end();
  open = new pg.Client({ connectionString: server.connectionString });
  await open.connect();
  return open;
}

/** Runs the files, each in a session of its own, in an empty database and through the catalog. */
async function bothSides(
  files: readonly string[],
): Promise<{ catalog: SchemaCatalog; differences: string[] }> {
  await open?.end();
  open = undefined;
  await admin.query(EMPTY);
  const catalog = new SchemaCatalog();
  let last = admin;
  for (const [number, text] of files.entries()) {
    last = await session();
    catalog.startSession();
    const { statements, errors } = parsePostgres(text);
    expect(errors).toEqual([]);
    for (const statement of statements) {
      const sql = text.slice(statement.span.start, statement.span.end);
      await last.query(sql).catch((error: unknown) => {
        throw new Error(`the server refuses: ${sql}\n${String(error)}`);
      });
      applyStatement(catalog, statement, String(number));
    }
  }
  return { catalog, differences: compare(catalog, catalogFacts(catalog), await serverFacts(last)) };
}

/** What the catalog says must be so; what it does not say must be marked as not known. */
function compare(catalog: SchemaCatalog, known: Facts, real: Facts): string[] {
  const found: string[] = [];
  for (const [what, is] of known)
    if (real.get(what) !== is)
      found.push(`catalog: ${what} is ${is}; server: ${real.get(what) ?? 'has none'}`);
  for (const [what, is] of real) {
    if (known.has(what)) continue;
    const [kind, name = ''] = [what.slice(0, what.indexOf(' ')), what.slice(what.indexOf(' ') + 1)];
    const table = catalog.tableByKey(name.slice(0, name.lastIndexOf('.')));
    if (
      kind === 'schema' ? catalog.hasSchema(name) : kind === 'function' && isKnownFunction(catalog, name, is)
    )
      continue;
    if (!catalog.incomplete && !(kind === 'column' && table?.complete === false))
      found.push(`not in the catalog: ${what}: ${is}`);
  }
  return found;
}

function isKnownFunction(catalog: SchemaCatalog, key: string, volatility: string): boolean {
  const [schema = '', name = ''] = key.split('.');
  const known = catalog.functionVolatility({ schema, name });
  return catalog.hasFunction({ schema, name }) && (known === 'unknown' || known === volatility);
}

describe('the catalog says what the server has after', () => {
  it.each(Object.entries(SCRIPTS))('%s', async (_, { files, incomplete = false }) => {
    const { catalog, differences } = await bothSides(files);
    expect(differences).toEqual([]);
    expect(catalog.incomplete).toBe(incomplete);
  });

  it('the migrations of the shop, one after another', async () => {
    const folder = new URL('../../../examples/shop/migrations/', import.meta.url);
    const files: string[] = [];
    for (const name of (await readdir(folder)).sort()) {
      const text = await readFile(new URL(name, folder), 'utf8');
      files.push(text.slice(text.indexOf('-- UP'), text.indexOf('-- DOWN')));
    }
    const { catalog, differences } = await bothSides(files);
    expect(differences).toEqual([]);
    expect([...catalog.tables()].length).toBeGreaterThan(10);
  });
});
