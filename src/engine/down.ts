import { check } from './checks.ts';
import { type Drift, noticeDrift } from './drift.ts';
import { execute } from './execute.ts';
import { type HistoryRow, readUnfinishedRollback } from './history.ts';
import { downLedger } from './ledger.ts';
import type { Prepared } from './prepare.ts';
import type { Execution, Run } from './run.ts';

export interface Rollback {
  /** The row of the up that is taken back. */
  readonly row: HistoryRow;
  /** Undefined: its file is gone. */
  readonly prepared?: Prepared | undefined;
}

export interface DownRequest {
  /** In the order in which they are taken back. */
  readonly migrations: readonly Rollback[];
  readonly reason: 'command' | 'automatic';
  /** What has no down is recorded as rolled back, and nothing is run. */
  readonly force: boolean;
}

export interface DownOutcome {
  readonly executions: readonly Execution[];
  readonly failed?: Execution | undefined;
  readonly pending: readonly Rollback[];
  /** What was changed past Airlock before this run; undefined where that was looked at before. */
  readonly drift?: Drift | undefined;
}

/** Takes migrations back one after another until one fails. */
export async function rollBack(run: Run, request: DownRequest): Promise<DownOutcome> {
  const first = request.reason === 'command' && request.migrations.length > 0;
  const drift = first ? await noticeDrift(run) : undefined;
  return { ...(await rollBackAll(run, request)), drift };
}

async function rollBackAll(run: Run, request: DownRequest): Promise<DownOutcome> {
  const executions: Execution[] = [];
  for (const [at, each] of request.migrations.entries()) {
    const pending = request.migrations.slice(at + 1);
    if (run.signal.aborted) return { executions, pending: request.migrations.slice(at) };
    const execution = await rollBackOne(run, each, request);
    executions.push(execution);
    if (execution.status !== 'rolled-back') return { executions, failed: execution, pending };
  }
  return { executions, pending: [] };
}

async function rollBackOne(
  run: Run,
  { row, prepared }: Rollback,
  { reason, force }: DownRequest,
): Promise<Execution> {
  const { id, name } = row;
  const down = prepared?.down;
  const common = { id, name, historyRow: row.row, reason };
  if (!down || down.run.steps.length === 0) {
    const none = prepared ? 'it has no down.' : 'its file is gone, and with it the down.';
    if (!force) return noDown(row, `${none} Nothing was run.`);
    return forced(run, row, reason);
  }
  const transactional = down.run.transaction;
  const ledger = downLedger(run.tables, run.who, { ...common, transactional });
  const before = transactional
    ? undefined
    : await readUnfinishedRollback(run.sessions.keeper, run.tables, id, row.row);
  return execute(run, { id, name, section: down, ledger }, before);
}

function noDown({ id, name }: HistoryRow, error: string): Execution {
  return {
    migrationId: id,
    name,
    direction: 'down',
    status: 'failed',
    durationMs: 0,
    lockWaitMs: 0,
    statements: 0,
    of: 0,
    halt: 'no-down',
    error,
    next: `write a new migration that takes it back, or airlock down --force, which only records it as rolled back`,
    undone: true,
  };
}

async function forced(run: Run, row: HistoryRow, reason: DownRequest['reason']): Promise<Execution> {
  const { id, name } = row;
  const ledger = downLedger(run.tables, run.who, {
    id,
    name,
    historyRow: row.row,
    reason,
    transactional: true,
    forced: true,
  });
  const account = { durationMs: 0, lockWaitMs: 0, total: 0, begun: 0, done: 0, statementMs: [] };
  await run.audit.together(
    run.sessions.keeper,
    ledger.audit('done', { nothingWasRun: true }),
    `${check('lease-lost', run.lease.condition)}${ledger.applied(account)}`,
  );
  const execution: Execution = {
    migrationId: id,
    name,
    direction: 'down',
    status: 'rolled-back',
    durationMs: 0,
    lockWaitMs: 0,
    statements: 0,
    of: 0,
    forced: true,
  };
  run.onlooking.ends?.(execution);
  return execution;
}
