import type { HistoryStatus, Recorded } from '../migration/standing.ts';
import type { Connection, Row } from './connection.ts';
import type { Backend } from './lease.ts';
import type { SystemTables } from './system-tables.ts';

/** The newest row of one migration, with what a run that was cut off needs. */
export interface HistoryRow extends Recorded {
  /** Of the row. */
  readonly row: number;
  readonly runId: string;
  readonly transactional: boolean;
  readonly statementsTotal: number;
  readonly statementsBegun: number;
  readonly doneDigest?: string | undefined;
  readonly backend?: Backend | undefined;
}

const COLUMNS = `id, migration_id, name, checksum, status, applied_at, run_id, transactional, statements_total,
  statements_begun, statements_done, done_digest, backend_pid, backend_start, error`;

/** The newest row of every migration, in the order in which the rows were made. */
export async function readHistory(
  connection: Connection,
  tables: SystemTables,
): Promise<readonly HistoryRow[]> {
  const rows = await connection.query(
    `SELECT ${COLUMNS} FROM (
       SELECT DISTINCT ON (migration_id) ${COLUMNS} FROM ${tables.history} ORDER BY migration_id, id DESC
     ) newest ORDER BY id`,
  );
  return rows.map(historyRow);
}

function historyRow(row: Row): HistoryRow {
  const pid = row['backend_pid'];
  return {
    row: Number(row['id']),
    id: row['migration_id'] ?? '',
    name: row['name'] ?? '',
    checksum: row['checksum'] ?? '',
    status: statusOf(row['status']),
    at: row['applied_at'] ?? '',
    runId: row['run_id'] ?? '',
    transactional: row['transactional'] === 't',
    statementsTotal: Number(row['statements_total']),
    statementsBegun: Number(row['statements_begun']),
    statementsDone: Number(row['statements_done']),
    doneDigest: row['done_digest'] ?? undefined,
    ...(pid === null || pid === undefined
      ? {}
      : { backend: { pid: Number(pid), start: row['backend_start'] ?? '' } }),
    error: row['error'] ?? undefined,
  };
}

/** The table's own CHECK allows no other. */
function statusOf(text: string | null | undefined): HistoryStatus {
  switch (text) {
    case 'running':
    case 'applied':
    case 'rolled_back':
    case 'baselined':
    case 'superseded':
      return text;
    default:
      return 'failed';
  }
}

/** A rollback that was begun and not ended, with how far it came. */
export async function readUnfinishedRollback(
  connection: Connection,
  tables: SystemTables,
  migrationId: string,
  upRow: number,
): Promise<HistoryRow | undefined> {
  const [row] = await connection.query(
    `SELECT id, migration_id, name, '' AS checksum, status, rolled_back_at AS applied_at, run_id, transactional,
       statements_total, statements_begun, statements_done, done_digest, backend_pid, backend_start, error
     FROM ${tables.rollbacks} WHERE migration_id = $1 AND history_id = $2 ORDER BY id DESC LIMIT 1`,
    [migrationId, upRow],
  );
  const found = row && historyRow(row);
  return found && row && (row['status'] === 'running' || row['status'] === 'failed') ? found : undefined;
}
