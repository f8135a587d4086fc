import type { SealedMigration } from '../../migration/plan.ts';
import type { Connection } from '../connection.ts';
import { identifier } from '../sql-text.ts';
import type { Adopter } from './adopter.ts';

export type Adoption =
  | {
      readonly ok: true;
      readonly migrations: readonly SealedMigration[];
      readonly table: string;
      /** Ids of those whose file could not be held against what ran: the tool keeps nothing to tell it by. */
      readonly unproven: ReadonlySet<string>;
    }
  | {
      readonly ok: false;
      readonly reasonCode: 'cannot-run' | 'history-disagrees';
      readonly problems: readonly string[];
      readonly next: string;
    };

/**
 * What another tool ran on a database, as migrations of ours: each must have its file, and the file must be the one
 * that ran wherever the tool keeps something to tell it by.
 *
 * @param asked name of the table where it is not the tool's usual one, `schema.table` or `table`
 */
export async function readForeign(
  connection: Connection,
  adopter: Adopter,
  files: readonly SealedMigration[],
  asked?: string | undefined,
): Promise<Adoption> {
  const { tool, columns } = adopter;
  const stop = (problem: string, next: string): Adoption => ({
    ok: false,
    reasonCode: 'cannot-run',
    problems: [problem],
    next,
  });
  const name = asked ?? adopter.table;
  const found = await findTable(connection, name, columns);
  if (!found)
    return stop(
      `there is no table ${name} of ${tool} on this database, or not in the search path of its user.`,
      'name it: --table <schema>.<table>',
    );
  const { table } = found;
  if (!found.fits)
    return stop(
      `${table} is no table of ${tool}: that has ${columns.join(', ')}.`,
      'name the table with --table, or the tool with --layout',
    );
  const foreign = await adopter.read(table, files, (sql) => connection.query(sql));
  if (!foreign.ok) return stop(foreign.problem, foreign.next);
  const known = new Map(files.map((file) => [file.migration.id, file]));
  // What runs again whenever it changes is not wrong where it changed: it is only not done yet.
  const told = foreign.told.filter(
    ({ id, file }) => file !== 'another' || known.get(id ?? '')?.migration.repeatable !== true,
  );
  const problems = told.flatMap(({ entry, id, file }) => {
    if (id === undefined) return [`${tool} ran ${entry}, and there is no file for it.`];
    return file === 'another' ? [`${tool} ran ${id}, and its file is another one since.`] : [];
  });
  if (problems.length > 0)
    return {
      ok: false,
      reasonCode: 'history-disagrees',
      problems,
      next: 'put back the files that ran (git log tells which), or name the right folder: --directory; for what ran as code, commit an SQL file of the same id and name',
    };
  const ran = new Set(told.map(({ id }) => id));
  return {
    ok: true,
    migrations: files.filter(({ migration }) => ran.has(migration.id)),
    table,
    unproven: new Set(told.flatMap(({ id, file }) => (file === 'not-told' && id !== undefined ? [id] : []))),
  };
}

/**
 * The tool's table, where it is in its usual place and says that something ran, or may not be read: files that look
 * new to Airlock ran there before.
 */
export async function historyElsewhere(
  connection: Connection,
  adopter: Adopter,
  files: readonly SealedMigration[],
): Promise<string | undefined> {
  const found = await findTable(connection, adopter.table, adopter.columns);
  if (!found?.fits) return undefined;
  if (!found.readable) return found.table;
  const foreign = await adopter.read(found.table, files, (sql) => connection.query(sql));
  return foreign.ok && foreign.told.length === 0 ? undefined : found.table;
}

async function findTable(
  connection: Connection,
  name: string,
  columns: readonly string[],
): Promise<{ readonly table: string; readonly fits: boolean; readonly readable: boolean } | undefined> {
  const [found] = await connection.query(
    `SELECT namespace.nspname AS schema, class.relname AS name,
       (pg_catalog.has_schema_privilege(namespace.oid, 'USAGE')
          AND pg_catalog.has_table_privilege(class.oid, 'SELECT'))::text AS readable,
       (SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = class.oid AND NOT attisdropped
          AND attname = ANY ($2::text[])) AS columns
     FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
     WHERE class.oid = pg_catalog.to_regclass($1)`,
    [name.split('.').map(identifier).join('.'), columns],
  );
  return (
    found && {
      table: `${identifier(found['schema'] ?? '')}.${identifier(found['name'] ?? '')}`,
      fits: Number(found['columns']) === columns.length,
      readable: found['readable'] === 'true',
    }
  );
}
