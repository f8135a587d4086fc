import { type Connection, DatabaseError, type Row } from '../connection.ts';
import { type Looked, listed, OF_PEOPLE } from '../health/looked.ts';
import { identifier } from '../sql-text.ts';

/**
 * Constraints that were never validated, and how many rows break each: what VALIDATE CONSTRAINT would come to, without
 * running it.
 */
export async function constraints(connection: Connection): Promise<Omit<Looked, 'name'>> {
  const rows = await connection.query(
    `SELECT pending.conname AS name, pending.contype AS kind, pg_catalog.format('%I.%I', space.nspname, class.relname) AS place,
       pg_catalog.pg_get_expr(pending.conbin, pending.conrelid) AS expression,
       pg_catalog.quote_ident(other_space.nspname) || '.' || pg_catalog.quote_ident(other.relname) AS other_place, pending.confmatchtype AS match,
       ${namesOf('pending.conrelid', 'pending.conkey')} AS columns, ${namesOf('pending.confrelid', 'pending.confkey')} AS other_columns
     FROM pg_catalog.pg_constraint pending
       JOIN pg_catalog.pg_class class ON class.oid = pending.conrelid
       JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
       LEFT JOIN pg_catalog.pg_class other ON other.oid = pending.confrelid
       LEFT JOIN pg_catalog.pg_namespace other_space ON other_space.oid = other.relnamespace
     WHERE NOT pending.convalidated ${connection.server.major >= 18 ? 'AND pending.conenforced' : ''} AND ${OF_PEOPLE}
     ORDER BY 3, 1`,
  );
  if (rows.length === 0) return { status: 'ok', message: 'every constraint is validated' };
  const details: string[] = [];
  let broken = 0;
  for (const row of rows) {
    const count = await brokenRows(connection, row);
    if (typeof count === 'number' && count > 0) broken++;
    details.push(
      `${row['name']} on ${row['place']}: ${typeof count === 'string' ? `not counted: ${count}` : count === 0 ? 'no row breaks it' : `${count} rows break it`}`,
    );
  }
  const [first] = rows;
  const are = rows.length === 1 ? 'constraint is' : 'constraints are';
  return {
    status: broken > 0 ? 'failed' : 'warning',
    message: `${rows.length} ${are} not validated${broken > 0 ? `, and rows break ${broken}` : ''}`,
    details: listed(details),
    next:
      broken > 0
        ? 'correct the rows, then validate'
        : `ALTER TABLE ${first?.['place']} VALIDATE CONSTRAINT ${identifier(first?.['name'] ?? '')};`,
  };
}

function namesOf(relation: string, numbers: string): string {
  return `(SELECT pg_catalog.json_agg(pg_catalog.quote_ident(attribute.attname) ORDER BY place.at)
    FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY place (number, at)
      JOIN pg_catalog.pg_attribute attribute ON attribute.attrelid = ${relation} AND attribute.attnum = place.number)`;
}

/** A text: why they cannot be counted. */
async function brokenRows(connection: Connection, row: Row): Promise<number | string> {
  const query = queryFor(row);
  if (query === undefined) return 'constraints of its kind are validated by the server only';
  try {
    const [answer] = await connection.query(query);
    return Number(answer?.['count']);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `${error.fields.message} (${error.fields.code})`;
  }
}

function queryFor(row: Row): string | undefined {
  const place = row['place'];
  const columns = JSON.parse(row['columns'] ?? '[]') as readonly string[];
  const others = JSON.parse(row['other_columns'] ?? '[]') as readonly string[];
  const [column] = columns;
  switch (row['kind']) {
    case 'c':
      // Null satisfies a check (ddl-constraints).
      return `SELECT count(*) AS count FROM ${place} WHERE NOT (${row['expression']})`;
    case 'n':
      return `SELECT count(*) AS count FROM ${place} WHERE ${column} IS NULL`;
    case 'f': {
      // MATCH SIMPLE: a row with a null among its columns refers to nothing.
      if (row['match'] !== 's' || columns.length === 0) return undefined;
      const there = columns.map((name, at) => `referring.${name} = referred.${others[at]}`).join(' AND ');
      const given = columns.map((name) => `referring.${name} IS NOT NULL`).join(' AND ');
      return `SELECT count(*) AS count FROM ${place} referring WHERE ${given} AND NOT EXISTS (SELECT FROM ${row['other_place']} referred WHERE ${there})`;
    }
    default:
      return undefined;
  }
}
