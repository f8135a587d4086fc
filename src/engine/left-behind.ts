import type { Connection } from './connection.ts';

/** Indexes that no query uses, by their id. One of a partitioned table waits for its partitions (sql-createindex). */
export async function invalidIndexes(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query(
    `SELECT class.oid AS id, pg_catalog.format('%I.%I', space.nspname, class.relname) AS place
     FROM pg_catalog.pg_index index
       JOIN pg_catalog.pg_class class ON class.oid = index.indexrelid
       JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
     WHERE NOT index.indisvalid AND class.relkind = 'i' AND space.nspname !~ '^pg_'
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index progress WHERE progress.index_relid = class.oid)`,
  );
  return new Map(rows.map(({ id, place }) => [id ?? '', place ?? '']));
}

/** Validation after a run: what it left behind that it should not have, or undefined. */
export async function leftBehind(
  connection: Connection,
  before: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const after = await invalidIndexes(connection);
  const ours = [...after].flatMap(([id, place]) => (before.has(id) ? [] : [place]));
  return ours.length === 0
    ? undefined
    : `validation after the run failed: ${ours.join(', ')} ${ours.length === 1 ? 'is' : 'are'} invalid, and no query uses ${ours.length === 1 ? 'it' : 'them'}.`;
}
