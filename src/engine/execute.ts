import { pause } from './backoff.ts';
import { check, failedCheck } from './checks.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';
import { type HistoryRow, readHistory, readUnfinishedRollback } from './history.ts';
import { type Backend, endIdle } from './lease.ts';
import { runResumable } from './resumable.ts';
import type { Execution, Run } from './run.ts';
import { watchServer } from './server-progress.ts';
import { literal } from './sql-text.ts';
import { type Ending, failure, type Job, LEASE_LOST, runTransactional } from './transactional.ts';

/** How often a section is gone on with after the connection was lost in the middle. */
const RESUMPTIONS = 3;
/** Milliseconds that a session of ours gets to end after its connection is gone. */
const ENDING = 20_000;

/**
 * Runs one section of one migration and sees to it that the database says what became of it, whatever happens to the
 * connection. `before`: what an earlier run left unfinished.
 */
export async function execute(run: Run, job: Job, before: HistoryRow | undefined): Promise<Execution> {
  run.onlooking.begins?.({ id: job.id, name: job.name, direction: job.ledger.direction });
  const watched = watchServer(run, job.id);
  const ending = await settled(run, job, before).finally(watched);
  const execution = executionOf(job, ending);
  if (ending.status === 'failed') await recordFailure(run, job, ending);
  run.onlooking.ends?.(execution);
  return execution;
}

async function settled(run: Run, job: Job, before: HistoryRow | undefined): Promise<Ending> {
  if (job.section.run.transaction) {
    const conflict = before && leftOpen(before);
    if (conflict) return conflict;
    const ending = await runTransactional(run, job);
    if (ending.status === 'unknown') return lookUp(run, job, ending);
    if (ending.status === 'failed' && ending.halt === 'connection-lost' && !(await comeBack(run))) {
      const { account, error } = ending;
      // The server is there again, and whoever ended the sessions took the lease: COMMIT was not sent.
      if (run.lease.lost) return failure(account, 'lease-lost', `${error} ${LEASE_LOST}`);
      return { status: 'unknown', account, error };
    }
    return ending;
  }
  // What runs outside of a transaction may leave anything in its session.
  run.sessions.fresh = false;
  let ending = await runResumable(run, job, before);
  for (let again = 1; ending.status === 'unknown' && again <= RESUMPTIONS; again++) {
    if (!(await comeBack(run))) return ending;
    // The answer to its very last record may be what was lost.
    if (await isRecorded(run, job)) return doneAfterAll(job, ending);
    ending = await runResumable(run, job, await unfinished(run, job));
  }
  return ending;
}

/** An earlier run did a part of it outside of a transaction, and the file has become one that runs inside of one. */
function leftOpen(before: HistoryRow): Ending | undefined {
  if (before.status !== 'running' && (before.transactional || before.statementsDone === 0)) return undefined;
  const account = { durationMs: 0, lockWaitMs: 0, total: 0, begun: 0, done: 0, statementMs: [] };
  return {
    ...failure(
      account,
      'changed-since',
      `run ${before.runId} did ${before.statementsDone} statements of it outside of a transaction, and the file now runs in one.`,
    ),
    next: `put the file back, or settle it: airlock repair ${before.id}`,
  };
}

async function unfinished(run: Run, job: Job): Promise<HistoryRow | undefined> {
  const { keeper } = run.sessions;
  if (job.ledger.direction === 'down')
    return readUnfinishedRollback(keeper, run.tables, job.id, job.ledger.historyRow ?? 0);
  const rows = await readHistory(keeper, run.tables);
  return rows.find(({ id }) => id === job.id);
}

/** The answer to COMMIT was lost: the row that was committed with it tells. */
async function lookUp(run: Run, job: Job, ending: Extract<Ending, { status: 'unknown' }>): Promise<Ending> {
  const backend = run.sessions.backends?.[0];
  if (!(await comeBack(run))) return ending;
  const { keeper } = run.sessions;
  // It may be at its COMMIT still; what it does not find in the end was not done.
  if (backend && !(await hasEnded(keeper, backend))) return ending;
  if (await isRecorded(run, job)) return doneAfterAll(job, ending);
  return failure(ending.account, 'connection-lost', `${ending.error} The server did not commit it.`);
}

/** This run did it, and wrote that down. */
async function isRecorded(run: Run, job: Job): Promise<boolean> {
  const { history, rollbacks } = run.tables;
  const [table, status] = job.ledger.direction === 'up' ? [history, 'applied'] : [rollbacks, 'rolled_back'];
  const [row] = await run.sessions.keeper.query(
    `SELECT EXISTS (SELECT FROM ${table} WHERE migration_id = ${literal(job.id)} AND run_id = ${literal(run.who.runId)} AND status = '${status}') AS there`,
  );
  return row?.['there'] === 't';
}

function doneAfterAll({ section }: Job, { account }: Ending): Ending {
  const total = section.run.steps.length;
  return { status: 'done', account: { ...account, begun: total, done: total } };
}

async function hasEnded(connection: Connection, backend: Backend): Promise<boolean> {
  for (const end = performance.now() + ENDING; performance.now() < end; await pause(100))
    if ((await endIdle(connection, [backend])).length === 0) return true;
  return false;
}

/** Sessions anew, and the lease still ours. */
export async function comeBack(run: Run): Promise<boolean> {
  run.audit.forget();
  return (
    (await run.sessions.reopen(run.settings.reconnectPatience, run.signal)) && (await run.lease.resume())
  );
}

/** Nothing is written down where the lease is gone: then it is for whoever has it to say. */
async function recordFailure(
  run: Run,
  job: Job,
  ending: Extract<Ending, { status: 'failed' }>,
): Promise<void> {
  if (NOT_BEGUN.has(ending.halt)) return;
  const { ledger } = job;
  const { account, halt, error } = ending;
  const row = 'row' in account ? Number(account.row) : 0;
  const sql =
    row > 0 ? ledger.brokenOff(row, account) : job.section.run.transaction ? ledger.failed(account) : '';
  if (sql === '') return;
  await run.at('before-failed-row');
  try {
    await run.audit.together(
      run.sessions.keeper,
      ledger.audit('failed', { halt, error, statements: account.done }),
      `${check('lease-lost', run.lease.condition)}${sql}`,
    );
  } catch (thrown) {
    if (thrown instanceof ConnectionLost) return;
    if (!(thrown instanceof DatabaseError) || failedCheck(thrown.fields) !== 'lease-lost') throw thrown;
  }
  await run.at('after-failed-row');
}

const NOT_BEGUN: ReadonlySet<string> = new Set([
  'lease-lost',
  'no-session',
  'still-running',
  'changed-since',
  'not-known',
]);

function executionOf(job: Job, ending: Ending): Execution {
  const { account } = ending;
  const common = {
    migrationId: job.id,
    name: job.name,
    direction: job.ledger.direction,
    durationMs: Math.round(account.durationMs),
    lockWaitMs: Math.round(account.lockWaitMs),
    statements: account.done,
    of: job.section.run.steps.length,
  };
  if (ending.status === 'done')
    return { ...common, status: job.ledger.direction === 'up' ? 'applied' : 'rolled-back' };
  if (ending.status === 'unknown')
    return {
      ...common,
      status: 'unknown',
      halt: 'connection-lost',
      error: ending.error,
      next: 'airlock status tells where it stands, once the database can be reached',
    };
  const { halt, error, next, undone, failed } = ending;
  return {
    ...common,
    status: 'failed',
    halt,
    error,
    next,
    undone,
    ...(failed
      ? { failed: { step: failed.step, code: failed.fields.code, position: failed.fields.position } }
      : {}),
  };
}
