import { createHash } from 'node:crypto';
import type { Connection } from '../connection.ts';
import { OF_PEOPLE } from '../health/looked.ts';
import { literal } from '../sql-text.ts';
import { SYSTEM_TABLE_NAMES } from '../system-tables.ts';

interface TableChecksum {
  /** Qualified and quoted. */
  readonly table: string;
  readonly rows: number;
  /** 32 hex digits; the same for the same rows in whatever order, on any server. */
  readonly digest: string;
}

export type Checksums =
  | { readonly ok: true; readonly tables: readonly TableChecksum[] }
  | { readonly ok: false; readonly unknown: readonly string[] };

/** How values are written as text is the session's to say. */
const SAME_TEXT = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL row_security = off`;

/**
 * A checksum of the rows of each table, all of one moment. `names`: as SQL writes them; undefined: every
 * table but Airlock's own, which no two databases have alike.
 *
 * @throws DatabaseError where a table may not be read; ConnectionLost
 */
export async function tableChecksums(
  connection: Connection,
  names: readonly string[] | undefined,
): Promise<Checksums> {
  await connection.run(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${SAME_TEXT}`);
  try {
    const { found, unknown } = await tablesOf(connection, names);
    if (unknown.length > 0) return { ok: false, unknown };
    const tables: TableChecksum[] = [];
    for (const { place, only } of found) tables.push(await checksumOf(connection, place, only));
    return { ok: true, tables };
  } finally {
    await connection.run('ROLLBACK');
  }
}

interface Table {
  readonly place: string;
  /** Not those of its children: they have their own. */
  readonly only: boolean;
}

async function tablesOf(
  connection: Connection,
  names: readonly string[] | undefined,
): Promise<{ readonly found: readonly Table[]; readonly unknown: readonly string[] }> {
  const select = `SELECT pg_catalog.format('%I.%I', space.nspname, class.relname) AS place, class.relkind AS kind
    FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace`;
  const tableOf = (row: Readonly<Record<string, string | null>>): Table => ({
    place: row['place'] ?? '',
    only: row['kind'] === 'r',
  });
  if (names === undefined) {
    const rows = await connection.query(
      `${select} WHERE class.relkind = 'r' AND class.relpersistence <> 't' AND ${OF_PEOPLE}
         AND class.relname NOT IN (${Object.values(SYSTEM_TABLE_NAMES).map(literal).join(', ')}) ORDER BY 1`,
    );
    return { found: rows.map(tableOf), unknown: [] };
  }
  const found: Table[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const [row] = await connection.query(
      `${select} WHERE class.oid = pg_catalog.to_regclass(${literal(name)}) AND class.relkind IN ('r', 'p', 'm')`,
    );
    if (row) found.push(tableOf(row));
    else unknown.push(name);
  }
  return { found, unknown };
}

/** Sums of the two halves of each row's SHA-256 do not go by the order, and tell rows that stand there twice. */
async function checksumOf(connection: Connection, place: string, only: boolean): Promise<TableChecksum> {
  const half = (from: number): string =>
    `sum(('x' || pg_catalog.encode(pg_catalog.substr(hash, ${from}, 8), 'hex'))::pg_catalog.bit(64)::pg_catalog.int8::pg_catalog.numeric)`;
  const [row] = await connection.query(
    `SELECT count(*) AS count, ${half(1)} AS one, ${half(9)} AS other
       FROM (SELECT pg_catalog.sha256(pg_catalog.convert_to(rows::pg_catalog.text, 'UTF8')) AS hash FROM ${only ? 'ONLY ' : ''}${place} rows) hashed`,
  );
  const { count = '0', one, other } = row ?? {};
  const digest = createHash('sha256').update(`${count} ${one} ${other}`, 'utf8').digest('hex').slice(0, 32);
  return { table: place, rows: Number(count), digest };
}
