import { type Connection, DatabaseError } from '../engine/connection.ts';
import type { Difference } from './catalog/compare.ts';
import { forcedTables } from './unforced-rows.ts';

/** Rows that were made up for the proof, in one table. */
interface Invented {
  readonly oid: string;
  /** The table itself is there because of them. */
  readonly made?: boolean | undefined;
  readonly rows: number;
  /** There was no other row in the table. */
  readonly alone: boolean;
  /** The key's columns and each row's values, as SQL; undefined where the table has no key. */
  readonly key?: { readonly columns: string; readonly values: readonly string[] } | undefined;
}

/** Undefined: they cannot be told from rows that migrations made. */
export type InventedRows = readonly Invented[] | undefined;

/** The transaction id from which on rows are invented: asked before they are made. */
export async function nextTransaction(session: Connection): Promise<string> {
  const [row] = await session.query(
    'SELECT (mod(pg_snapshot_xmax(pg_current_snapshot())::text::numeric, 4294967296))::text AS xid',
  );
  return row?.['xid'] ?? '0';
}

/** Whether relations were made or changed since: a trigger may make a table for every row that comes. */
export async function madeRelations(session: Connection, since: string): Promise<boolean> {
  const [row] = await session.query(
    `SELECT EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND xmin::text::bigint >= ${since}) AS made`,
  );
  return row?.['made'] === 't';
}

/** The tables that triggers made for invented rows; undefined where they made or changed anything else. */
export async function inventedTables(
  session: Connection,
  differences: readonly Difference[],
): Promise<InventedRows> {
  if (!differences.every(({ kind, before }) => kind === 'table' && before === undefined)) return undefined;
  const found: Invented[] = [];
  for (const { object } of differences) {
    const [row] = await session.query('SELECT to_regclass($1)::oid::text AS oid', [object]);
    if (row?.['oid']) found.push({ oid: row['oid'], made: true, rows: 0, alone: true });
  }
  return found;
}

/** Which rows of some tables are invented: they have to go again, or a later migration would trip over them. */
export async function inventedRows(
  session: Connection,
  tables: Iterable<string>,
  since: string,
): Promise<InventedRows> {
  const found: Invented[] = [];
  for (const table of tables) {
    const [known] = await session.query(
      `SELECT c.oid::text AS oid, EXISTS (SELECT FROM ${table} t WHERE t.xmin::text::bigint < ${since}) AS mixed,
         (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.at)
          FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, at), pg_attribute a
          WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum) AS key
       FROM pg_class c WHERE c.oid = to_regclass($1)`,
      [table],
    );
    if (!known?.['oid']) continue;
    const { oid, key } = known;
    const alone = known['mixed'] !== 't';
    if (!alone && !key) return undefined;
    const literals = (key ?? 'NULL::text')
      .split(', ')
      .map((column) => `quote_nullable(${column})`)
      .join(", ',', ");
    const rows = await session.query(
      `SELECT concat('(', ${literals}, ')') AS row FROM ${table} t WHERE t.xmin::text::bigint >= ${since}`,
    );
    if (rows.length === 0) continue;
    const values = rows.flatMap(({ row }) => row ?? []);
    found.push({ oid, rows: rows.length, alone, ...(key ? { key: { columns: key, values } } : {}) });
  }
  return found;
}

/**
 * Takes the invented rows out again, those that refer to others first: a trigger that made a table may drop it then.
 *
 * @returns whether all of them are gone
 */
export async function removeInvented(session: Connection, invented: InventedRows): Promise<boolean> {
  if (!invented) return false;
  const names: string[] = [];
  for (const { oid } of invented) names.push(...[(await nameOf(session, oid)) ?? []].flat());
  const forced = await forcedTables(session, names);
  for (const name of forced) await session.run(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
  const gone = await allRemoved(session, invented);
  for (const name of forced) await session.run(`ALTER TABLE IF EXISTS ${name} FORCE ROW LEVEL SECURITY`);
  return gone;
}

async function allRemoved(session: Connection, invented: readonly Invented[]): Promise<boolean> {
  let left = [...invented].reverse();
  while (left.length > 0) {
    const still: Invented[] = [];
    for (const each of left) if (!(await removed(session, each))) still.push(each);
    if (still.length === left.length) return emptied(session, still);
    left = still;
  }
  return true;
}

/** Tables that refer to each other in a circle have to be emptied at once; those with rows of others are not. */
async function emptied(session: Connection, tables: readonly Invented[]): Promise<boolean> {
  const names: string[] = [];
  for (const { oid, rows, alone } of tables) {
    const name = await nameOf(session, oid);
    const [now] = name === undefined ? [] : await session.query(`SELECT count(*)::text AS rows FROM ${name}`);
    if (!alone || name === undefined || Number(now?.['rows']) > rows) return false;
    names.push(name);
  }
  return ran(session, `TRUNCATE ${names.join(', ')}`);
}

async function nameOf(session: Connection, oid: string): Promise<string | undefined> {
  const [table] = await session.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = $1::oid AND c.relkind IN ('r', 'p')`,
    [oid],
  );
  return table?.['name'] ?? undefined;
}

async function ran(session: Connection, sql: string): Promise<boolean> {
  try {
    await session.run(sql);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

async function removed(session: Connection, { oid, made, rows, alone, key }: Invented): Promise<boolean> {
  const name = await nameOf(session, oid);
  if (name === undefined) return true;
  if (made === true) return ran(session, `DROP TABLE ${name}`);
  // What the migration adds to them is its own, and later ones may need it.
  const [now] = alone ? await session.query(`SELECT count(*)::text AS rows FROM ${name}`) : [];
  const all = now !== undefined && Number(now['rows']) <= rows;
  if (!all && !key) return false;
  const which = all ? '' : ` WHERE (${key?.columns}) IN (${key?.values.join(', ')})`;
  return ran(session, `DELETE FROM ${name}${which}`);
}
