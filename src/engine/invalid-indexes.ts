import type { Connection } from './connection.ts';
import type { Step } from './run-section.ts';
import { identifier, literal } from './sql-text.ts';

/** CREATE INDEX CONCURRENTLY, as far as its leftovers are concerned. */
export interface ConcurrentIndex {
  /** Undefined: the server makes a name. */
  readonly name?: string | undefined;
  /** Quoted, as the statement names it. */
  readonly table: string;
}

export function concurrentIndex({ statement }: Step): ConcurrentIndex | undefined {
  if (statement?.kind !== 'create-index' || !statement.concurrently) return undefined;
  const { schema, name } = statement.table;
  return {
    name: statement.index,
    table: schema === undefined ? identifier(name) : `${identifier(schema)}.${identifier(name)}`,
  };
}

export interface FoundIndex {
  readonly id: string;
  readonly name: string;
  /** Qualified and quoted. */
  readonly place: string;
  readonly valid: boolean;
}

/** The indexes of a table, names looked up as the session that is asked does. */
export async function indexesOf(
  connection: Connection,
  { table }: ConcurrentIndex,
): Promise<readonly FoundIndex[]> {
  const rows = await connection.query(
    `SELECT class.oid AS id, class.relname AS name, pg_catalog.format('%I.%I', space.nspname, class.relname) AS place,
       index.indisvalid AND index.indisready AS valid
     FROM pg_catalog.pg_index index
       JOIN pg_catalog.pg_class class ON class.oid = index.indexrelid
       JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
     WHERE index.indrelid = pg_catalog.to_regclass(${literal(table)})`,
  );
  return rows.map((row) => ({
    id: row['id'] ?? '',
    name: row['name'] ?? '',
    place: row['place'] ?? '',
    valid: row['valid'] === 't',
  }));
}

/** Outside of a transaction, and without keeping anybody from the table. */
export async function dropIndex(connection: Connection, { place }: FoundIndex): Promise<void> {
  await connection.run(`DROP INDEX CONCURRENTLY IF EXISTS ${place}`);
}
