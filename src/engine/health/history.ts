import { disagrees, type Judged, type Stood } from '../../migration/standing.ts';
import { verifyAudit } from '../audit-log.ts';
import type { Connection } from '../connection.ts';
import type { HistoryRow } from '../history.ts';
import type { Holder } from '../lease.ts';
import type { SystemTables } from '../system-tables.ts';
import { type Looked, listed } from './looked.ts';

type Answer = Omit<Looked, 'name'>;

export function leaseOf(holder: Holder | undefined): Answer {
  if (!holder) return { status: 'ok', message: 'free' };
  const who = `airlock ${holder.command} of ${holder.executedBy} on ${holder.host} (process ${holder.processId}) since ${holder.acquiredAt}`;
  if (holder.expired || holder.alive === 'no')
    return { status: 'warning', message: `left by ${who}, which is dead: the next command takes it over` };
  return { status: 'ok', message: `held by ${who}` };
}

/** Rows that are not at their end. A run that holds the lease may be at work on one of them. */
export function unfinishedRows(
  history: readonly HistoryRow[],
  { all }: Judged,
  holder: Holder | undefined,
): Answer {
  const alive = holder && !holder.expired && holder.alive !== 'no' ? holder.runId : undefined;
  // What was undone whole and whose file is gone is over.
  const over = (row: HistoryRow): boolean =>
    (row.transactional || row.statementsBegun === 0) &&
    !all.some(({ id, sealed }) => id === row.id && sealed);
  const left = history.filter(
    (row) => (row.status === 'failed' && !over(row)) || (row.status === 'running' && row.runId !== alive),
  );
  if (left.length === 0) return { status: 'ok', message: 'no failed and no interrupted migration' };
  return {
    status: 'failed',
    message: `${left.length} ${left.length === 1 ? 'migration' : 'migrations'} did not come to an end`,
    details: listed(
      left.map(
        ({ id, name, status, statementsDone, statementsTotal, transactional, error }) =>
          `${id} ${name}: ${status === 'running' ? 'interrupted' : 'failed'}${transactional ? '' : ` after ${statementsDone} of ${statementsTotal} statements`}${error === undefined ? '' : `: ${error}`}`,
      ),
    ),
    next: 'airlock status tells where each stands, and airlock up goes on',
  };
}

/** Edited since they were applied, gone, or to be run before what was applied. */
export function files({ all }: Judged): Answer {
  const odd = all.filter(disagrees);
  if (odd.length === 0) return { status: 'ok', message: 'the files are what was applied' };
  return {
    status: 'failed',
    disagrees: true,
    message: `history and files disagree about ${odd.length} ${odd.length === 1 ? 'migration' : 'migrations'}`,
    details: listed(odd.map(oddText)),
    next: 'put the files back; airlock repair where the edit is deliberate',
  };
}

function oddText({ id, name, standing, outOfOrder }: Stood): string {
  const what = { edited: 'edited since it was applied', missing: 'applied, and its file is gone' };
  const told = standing === 'edited' || standing === 'missing' ? what[standing] : undefined;
  return `${id} ${name}: ${told ?? (outOfOrder ? 'pending, and a later one is applied' : standing)}`;
}

export async function auditChain(
  connection: Connection,
  tables: SystemTables,
  key: string | undefined,
): Promise<Answer> {
  const chain = await verifyAudit(connection, tables, key);
  if (!chain.whole)
    return {
      status: 'failed',
      message: `the audit log is broken at row ${chain.brokenAt}: ${chain.because}`,
      next: `SELECT * FROM ${tables.audit} WHERE id >= ${chain.brokenAt - 1} ORDER BY id;`,
    };
  if (chain.unproven > 0)
    return {
      status: 'unknown',
      message: `${chain.rows} rows follow each other; ${chain.unproven} of them are keyed, and only AUDIT_KEY can prove those`,
      next: 'set AUDIT_KEY',
    };
  return { status: 'ok', message: `${chain.rows} rows, whole` };
}
