import { type Connection, ConnectionLost, DatabaseError, type Row } from './connection.ts';
import type { Run } from './run.ts';

/** How far the server says it is with one command (progress-reporting of the documentation). */
export interface ServerProgress {
  /** "CREATE INDEX CONCURRENTLY", "VACUUM", "COPY FROM" … */
  readonly command: string;
  /** As the server words it; a command goes through several, and each counts anew. */
  readonly phase?: string | undefined;
  readonly done: number;
  /** Undefined: nobody knows. */
  readonly of?: number | undefined;
  readonly unit: 'blocks' | 'rows' | 'bytes' | 'transactions';
}

/** Milliseconds between two looks: what takes less is done before anybody asks. */
const LOOK = 500;

/**
 * Looks every so often how far a migration's session is, for whoever wants to know. Gives what ends the looking. It
 * asks by the other session, with a statement at a time, so that it holds up nothing; behind a pooler nobody knows
 * which session to ask for.
 */
export function watchServer(run: Run, migrationId: string): () => void {
  const { onlooking } = run;
  if (!onlooking.progress) return () => undefined;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    if (!ended) timer = setTimeout(() => void look(), LOOK).unref();
  };
  const look = async (): Promise<void> => {
    const { keeper, backends } = run.sessions;
    try {
      const found = backends && (await readProgress(keeper, backends[0].pid));
      if (found && !ended) onlooking.progress?.({ id: migrationId, ...found });
    } catch (error) {
      // The run itself learns of a lost connection, and what the server refuses stands in the log.
      if (!(error instanceof ConnectionLost || error instanceof DatabaseError)) throw error;
    }
    again();
  };
  again();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Undefined: the session is at nothing whose progress the server tells. */
async function readProgress(connection: Connection, processId: number): Promise<ServerProgress | undefined> {
  const { major } = connection.server;
  const where = `WHERE pid = ${Math.round(processId)}`;
  const queries = [
    `SELECT command, phase, lockers_done, lockers_total, blocks_done, blocks_total, tuples_done, tuples_total, NULL::pg_catalog.int8 AS bytes_done, NULL::pg_catalog.int8 AS bytes_total FROM pg_catalog.pg_stat_progress_create_index ${where}`,
    `SELECT 'VACUUM', phase, NULL, NULL, CASE phase WHEN 'vacuuming heap' THEN heap_blks_vacuumed ELSE heap_blks_scanned END, heap_blks_total, NULL, NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_vacuum ${where}`,
    `SELECT 'ANALYZE', phase, NULL, NULL, sample_blks_scanned, sample_blks_total, NULL, NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_analyze ${where}`,
    `SELECT command, phase, NULL, NULL, heap_blks_scanned, heap_blks_total, heap_tuples_scanned, NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_cluster ${where}`,
    ...(major >= 14
      ? [
          `SELECT command, NULL, NULL, NULL, NULL, NULL, tuples_processed, NULL, bytes_processed, nullif(bytes_total, 0) FROM pg_catalog.pg_stat_progress_copy ${where}`,
        ]
      : []),
  ];
  const [row] = await connection.query(queries.join(' UNION ALL '));
  return row && progressOf(row);
}

function progressOf(row: Row): ServerProgress {
  const common = {
    command: row['command'] ?? '',
    ...(row['phase'] == null ? {} : { phase: row['phase'] }),
  };
  const count = (name: string): number => Number(row[name] ?? 0);
  // While it waits for others, how many of them are done is all there is to say.
  if (row['phase']?.startsWith('waiting') && count('lockers_total') > 0)
    return { ...common, done: count('lockers_done'), of: count('lockers_total'), unit: 'transactions' };
  const counted = [
    ['bytes', 'bytes'],
    ['blocks', 'blocks'],
    ['tuples', 'rows'],
  ] as const;
  for (const [name, unit] of counted)
    if (count(`${name}_total`) > 0)
      return {
        ...common,
        done: Math.min(count(`${name}_done`), count(`${name}_total`)),
        of: count(`${name}_total`),
        unit,
      };
  return { ...common, done: count('tuples_done'), unit: 'rows' };
}
