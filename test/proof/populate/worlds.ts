import type { Connection } from '../../../src/engine/connection.ts';
import type { PostgresBinaries } from '../../../src/proof/local/find-binaries.ts';
import { localShadow } from '../../../src/proof/local/shadow.ts';
import { buildChamberIn } from '../embedded/chambers.ts';
import { allBinaries } from '../local/binaries.ts';

/** A PostgreSQL to fill tables in, as an ordinary owner. */
export interface World {
  readonly name: string;
  open(): Promise<{ readonly session: Connection; close(): Promise<void> }>;
}

/** The embedded chamber, and every version that is on this machine. */
export async function worlds(): Promise<World[]> {
  const local = (binaries: PostgresBinaries): World => ({
    name: `PostgreSQL ${binaries.version}`,
    async open() {
      const wanted = { roles: [], extensions: ['btree_gist'], allowedExtensions: [] };
      const opened = await localShadow({ binaries, longestRequest: 30_000 }, wanted);
      if (!opened.ok) throw new Error(opened.reason);
      return opened.shadow;
    },
  });
  return [EMBEDDED, ...(await allBinaries()).map(local)];
}

const EMBEDDED: World = {
  name: 'the embedded chamber',
  async open() {
    const chamber = await buildChamberIn();
    const session = await chamber.open({}, ['btree_gist']);
    await session.run('CREATE EXTENSION btree_gist');
    return { session, close: () => chamber.remove() };
  },
};

/** The values of a table's columns, by column, each row's in one order. */
export async function columnsOf(
  session: Connection,
  table: string,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const rows = await session.query(`SELECT to_jsonb(r)::text AS row FROM ${table} r ORDER BY r::text`);
  const columns: Record<string, unknown[]> = {};
  for (const { row } of rows)
    for (const [name, value] of Object.entries(JSON.parse(row ?? '{}') as Record<string, unknown>)) {
      columns[name] ??= [];
      columns[name].push(value);
    }
  return columns;
}

/** SQLSTATE of the refusal, or undefined. */
export async function codeOf(session: Connection, sql: string): Promise<string | undefined> {
  try {
    await session.run(`BEGIN; ${sql}; ROLLBACK`);
    return undefined;
  } catch (error) {
    await session.run('ROLLBACK');
    return error instanceof Error && 'fields' in error
      ? (error.fields as { code: string }).code
      : String(error);
  }
}
