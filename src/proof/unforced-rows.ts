import type { Connection } from '../engine/connection.ts';

/**
 * Row-level security that is forced holds for the owner too (ddl-rowsecurity of the documentation), who would then see
 * some rows of its own tables, or none. Which of these tables it is forced on, as SQL writes their names.
 */
export async function forcedTables(session: Connection, tables: Iterable<string>): Promise<string[]> {
  const rows = await session.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM json_array_elements_text($1::text::json) AS asked(name)
     JOIN pg_class c ON c.oid = to_regclass(asked.name) JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity AND pg_has_role(c.relowner, 'USAGE')`,
    [JSON.stringify([...tables])],
  );
  return rows.flatMap(({ name }) => name ?? []);
}

/** Reads with all rows of these tables in sight; the tables are as they were afterwards. Writes nothing that stays. */
export async function seeingAllRows<T>(
  session: Connection,
  tables: Iterable<string>,
  read: () => Promise<T>,
): Promise<T> {
  const forced = await forcedTables(session, tables);
  if (forced.length === 0) return read();
  await session.run('BEGIN');
  for (const table of forced) await session.run(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  const found = await read();
  await session.run('ROLLBACK');
  return found;
}
