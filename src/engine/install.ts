import type { LayoutFolder } from '../migration/layout.ts';
import { airlock } from '../migration/layouts/airlock.ts';
import { SourceFile } from '../sql/source.ts';
import type { AuditLog } from './audit-log.ts';
import { delayAfter, pause } from './backoff.ts';
import { type Connection, DatabaseError } from './connection.ts';
import { insert } from './ledger.ts';
import { prepare, seal } from './prepare.ts';
import { runSection } from './run-section.ts';
import { identifier, literal } from './sql-text.ts';
import { systemMigrations } from './system-migrations.ts';
import { installedVersion, type SystemTables } from './system-tables.ts';
import type { Who } from './who.ts';

const SETTINGS = { placeholders: {}, lockTimeout: 5_000, statementTimeout: 60_000, idleTimeout: 60_000 };
const PAUSES = { first: 50, longest: 1_000 };
const ATTEMPTS = 60;
/** Another installer was faster by a hair: unique_violation, duplicate_table …, and locks (errcodes-appendix). */
const RACED = new Set(['23505', '42P07', '42710', '42723', '42P06', '55P03', '40P01']);

/**
 * Brings the system tables to the version that this program knows, one file after another, each in one transaction
 * with its row in the versions. Who else installs at the same moment is not waited for in a transaction: it is asked
 * for a lock, and asked again later. Gives the version that is there in the end.
 *
 * @throws DatabaseError when the server refuses: no right to create tables, for example
 */
export async function installSystemTables(
  connection: Connection,
  tables: SystemTables,
  by: { readonly who: Who; readonly audit: AuditLog; readonly pooled: boolean },
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const version = await installedVersion(connection, tables);
    if (version >= systemMigrations.length) return version;
    const error = await installOne(connection, tables, version, by);
    by.audit.forget();
    if (error && (!RACED.has(error.fields.code) || attempt >= ATTEMPTS)) throw error;
    if (error) await pause(delayAfter(attempt, PAUSES, Math.random()));
  }
}

/** Undefined: installed. */
async function installOne(
  connection: Connection,
  tables: SystemTables,
  version: number,
  { who, audit, pooled }: { readonly who: Who; readonly audit: AuditLog; readonly pooled: boolean },
): Promise<DatabaseError | undefined> {
  const file = systemMigrations[version];
  const migration = file && airlock.read(folderOf(file), {}).migrations[0];
  if (!file || !migration) throw new Error(`the system migration ${version + 1} cannot be read`);
  const { up, verify } = await prepare(seal(migration), airlock, { ...SETTINGS, pooled });
  const steps = [
    `CREATE SCHEMA IF NOT EXISTS ${identifier(tables.schema)}`,
    `SET LOCAL search_path TO ${identifier(tables.schema)}`,
  ].map((sql) => ({ span: { start: 0, end: 0 }, sql, needsAutocommit: false }));
  const there = await connection.query(
    `SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${literal(tables.schema)}`,
  );
  let busy = false;
  try {
    const result = await runSection(
      connection,
      // Who may not create schemas may use one that is there.
      {
        ...up.run,
        steps: [...steps.slice(there.length > 0 ? 1 : 0), ...up.run.steps, ...(verify?.run.steps ?? [])],
      },
      {
        mayGoOn: async (step) => {
          if (step !== steps[there.length > 0 ? 1 : 0]) return true;
          const [row] = await connection.query(
            `SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(${literal(`airlock system tables ${tables.schema}`)}, 0)) AS ours`,
          );
          busy = row?.['ours'] !== 't' || (await installedVersion(connection, tables)) !== version;
          return !busy;
        },
        closing: async () => {
          const { sql } = await audit.entry(connection, {
            action: 'system-installed',
            details: { version: version + 1, file: file.path },
          });
          const row = {
            kind: 'system',
            version: String(version + 1),
            name: migration.name,
            tool_version: who.toolVersion,
          };
          return `${insert(tables.versions, row)}${sql}`;
        },
      },
    );
    if (result.status === 'lost') throw result.lost;
    if (busy) return new DatabaseError({ code: '55P03', message: 'another installer is at work' });
    return result.status === 'failed' ? new DatabaseError(result.error) : undefined;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
}

function folderOf({ path, text }: (typeof systemMigrations)[number]): LayoutFolder {
  return { directory: 'migrations', paths: [path], read: () => new SourceFile(`migrations/${path}`, text) };
}
