import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { catalogQuery, type Wanted } from '../proof/catalog/queries.ts';
import { type CatalogSnapshot, type Facts, readCatalog } from '../proof/catalog/snapshot.ts';
import { check } from './checks.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';
import type { Run } from './run.ts';
import { undo } from './run-section.ts';
import { literal } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
/** Fast, and still a tenth: a run waits for it. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/**
 * A catalog as a run left it: a digest, what it was read with, and the catalog itself, so that differences have names.
 * Only the newest keeps the catalog.
 */
interface Fingerprint {
  /** 64 hex digits. */
  readonly digest: string;
  /** Of the queries that read it: what other queries read cannot be compared. */
  readonly reader: string;
  /** Undefined: a later run took its place. */
  readonly catalog?: CatalogSnapshot | undefined;
}

/** Milliseconds. Some of the server's own functions wait for a table that somebody has locked. */
const PATIENCE = { lock: 3_000, statement: 120_000 };

/**
 * Reads the catalog in one snapshot, which also keeps a pooler from changing the session in between.
 *
 * @throws DatabaseError lock_not_available where a table is locked for long; ConnectionLost
 */
export async function readWholeCatalog(connection: Connection): Promise<CatalogSnapshot> {
  await connection.run(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = ${PATIENCE.lock}; SET LOCAL statement_timeout = ${PATIENCE.statement}`,
  );
  try {
    return await readCatalog(connection);
  } finally {
    await connection.run('ROLLBACK');
  }
}

export function readerOf(connection: Connection): string {
  const query = catalogQuery(connection.server.major, WHOLE);
  return createHash('sha256').update(query, 'utf8').digest('hex').slice(0, 16);
}
const WHOLE: Wanted = {
  relations: 'all',
  routines: 'all',
  comments: 'all',
  others: true,
  empty: new Set<string>(),
};

async function writeFingerprint(catalog: CatalogSnapshot, reader: string): Promise<string> {
  const text = JSON.stringify(entriesOf(catalog));
  const digest = createHash('sha256').update(text, 'utf8').digest('hex');
  return [digest, reader, (await compress(text, QUALITY)).toString('base64')].join(' ');
}

/** Undefined: it is none. */
async function parseFingerprint(written: string): Promise<Fingerprint | undefined> {
  const [digest = '', reader = '', body] = written.split(' ');
  if (!/^[0-9a-f]{64}$/.test(digest)) return undefined;
  if (body === undefined) return { digest, reader };
  const text = await unpacked(body);
  // Somebody edited it.
  if (text === undefined || createHash('sha256').update(text, 'utf8').digest('hex') !== digest)
    return undefined;
  const entries = JSON.parse(text) as ReturnType<typeof entriesOf>;
  return {
    digest,
    reader,
    catalog: new Map(entries.map(([kind, objects]) => [kind, new Map(objects)])),
  };
}

async function unpacked(body: string): Promise<string | undefined> {
  try {
    return (await decompress(Buffer.from(body, 'base64'))).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** In one order, whatever the server gave first. */
function entriesOf(
  catalog: CatalogSnapshot,
): readonly (readonly [kind: string, objects: readonly (readonly [name: string, facts: Facts])[]])[] {
  return sorted(catalog).map(([kind, objects]) => [kind, sorted(objects)]);
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Once a run, when it has come to its end: where it wrote no history, there is nothing to record. */
export async function recordFingerprint(run: Run): Promise<void> {
  if (run.lease.lost) return;
  const { work, keeper } = run.sessions;
  const { tables, who, lease } = run;
  try {
    const last = await lastRowOf(keeper, tables, who.runId);
    if (last === undefined) return;
    // What a migration left behind in the session is not to be met here.
    await undo(work);
    if (!run.sessions.pooled && !run.sessions.fresh) await work.run('DISCARD ALL');
    const written = await writeFingerprint(await readWholeCatalog(work), readerOf(work));
    // The digest stays, the catalog goes: it is large, and only the newest is compared with.
    const shorten = [tables.history, tables.rollbacks]
      .map(
        (table) =>
          `UPDATE ${table} SET catalog_fingerprint = pg_catalog.split_part(catalog_fingerprint, ' ', 1) || ' ' || pg_catalog.split_part(catalog_fingerprint, ' ', 2) WHERE pg_catalog.split_part(catalog_fingerprint, ' ', 3) <> ''; `,
      )
      .join('');
    await keeper.run(
      `${check('lease-lost', lease.condition)}${shorten}UPDATE ${last.table} SET catalog_fingerprint = ${literal(written)} WHERE id = ${last.id}`,
    );
  } catch (error) {
    if (!(error instanceof ConnectionLost || error instanceof DatabaseError)) throw error;
    run.onlooking.unrecorded?.(error.message);
  }
}

async function lastRowOf(
  connection: Connection,
  { history, rollbacks }: SystemTables,
  runId: string,
): Promise<{ readonly table: string; readonly id: number } | undefined> {
  const [row] = await connection.query(
    `SELECT direction, id FROM (
       SELECT 'up' AS direction, id, applied_at AS at FROM ${history} WHERE run_id = ${literal(runId)}
       UNION ALL SELECT 'down', id, rolled_back_at FROM ${rollbacks} WHERE run_id = ${literal(runId)}
     ) written ORDER BY at DESC, id DESC LIMIT 1`,
  );
  return row && { table: row['direction'] === 'up' ? history : rollbacks, id: Number(row['id']) };
}

/** The newest run that wrote history, and what it recorded of the catalog. */
export interface LastRun {
  readonly runId: string;
  readonly at: string;
  readonly fingerprint?: Fingerprint | undefined;
}

export async function readLastRun(
  connection: Connection,
  { history, rollbacks }: SystemTables,
): Promise<LastRun | undefined> {
  const [row] = await connection.query(
    `WITH written AS (
       SELECT run_id, applied_at AS at, catalog_fingerprint FROM ${history}
       UNION ALL SELECT run_id, rolled_back_at, catalog_fingerprint FROM ${rollbacks}
     ), last AS (SELECT run_id, at FROM written ORDER BY at DESC LIMIT 1)
     SELECT last.run_id, last.at, (
       SELECT catalog_fingerprint FROM written
        WHERE written.run_id = last.run_id AND catalog_fingerprint IS NOT NULL ORDER BY written.at DESC LIMIT 1
     ) AS fingerprint FROM last`,
  );
  if (!row) return undefined;
  const written = row['fingerprint'];
  return {
    runId: row['run_id'] ?? '',
    at: row['at'] ?? '',
    fingerprint: written == null ? undefined : await parseFingerprint(written),
  };
}
