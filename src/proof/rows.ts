import type { Connection } from '../engine/connection.ts';
import type { Proof } from '../report/proof-result.ts';

type Row = Readonly<Record<string, unknown>>;

/** The rows of a table, and the columns of its key where it has one. */
interface TableRows {
  readonly key: readonly string[];
  readonly rows: readonly Row[];
}

/** The rows of some tables, by name. */
export type RowsOf = ReadonlyMap<string, TableRows>;

/** More rows of a table than this are not looked at. */
const MOST = 1_000;

/**
 * Reads whole tables, each as it is now; one that is not there is left out.
 *
 * @param tables names as SQL writes them
 */
export async function readRows(connection: Connection, tables: Iterable<string>): Promise<RowsOf> {
  const rows = new Map<string, TableRows>();
  const names = new Set(tables);
  const found = names.size === 0 ? [] : await connection.query(KNOWN, [JSON.stringify([...names])]);
  for (const known of found) {
    const table = known['name'] ?? '';
    // What stands in a partition is told of its table.
    if ((JSON.parse(known['above'] ?? '[]') as string[]).some((name) => names.has(name))) continue;
    const read = await connection.query(`SELECT to_jsonb(t)::text AS row FROM ${table} t LIMIT ${MOST}`);
    rows.set(table, {
      key: JSON.parse(known['key'] ?? '[]') as string[],
      rows: read.flatMap(({ row }) => (row == null ? [] : [JSON.parse(row) as Row])),
    });
  }
  return rows;
}

/** $1 names as SQL writes them, a list of JSON. */
const KNOWN = `SELECT t.name, (SELECT json_agg(a.attname ORDER BY k.at)::text
    FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, at), pg_attribute a
    WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum) AS key,
  (SELECT json_agg(format('%I.%I', pn.nspname, p.relname)) FROM pg_partition_ancestors(c.oid) a
    JOIN pg_class p ON p.oid = a.relid JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE a.relid <> c.oid AND c.relispartition)::text AS above
FROM json_array_elements_text($1::json) WITH ORDINALITY t(name, at)
JOIN pg_class c ON c.oid = to_regclass(t.name) WHERE c.relkind IN ('r', 'p') ORDER BY t.at`;

/**
 * Rows that are gone, and values that are not what they were, once the down has run. Rows are known again by the key
 * that their table had before; where it had none, or the key itself is not what it was, columns are compared as
 * wholes: which row had which value is not told then.
 */
export function lostData(before: RowsOf, after: RowsOf): Proof['dataLoss'] {
  const losses: Proof['dataLoss'] = [];
  for (const [relation, { key, rows }] of before) {
    const now = after.get(relation)?.rows ?? [];
    const byKey = key.length > 0 ? new Map(now.map((row) => [nameOf(row, key), row])) : undefined;
    const pairs = rows.map((row) => [row, byKey?.get(nameOf(row, key))] as const);
    const strangers = pairs.flatMap(([row, other]) => (other ? [] : [row]));
    const known = new Set(pairs.map(([, other]) => other));
    const others = now.filter((row) => !known.has(row));
    const columns = new Map<string, number>();
    const lose = (column: string, count: number): void => {
      if (count > 0) columns.set(column, (columns.get(column) ?? 0) + count);
    };
    for (const [row, other] of pairs)
      if (other)
        for (const [column, value] of Object.entries(row)) lose(column, same(value, other[column]) ? 0 : 1);
    const gone = Math.max(0, strangers.length - others.length);
    if (gone < strangers.length)
      for (const column of Object.keys(strangers[0] ?? {}))
        lose(column, missingValues(strangers, others, column) - gone);
    if (gone > 0) losses.push({ relation, rows: gone });
    for (const [column, count] of columns) losses.push({ relation, column, rows: count });
  }
  return losses;
}

function nameOf(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((column) => row[column]));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** How many values of a column are not among those of the other rows. */
function missingValues(rows: readonly Row[], others: readonly Row[], column: string): number {
  const left = new Map<string, number>();
  const text = (row: Row): string => JSON.stringify(row[column]) ?? '';
  for (const row of others) left.set(text(row), (left.get(text(row)) ?? 0) + 1);
  let missing = 0;
  for (const row of rows) {
    const count = left.get(text(row)) ?? 0;
    if (count === 0) missing += 1;
    else left.set(text(row), count - 1);
  }
  return missing;
}
