import type { Connection, Row } from './connection.ts';
import { literal } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';

/** One row that a run of one migration left, up or down. Times are milliseconds. */
export interface RecordedRun {
  readonly direction: 'up' | 'down';
  readonly status: string;
  /** As the server writes it. */
  readonly at: string;
  readonly runId: string;
  readonly checksum?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly lockWaitMs: number;
  readonly executedBy: string;
  readonly host: string;
  readonly toolVersion: string;
  readonly gitSha?: string | undefined;
  readonly pullRequest?: string | undefined;
  readonly transactional: boolean;
  readonly total: number;
  readonly done: number;
  /** One for each statement that this run did, in their order. */
  readonly statementMs: readonly number[];
  readonly error?: string | undefined;
}

/** Everything that is written down of one migration, the oldest first. */
export async function readRunsOf(
  connection: Connection,
  { history, rollbacks }: SystemTables,
  migrationId: string,
): Promise<readonly RecordedRun[]> {
  const rows = await connection.query(
    `SELECT 'up' AS direction, status, applied_at AS at, run_id, checksum, duration_ms, lock_wait_ms, executed_by, host,
       tool_version, git_sha, pull_request, transactional, statements_total, statements_done,
       pg_catalog.array_to_json(statement_ms) AS statement_ms, error, id
     FROM ${history} WHERE migration_id = ${literal(migrationId)}
     UNION ALL
     SELECT 'down', status, rolled_back_at, run_id, NULL, duration_ms, lock_wait_ms, executed_by, host,
       tool_version, git_sha, pull_request, transactional, statements_total, statements_done, NULL, error, id
     FROM ${rollbacks} WHERE migration_id = ${literal(migrationId)}
     ORDER BY at, id`,
  );
  return rows.map(recordedRun);
}

function recordedRun(row: Row): RecordedRun {
  const text = (name: string): string => row[name] ?? '';
  return {
    direction: row['direction'] === 'down' ? 'down' : 'up',
    status: text('status'),
    at: text('at'),
    runId: text('run_id'),
    checksum: row['checksum'] ?? undefined,
    durationMs: row['duration_ms'] == null ? undefined : Number(row['duration_ms']),
    lockWaitMs: Number(row['lock_wait_ms']),
    executedBy: text('executed_by'),
    host: text('host'),
    toolVersion: text('tool_version'),
    gitSha: row['git_sha'] ?? undefined,
    pullRequest: row['pull_request'] ?? undefined,
    transactional: row['transactional'] === 't',
    total: Number(row['statements_total']),
    done: Number(row['statements_done']),
    statementMs: JSON.parse(row['statement_ms'] ?? '[]') as readonly number[],
    error: row['error'] ?? undefined,
  };
}

/**
 * Which statement the first of `statementMs` is of, from 0: a run that went on where another stopped timed the later
 * ones only. Undefined: they cannot be told apart, because a transaction of the file was run more than once.
 */
export function firstTimed({ transactional, statementMs, done }: RecordedRun): number | undefined {
  if (statementMs.length === 0) return undefined;
  if (transactional) return 0;
  const first = done - statementMs.length;
  return first >= 0 ? first : undefined;
}
