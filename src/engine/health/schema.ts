import type { Connection, Row } from '../connection.ts';
import { identifier } from '../sql-text.ts';
import { type Looked, listed, OF_PEOPLE } from './looked.ts';

type Answer = Promise<Omit<Looked, 'name'>>;

/** Indexes that the planner does not use, and every write pays for (catalog-pg-index of the documentation). */
export async function invalidIndexes(connection: Connection): Answer {
  const rows = await connection.query(
    `SELECT pg_catalog.format('%I.%I', space.nspname, class.relname) AS place, class.relkind AS kind,
       table_class.oid::pg_catalog.regclass AS of_table,
       EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index progress WHERE progress.index_relid = class.oid) AS building
     FROM pg_catalog.pg_index index
       JOIN pg_catalog.pg_class class ON class.oid = index.indexrelid
       JOIN pg_catalog.pg_class table_class ON table_class.oid = index.indrelid
       JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
     WHERE NOT (index.indisvalid AND index.indisready AND index.indislive) AND ${OF_PEOPLE} ORDER BY 1`,
  );
  const left = rows.filter(({ building }) => building !== 't');
  const building = rows.length - left.length;
  if (left.length === 0)
    return { status: 'ok', message: building === 0 ? 'none' : `none, and ${building} being built` };
  const [first] = left;
  return {
    status: 'failed',
    message: `${left.length} ${left.length === 1 ? 'index is' : 'indexes are'} invalid: no query uses ${left.length === 1 ? 'it' : 'them'}`,
    details: listed(left.map(({ place, of_table }) => `${place} on ${of_table}`)),
    next: nextForIndex(first),
  };
}

/** That of a partitioned table becomes valid when each partition has attached its own (sql-createindex). */
function nextForIndex(row: Row | undefined): string {
  const place = row?.['place'] ?? '';
  return row?.['kind'] === 'I'
    ? `ALTER INDEX ${place} ATTACH PARTITION <index of each partition that has none attached>;`
    : `REINDEX INDEX CONCURRENTLY ${place}; or DROP INDEX CONCURRENTLY ${place};`;
}

/**
 * What was added NOT VALID and never validated; not what is declared NOT ENFORCED, which nobody checks. Its text is
 * not asked for: the server would wait for a table that is locked.
 */
export async function unvalidatedConstraints(connection: Connection): Answer {
  const rows = await connection.query(
    `SELECT constraint_row.conname AS name,
       coalesce(constraint_row.conrelid::pg_catalog.regclass::text, 'domain ' || constraint_row.contypid::pg_catalog.regtype::text) AS owner,
       CASE constraint_row.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'n' THEN 'not null' ELSE 'constraint' END AS kind
     FROM (SELECT conname, contype, nullif(conrelid, 0) AS conrelid, contypid, connamespace FROM pg_catalog.pg_constraint
        WHERE NOT convalidated ${connection.server.major >= 18 ? 'AND conenforced' : ''}) constraint_row
       JOIN pg_catalog.pg_namespace space ON space.oid = constraint_row.connamespace
     WHERE ${OF_PEOPLE} ORDER BY 2, 1`,
  );
  if (rows.length === 0) return { status: 'ok', message: 'none' };
  const [first] = rows;
  const owner = first?.['owner'] ?? '';
  return {
    status: 'warning',
    message: `${rows.length} ${rows.length === 1 ? 'constraint was' : 'constraints were'} never validated: rows from before may break ${rows.length === 1 ? 'it' : 'them'}`,
    details: listed(rows.map((row) => `${row['kind']} ${row['name']} on ${row['owner']}`)),
    next: `ALTER ${owner.startsWith('domain ') ? owner.replace('domain', 'DOMAIN') : `TABLE ${owner}`} VALIDATE CONSTRAINT ${identifier(first?.['name'] ?? '')};`,
  };
}
