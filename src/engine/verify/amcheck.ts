import { type Connection, DatabaseError } from '../connection.ts';
import { type Looked, listed, OF_PEOPLE } from '../health/looked.ts';
import { identifier, literal } from '../sql-text.ts';

/** index_corrupted and data_corrupted (errcodes-appendix). */
const CORRUPTED: ReadonlySet<string> = new Set(['XX001', 'XX002']);

interface Relation {
  readonly id: string;
  readonly place: string;
  readonly kind: 'btree' | 'gin' | 'heap';
}

/**
 * Every table and every B-tree index by amcheck (amcheck of the documentation), and GIN indexes from 18 on. It locks as
 * a SELECT does, and reads each of them whole.
 */
export async function amcheck(connection: Connection): Promise<Omit<Looked, 'name'>> {
  const schema = await extensionSchema(connection);
  if (schema === undefined)
    return {
      status: 'unknown',
      message: 'tables and indexes were not read: the extension amcheck is not installed here',
      next: 'CREATE EXTENSION amcheck;',
    };
  const major = connection.server.major;
  const all = (await relations(connection)).filter(
    ({ kind }) => kind === 'btree' || (kind === 'heap' ? major >= 14 : major >= 18),
  );
  const broken: string[] = [];
  const unread: string[] = [];
  for (const relation of all) {
    try {
      const said = await checkOne(connection, schema, relation);
      if (said !== undefined) broken.push(`${relation.place}: ${said}`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const { code, message } = error.fields;
      (CORRUPTED.has(code) ? broken : unread).push(`${relation.place}: ${message} (${code})`);
    }
  }
  if (broken.length > 0)
    return {
      status: 'failed',
      message: `${broken.length} of ${all.length} tables and indexes are damaged`,
      details: listed(broken),
      next: 'REINDEX INDEX CONCURRENTLY for an index; a table needs a backup from before',
    };
  if (unread.length > 0)
    return {
      status: 'unknown',
      message: `${unread.length} of ${all.length} tables and indexes could not be read`,
      details: listed(unread),
      next: `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${identifier(schema)} TO the user of this address, where that is what is missing`,
    };
  return { status: 'ok', message: `${all.length} tables and indexes are whole` };
}

async function extensionSchema(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.query(
    `SELECT space.nspname AS schema FROM pg_catalog.pg_extension extension
       JOIN pg_catalog.pg_namespace space ON space.oid = extension.extnamespace WHERE extension.extname = 'amcheck'`,
  );
  return row?.['schema'] ?? undefined;
}

async function relations(connection: Connection): Promise<readonly Relation[]> {
  const rows = await connection.query(
    `SELECT class.oid AS id, pg_catalog.format('%I.%I', space.nspname, class.relname) AS place,
       CASE WHEN class.relkind = 'i' THEN method.amname ELSE 'heap' END AS kind
     FROM pg_catalog.pg_class class
       JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
       JOIN pg_catalog.pg_am method ON method.oid = class.relam
       LEFT JOIN pg_catalog.pg_index index ON index.indexrelid = class.oid
     WHERE class.relpersistence <> 't' AND ${OF_PEOPLE}
       AND CASE class.relkind WHEN 'i' THEN method.amname IN ('btree', 'gin') AND index.indisvalid AND index.indisready
         WHEN 'r' THEN method.amname = 'heap' WHEN 'm' THEN method.amname = 'heap' ELSE false END
     ORDER BY 2`,
  );
  return rows.map(({ id, place, kind }) => ({
    id: id ?? '',
    place: place ?? '',
    kind: kind === 'btree' || kind === 'gin' ? kind : 'heap',
  }));
}

/** Undefined: nothing is wrong with it. */
async function checkOne(
  connection: Connection,
  schema: string,
  { id, kind }: Relation,
): Promise<string | undefined> {
  const relation = `${literal(id)}::pg_catalog.oid::pg_catalog.regclass`;
  if (kind !== 'heap') {
    const name = kind === 'btree' ? 'bt_index_check' : 'gin_index_check';
    await connection.query(`SELECT ${identifier(schema)}.${name}(${relation})`);
    return undefined;
  }
  const [row] = await connection.query(
    `SELECT count(*) AS count, min(msg) AS first FROM ${identifier(schema)}.verify_heapam(${relation})`,
  );
  return row?.['count'] === '0' ? undefined : `${row?.['count']} places, one of them: ${row?.['first']}`;
}
