import type { DatabaseErrorFields } from './connection.ts';
import { literal } from './sql-text.ts';

/** Why the server refused to go on with a transaction of ours. */
export type CheckName = 'lease-lost' | 'system-tables-written' | 'history-moved';

/**
 * A statement that fails unless a condition holds, so that it can stand in one message with COMMIT. It needs no
 * function of its own: text that is no number cannot become one, and the error quotes it.
 */
export function check(name: CheckName, condition: string, from = ''): string {
  return `SELECT (CASE WHEN ${condition} THEN '0' ELSE ${literal(`airlock:${name}`)} END)::pg_catalog.int4${from}; `;
}

/** Which check an error is of. */
export function failedCheck({ code, message }: DatabaseErrorFields): CheckName | undefined {
  const name = code === '22P02' ? /airlock:([a-z-]+)/.exec(message)?.[1] : undefined;
  return name === 'lease-lost' || name === 'system-tables-written' || name === 'history-moved'
    ? name
    : undefined;
}

/**
 * That the transaction wrote none of these tables. Whatever writes or changes a table holds a lock above ACCESS SHARE on
 * it until the transaction ends (explicit-locking of the documentation); statistics would miss TRUNCATE.
 */
export function wroteNone(tableIds: readonly number[]): string {
  // An aggregate, not EXISTS: it is planned in a fraction of the time, and every migration waits for it.
  return check(
    'system-tables-written',
    'pg_catalog.count(*) = 0',
    ` FROM pg_catalog.pg_locks held
       WHERE held.pid = pg_catalog.pg_backend_pid() AND held.locktype = 'relation'
         AND held.relation IN (${tableIds.length > 0 ? tableIds.join(', ') : 'NULL'})
         AND held.mode <> 'AccessShareLock'`,
  );
}
