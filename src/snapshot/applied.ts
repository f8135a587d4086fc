import type { Connection } from '../engine/connection.ts';

/** What a target's own history says: which migrations its schema holds. */
export interface Applied {
  /** schema.table. */
  readonly table: string;
  readonly applied?: readonly string[] | undefined;
  /** All with a number up to this one. */
  readonly upTo?: string | undefined;
}

interface HistoryTable {
  readonly name: string;
  /** In this schema only; else in the one where it is found. */
  readonly schema?: string | undefined;
  /** Columns that tell it from another tool's table of the same name. */
  readonly columns: readonly string[];
  /** What gives the ids as the layout writes them, from the table. */
  readonly select: string;
  /** The ids are the last one alone. */
  readonly last?: true | undefined;
}

/** Where the tools keep their history, as their documentations have it; the first that is there is taken. */
const TABLES: readonly HistoryTable[] = [
  {
    name: '_migration_history',
    columns: ['migration_id', 'status'],
    select: `migration_id FROM % WHERE status::text IN ('applied', 'baselined')`,
  },
  // golang-migrate: one row. A dirty one did not come to its end.
  {
    name: 'schema_migrations',
    columns: ['version', 'dirty'],
    select: 'version - CASE WHEN dirty THEN 1 ELSE 0 END FROM %',
    last: true,
  },
  {
    name: 'schema_migrations',
    schema: 'supabase_migrations',
    columns: ['version'],
    select: 'version FROM %',
  },
  { name: '__diesel_schema_migrations', columns: ['version'], select: 'version FROM %' },
  { name: '_sqlx_migrations', columns: ['version', 'success'], select: 'version FROM % WHERE success' },
  {
    name: 'flyway_schema_history',
    columns: ['version', 'success'],
    select: 'version FROM % WHERE success AND version IS NOT NULL',
  },
  {
    name: 'goose_db_version',
    columns: ['version_id', 'is_applied'],
    // A row for each up and each down: the last one counts.
    select:
      'version_id FROM (SELECT DISTINCT ON (version_id) version_id, is_applied FROM % ORDER BY version_id, id DESC) AS last WHERE is_applied AND version_id > 0',
  },
  { name: 'gorp_migrations', columns: ['id'], select: 'id FROM %' },
  { name: 'pgmigrations', columns: ['name'], select: 'name FROM %' },
  {
    name: '_prisma_migrations',
    columns: ['migration_name', 'finished_at', 'rolled_back_at'],
    select: 'migration_name FROM % WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  },
  { name: 'schema_migrations', columns: ['version'], select: 'version FROM %' },
];

/** Undefined: no history that is known. Throws what `query` throws. */
export async function readApplied(session: Connection): Promise<Applied | undefined> {
  for (const table of TABLES) {
    const [found] = await session.query(
      `SELECT n.nspname::text AS schema, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND ($2::text IS NULL OR n.nspname = $2) AND n.nspname !~ '^pg_'
       AND (SELECT count(*) FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = ANY (string_to_array($3, ',')) AND NOT a.attisdropped) = $4::int
       ORDER BY (n.nspname = 'public') DESC, n.nspname LIMIT 1`,
      [table.name, table.schema ?? null, table.columns.join(','), table.columns.length],
    );
    const name = found?.['name'];
    if (name == null) continue;
    const rows = await session.query(
      `SELECT id::text AS id FROM (SELECT ${table.select.replace('%', name)}) AS ids (id) ORDER BY 1`,
    );
    const ids = rows.flatMap(({ id }) => (id == null ? [] : [id]));
    if (!table.last) return { table: `${found?.['schema']}.${table.name}`, applied: ids };
    return { table: `${found?.['schema']}.${table.name}`, upTo: ids[0] ?? '0' };
  }
  return undefined;
}
