import type { AuditEntry } from './audit-log.ts';
import type { Backend } from './lease.ts';
import type { Prepared } from './prepare.ts';
import { literal, type Value } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';
import type { Who } from './who.ts';

/** What is known of a run of one section when it is written down. */
export interface Account {
  /** Milliseconds. */
  readonly durationMs: number;
  /** Milliseconds spent in attempts that did not get their lock, and between them. */
  readonly lockWaitMs: number;
  readonly total: number;
  /** One more than `done` where the last one failed. */
  readonly begun: number;
  readonly done: number;
  readonly statementMs: readonly number[];
  readonly error?: string | undefined;
}

/** Where one run of one section is written down: an up in the history, a down in the rollback history. */
export interface Ledger {
  readonly direction: 'up' | 'down';
  /** Of a down: the row of the up that is taken back. */
  readonly historyRow?: number | undefined;
  /** All of it at once, for a transaction that commits. */
  applied(account: Account): string;
  failed(account: Account): string;
  /** Before the first statement outside of a transaction. Gives the id of the row. */
  running(progress: Progress, backend: Backend | undefined): string;
  progress(row: number, progress: Partial<Progress>): string;
  /** What began with `running` is done. */
  finished(row: number, account: Account): string;
  /** It is not. */
  brokenOff(row: number, account: Account): string;
  audit(outcome: 'begun' | 'done' | 'failed', details: AuditEntry['details']): AuditEntry;
}

interface Progress {
  readonly total: number;
  readonly begun: number;
  readonly done: number;
  readonly doneDigest: string;
}

type Columns = Readonly<Record<string, Value>>;

export function upLedger(tables: SystemTables, who: Who, migration: Prepared): Ledger {
  const { id, name, repeatable, metadata } = migration.migration;
  const common = {
    migration_id: id,
    name,
    checksum: migration.checksum,
    ...whoColumns(who),
    transactional: migration.up.run.transaction,
    dependencies: metadata?.dependencies ?? [],
  };
  // Of what runs again whenever it changes, the row before this one stands for nothing any more.
  const supersede = repeatable
    ? `UPDATE ${tables.history} SET status = 'superseded' WHERE migration_id = ${literal(id)} AND status IN ('applied', 'baselined'); `
    : '';
  return {
    direction: 'up',
    applied: (account) =>
      `${supersede}${insert(tables.history, { ...common, status: 'applied', ...accountColumns(account) })}`,
    failed: (account) => insert(tables.history, { ...common, status: 'failed', ...accountColumns(account) }),
    running: (progress, backend) =>
      `${supersede}${insert(tables.history, { ...common, status: 'running', ...progressColumns(progress), ...backendColumns(backend) }, true)}`,
    progress: (row, progress) => update(tables.history, row, progressColumns(progress)),
    finished: (row, account) =>
      update(tables.history, row, { status: 'applied', ...accountColumns(account), ...NOBODY }, 'applied_at'),
    brokenOff: (row, account) =>
      update(tables.history, row, { status: 'failed', ...accountColumns(account), ...NOBODY }, 'applied_at'),
    audit: (outcome, details) => ({
      action: outcome === 'done' ? 'up' : outcome === 'begun' ? 'up-begun' : 'up-failed',
      migrationId: id,
      details: { name, checksum: migration.checksum, ...details },
    }),
  };
}

/** `historyRow`: the row of the up that is taken back. */
export function downLedger(
  tables: SystemTables,
  who: Who,
  rolledBack: {
    readonly id: string;
    readonly name: string;
    readonly historyRow: number;
    readonly transactional: boolean;
    readonly reason: 'command' | 'automatic';
    readonly forced?: boolean | undefined;
  },
): Ledger {
  const { id, name, historyRow, transactional, reason, forced } = rolledBack;
  const common = {
    history_id: historyRow,
    migration_id: id,
    name,
    reason,
    ...whoColumns(who),
    transactional,
  };
  const mark = `UPDATE ${tables.history} SET status = 'rolled_back', backend_pid = NULL, backend_start = NULL WHERE id = ${historyRow}; `;
  const status = forced ? 'forced' : 'rolled_back';
  const counted = (account: Account): Columns => {
    const { statement_ms: _, ...rest } = accountColumns(account);
    return rest;
  };
  return {
    direction: 'down',
    historyRow,
    applied: (account) => `${mark}${insert(tables.rollbacks, { ...common, status, ...counted(account) })}`,
    failed: (account) => insert(tables.rollbacks, { ...common, status: 'failed', ...counted(account) }),
    running: (progress, backend) =>
      insert(
        tables.rollbacks,
        { ...common, status: 'running', ...progressColumns(progress), ...backendColumns(backend) },
        true,
      ),
    progress: (row, progress) => update(tables.rollbacks, row, progressColumns(progress)),
    finished: (row, account) =>
      `${mark}${update(tables.rollbacks, row, { status, ...counted(account), ...NOBODY }, 'rolled_back_at')}`,
    brokenOff: (row, account) =>
      update(tables.rollbacks, row, { status: 'failed', ...counted(account), ...NOBODY }, 'rolled_back_at'),
    audit: (outcome, details) => ({
      action:
        outcome === 'begun'
          ? 'down-begun'
          : outcome === 'failed'
            ? 'down-failed'
            : forced
              ? 'down-forced'
              : 'down',
      migrationId: id,
      details: { name, reason, ...details },
    }),
  };
}

const NOBODY = { backend_pid: null, backend_start: null };

export function whoColumns(who: Who): Columns {
  return {
    executed_by: who.executedBy,
    host: who.host,
    tool_version: who.toolVersion,
    git_sha: who.gitSha,
    pull_request: who.pullRequest,
    run_id: who.runId,
  };
}

function accountColumns({
  durationMs,
  lockWaitMs,
  total,
  begun,
  done,
  statementMs,
  error,
}: Account): Columns {
  return {
    duration_ms: Math.round(durationMs),
    lock_wait_ms: Math.round(lockWaitMs),
    statements_total: total,
    statements_begun: begun,
    statements_done: done,
    // As text, which the server reads in less time than it plans an ARRAY[…].
    statement_ms: `{${statementMs.map((each) => each.toFixed(3)).join(',')}}`,
    error,
  };
}

function progressColumns({ total, begun, done, doneDigest }: Partial<Progress>): Columns {
  return {
    ...(total === undefined ? {} : { statements_total: total }),
    ...(begun === undefined ? {} : { statements_begun: begun }),
    ...(done === undefined ? {} : { statements_done: done }),
    ...(doneDigest === undefined ? {} : { done_digest: doneDigest }),
  };
}

function backendColumns(backend: Backend | undefined): Columns {
  return { backend_pid: backend?.pid, backend_start: backend?.start };
}

export function insert(table: string, columns: Columns, returning = false): string {
  // Of these tables no column that may be NULL has a default, and what is not said need not be parsed.
  const names = Object.keys(columns).filter((name) => columns[name] !== undefined && columns[name] !== null);
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => literal(columns[name])).join(', ')})${returning ? ' RETURNING id' : ''}; `;
}

function update(table: string, row: number, columns: Columns, now?: string): string {
  const set = Object.keys(columns).map((name) => `${name} = ${literal(columns[name])}`);
  if (now !== undefined) set.push(`${now} = pg_catalog.clock_timestamp()`);
  return `UPDATE ${table} SET ${set.join(', ')} WHERE id = ${row}; `;
}
