import type { Connection } from './connection.ts';
import { identifier, literal } from './sql-text.ts';

/** Airlock's own tables on one database, each qualified and quoted: a migration may have set any search path. */
export interface SystemTables {
  readonly schema: string;
  readonly history: string;
  readonly versions: string;
  readonly locks: string;
  readonly backups: string;
  readonly audit: string;
  readonly rollbacks: string;
}

export const SYSTEM_TABLE_NAMES = {
  history: '_migration_history',
  versions: '_migration_versions',
  locks: '_migration_locks',
  backups: '_backup_history',
  audit: '_migration_audit_log',
  rollbacks: '_migration_rollback_history',
} as const;

export function systemTables(schema: string): SystemTables {
  const qualified = (name: keyof typeof SYSTEM_TABLE_NAMES): string =>
    `${identifier(schema)}.${identifier(SYSTEM_TABLE_NAMES[name])}`;
  return {
    schema,
    history: qualified('history'),
    versions: qualified('versions'),
    locks: qualified('locks'),
    backups: qualified('backups'),
    audit: qualified('audit'),
    rollbacks: qualified('rollbacks'),
  };
}

/** The configured schema, else the first of the search path; undefined where the search path names none that exists. */
export async function systemSchemaOf(
  connection: Connection,
  configured: string | undefined,
): Promise<string | undefined> {
  if (configured !== undefined) return configured;
  const [row] = await connection.query('SELECT pg_catalog.current_schema() AS schema');
  return row?.['schema'] ?? undefined;
}

/** Version of the system tables that are there; 0: none. */
export async function installedVersion(connection: Connection, tables: SystemTables): Promise<number> {
  const [found] = await connection.query(
    `SELECT pg_catalog.to_regclass(${literal(tables.versions)}) IS NOT NULL AS there`,
  );
  if (found?.['there'] !== 't') return 0;
  const [row] = await connection.query(
    `SELECT pg_catalog.max(version::int) AS version FROM ${tables.versions} WHERE kind = 'system'`,
  );
  return Number(row?.['version'] ?? 0);
}

/** Object ids of the six tables, for what a transaction has locked. */
export async function systemTableIds(
  connection: Connection,
  { schema }: SystemTables,
): Promise<readonly number[]> {
  const names = Object.values(SYSTEM_TABLE_NAMES).map(literal).join(', ');
  const rows = await connection.query(
    `SELECT oid FROM pg_catalog.pg_class WHERE relname IN (${names})
       AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ${literal(schema)})`,
  );
  return rows.map(({ oid }) => Number(oid));
}
