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

const OF_EACH = ['id', 'migration_id', 'name', 'checksum', 'status', 'applied_at::text'];
const OF_A_RUN = [
  'run_id',
  'transactional',
  'statements_total',
  'statements_begun',
  'statements_done',
  'done_digest',
  'backend_pid',
  'backend_start',
  'error',
];

/** A row as the server writes it in JSON; what follows the first six is left out of what is done. */
type Written = readonly [
  row: number,
  id: string,
  name: string,
  checksum: string,
  status: string,
  at: string,
  runId?: string,
  transactional?: boolean,
  total?: number,
  begun?: number,
  done?: number,
  doneDigest?: string | null,
  pid?: number | null,
  start?: string | null,
  error?: string | null,
];

/**
 * The newest row of every migration, in the order in which the rows were made. In one value, and no more than is asked
 * of what is done: with thousands of rows, that takes half the time of reading them one by one.
 */
export async function readHistory(
  connection: Connection,
  tables: SystemTables,
): Promise<readonly HistoryRow[]> {
  const [row] = await connection.query(
    `SELECT pg_catalog.json_agg(CASE WHEN status IN ('applied', 'baselined')
       THEN pg_catalog.json_build_array(${OF_EACH}) ELSE pg_catalog.json_build_array(${OF_EACH}, ${OF_A_RUN}) END
       ORDER BY id) AS rows FROM (
       SELECT DISTINCT ON (migration_id) * FROM ${tables.history} ORDER BY migration_id, id DESC
     ) newest`,
  );
  return rowsIn(row);
}

function rowsIn(row: Row | undefined): readonly HistoryRow[] {
  const written: readonly Written[] = JSON.parse(row?.['rows'] ?? '[]');
  return written.map(historyRow);
}

function historyRow([row, id, name, checksum, status, at, ...run]: Written): HistoryRow {
  const [runId = '', transactional = false, total = 0, begun = 0, done = 0, doneDigest, pid, start, error] =
    run;
  return {
    row,
    id,
    name,
    checksum,
    status: statusOf(status),
    at,
    runId,
    transactional,
    statementsTotal: total,
    statementsBegun: begun,
    statementsDone: done,
    doneDigest: doneDigest ?? undefined,
    backend: typeof pid === 'number' ? { pid, start: start ?? '' } : undefined,
    error: error ?? undefined,
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
    `SELECT pg_catalog.json_build_array(pg_catalog.json_build_array(
       id, migration_id, name, '', status, rolled_back_at::text, ${OF_A_RUN})) AS rows
     FROM (
       SELECT * FROM ${tables.rollbacks} WHERE migration_id = $1 AND history_id = $2 ORDER BY id DESC LIMIT 1
     ) newest WHERE status NOT IN ('rolled_back', 'forced')`,
    [migrationId, upRow],
  );
  return rowsIn(row)[0];
}
