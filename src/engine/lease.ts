import { type Backoff, delayAfter, pause } from './backoff.ts';
import type { Connection, Row } from './connection.ts';
import { literal } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';
import type { Who } from './who.ts';

/** The name that users' queries know (DESIGN 3.3). */
const LOCK_NAME = 'migration_lock';
/** Short: of many that wait, one is to find the lease free soon after it is, and to look costs one small query. */
const WAITING: Backoff = { first: 50, longest: 500 };

/** A server process; its start tells it from a later one with the same number. Seconds since 1970 as the server writes them. */
export interface Backend {
  readonly pid: number;
  readonly start: string;
}

/** Who has the lease, as its row says. */
export interface Holder {
  readonly token: string;
  readonly runId: string;
  readonly command: string;
  readonly executedBy: string;
  readonly host: string;
  readonly processId: number;
  readonly acquiredAt: string;
  readonly expiresAt: string;
  readonly expired: boolean;
  readonly backends: readonly Backend[];
  /** `unknown`: behind a pooler, or the server does not show whose sessions there are. */
  readonly alive: 'yes' | 'no' | 'unknown';
}

/** What the sessions of a run are, on the server; undefined behind a pooler. */
export async function backendOf(connection: Connection): Promise<Backend> {
  const [row] = await connection.query(
    `SELECT pid, pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text AS start
       FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()`,
  );
  return { pid: Number(row?.['pid']), start: row?.['start'] ?? '' };
}

/** A session of the list that is alive. Of other people's sessions the server may hide the start: they count as alive. */
const LIVING = `SELECT FROM pg_catalog.generate_subscripts(held.backend_pids, 1) AS at
  JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.backend_pids[at]
    AND (activity.backend_start IS NULL OR
      pg_catalog.date_part('epoch', activity.backend_start)::pg_catalog.numeric::pg_catalog.text = held.backend_starts[at])`;

export async function readHolder(connection: Connection, tables: SystemTables): Promise<Holder | undefined> {
  const [row] = await connection.query(
    `SELECT token, run_id, command, executed_by, host, process_id, acquired_at, expires_at,
       expires_at <= pg_catalog.clock_timestamp() AS expired,
       pg_catalog.array_to_json(backend_pids) AS pids, pg_catalog.array_to_json(backend_starts) AS starts,
       CASE WHEN backend_pids IS NULL THEN 'unknown' WHEN EXISTS (${LIVING}) THEN 'yes' ELSE 'no' END AS alive
     FROM ${tables.locks} held WHERE lock_name = ${literal(LOCK_NAME)}`,
  );
  return row && holderOf(row);
}

function holderOf(row: Row): Holder {
  const text = (name: string): string => row[name] ?? '';
  const pids = JSON.parse(row['pids'] ?? '[]') as readonly number[];
  const starts = JSON.parse(row['starts'] ?? '[]') as readonly string[];
  const alive = text('alive');
  return {
    token: text('token'),
    runId: text('run_id'),
    command: text('command'),
    executedBy: text('executed_by'),
    host: text('host'),
    processId: Number(row['process_id']),
    acquiredAt: text('acquired_at'),
    expiresAt: text('expires_at'),
    expired: row['expired'] === 't',
    backends: pids.map((pid, at) => ({ pid, start: starts[at] ?? '' })),
    alive: alive === 'yes' || alive === 'no' ? alive : 'unknown',
  };
}

export interface LeaseRequest {
  readonly who: Who;
  /** Undefined behind a pooler. */
  readonly backends: readonly Backend[] | undefined;
  /** Milliseconds that the lease is good for without being renewed. */
  readonly ttl: number;
  /** Milliseconds to wait for somebody else. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** Called when there is somebody to wait for. */
  readonly waiting?: ((holder: Holder) => void) | undefined;
}

export type LeaseAnswer =
  | {
      readonly ok: true;
      readonly token: string;
      /** Whose lease was taken over, dead or expired. */
      readonly before?: Holder | undefined;
    }
  | { readonly ok: false; readonly because: 'held' | 'interrupted'; readonly holder?: Holder | undefined };

/**
 * Takes the lease, or waits for it: one statement at a time, no transaction and no advisory lock in between, because
 * CREATE INDEX CONCURRENTLY waits for every transaction that is older.
 */
export async function acquireLease(
  connection: Connection,
  tables: SystemTables,
  request: LeaseRequest,
): Promise<LeaseAnswer> {
  const end = performance.now() + request.patience;
  for (let attempt = 1; ; attempt++) {
    if (request.signal.aborted) return { ok: false, because: 'interrupted' };
    const holder = await readHolder(connection, tables);
    const free = holder === undefined || holder.expired || holder.alive === 'no';
    const token = free ? await take(connection, tables, request) : undefined;
    if (token !== undefined) return { ok: true, token, before: holder };
    const left = end - performance.now();
    if (left <= 0) return { ok: false, because: 'held', holder };
    if (holder && !free) request.waiting?.(holder);
    await pause(Math.min(left, delayAfter(attempt, WAITING, Math.random())), request.signal);
  }
}

/** Undefined: somebody else has it. */
async function take(
  connection: Connection,
  tables: SystemTables,
  { who, backends, ttl }: LeaseRequest,
): Promise<string | undefined> {
  const pids = backends ? `ARRAY[${backends.map(({ pid }) => pid).join(', ')}]::int4[]` : 'NULL';
  const starts = backends ? `${literal(backends.map(({ start }) => start))}::text[]` : 'NULL';
  const [row] = await connection.query(
    `INSERT INTO ${tables.locks} AS held
       (lock_name, run_id, command, executed_by, host, process_id, backend_pids, backend_starts, expires_at)
     VALUES (${[LOCK_NAME, who.runId, who.command, who.executedBy, who.host, who.processId].map(literal).join(', ')},
       ${pids}, ${starts}, ${inMilliseconds(ttl)})
     ON CONFLICT (lock_name) DO UPDATE SET token = DEFAULT, run_id = EXCLUDED.run_id, command = EXCLUDED.command,
       executed_by = EXCLUDED.executed_by, host = EXCLUDED.host, process_id = EXCLUDED.process_id,
       backend_pids = EXCLUDED.backend_pids, backend_starts = EXCLUDED.backend_starts,
       acquired_at = EXCLUDED.acquired_at, expires_at = EXCLUDED.expires_at
     WHERE held.expires_at <= pg_catalog.clock_timestamp()
       OR (held.backend_pids IS NOT NULL AND NOT EXISTS (${LIVING}))
     RETURNING token`,
  );
  return row?.['token'] ?? undefined;
}

/** Whether the lease was still there, and is good for another while. */
export async function renewLease(
  connection: Connection,
  tables: SystemTables,
  token: string,
  ttl: number,
): Promise<boolean> {
  const rows = await connection.query(
    `UPDATE ${tables.locks} SET expires_at = ${inMilliseconds(ttl)} WHERE ${isOurs(token)} RETURNING token`,
  );
  return rows.length > 0;
}

/** After a new connection: the sessions that tell whether the holder lives are others. */
export async function renameBackends(
  connection: Connection,
  tables: SystemTables,
  token: string,
  backends: readonly Backend[],
): Promise<void> {
  await connection.query(
    `UPDATE ${tables.locks} SET backend_pids = ARRAY[${backends.map(({ pid }) => pid).join(', ')}]::int4[],
       backend_starts = ${literal(backends.map(({ start }) => start))}::text[] WHERE ${isOurs(token)}`,
  );
}

export async function releaseLease(
  connection: Connection,
  tables: SystemTables,
  token: string,
): Promise<void> {
  await connection.query(`DELETE FROM ${tables.locks} WHERE ${isOurs(token)}`);
}

/** A condition: reads without a lock, so that it holds up neither a renewal nor somebody's DELETE. */
export function holdsLease(tables: SystemTables, token: string): string {
  return `(SELECT token FROM ${tables.locks} WHERE lock_name = ${literal(LOCK_NAME)}) = ${literal(token)}::pg_catalog.int8`;
}

function isOurs(token: string): string {
  return `lock_name = ${literal(LOCK_NAME)} AND token = ${literal(token)}::pg_catalog.int8`;
}

function inMilliseconds(ttl: number): string {
  return `pg_catalog.clock_timestamp() + ${Math.round(ttl)} * interval '1 millisecond'`;
}

/**
 * Ends sessions of a holder whose lease was taken, as far as they do nothing: one that wakes up later finds its
 * sessions gone. Gives those that are at work, or that may not be ended.
 */
export async function endIdle(
  connection: Connection,
  backends: readonly Backend[],
): Promise<readonly Backend[]> {
  const busy: Backend[] = [];
  for (const backend of backends) {
    const [row] = await connection.query(
      `SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = ${backend.pid} AND pid <> pg_catalog.pg_backend_pid()
         AND (backend_start IS NULL OR
           pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text = ${literal(backend.start)})`,
    );
    if (row === undefined) continue;
    if (row['state']?.startsWith('idle') && (await terminate(connection, backend.pid))) continue;
    busy.push(backend);
  }
  return busy;
}

/** False where the server does not let us. */
export async function terminate(connection: Connection, pid: number): Promise<boolean> {
  const rows = await connection.query(
    `SELECT pg_catalog.pg_terminate_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
      WHERE pid = ${pid} AND pg_catalog.pg_has_role(usesysid, 'MEMBER')`,
  );
  return rows[0]?.['ended'] === 't';
}
