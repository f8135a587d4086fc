import { isConflict } from './audit-log.ts';
import { delayAfter, pause } from './backoff.ts';
import { check, failedCheck, wroteNone } from './checks.ts';
import { ConnectionLost, DatabaseError, type DatabaseErrorFields } from './connection.ts';
import type { Account, Ledger } from './ledger.ts';
import type { PreparedSection } from './prepare.ts';
import type { Halt, Run } from './run.ts';
import { leavesNothing, type Onlooker, runSection, type SectionResult, type Step } from './run-section.ts';
import { Watch } from './watch.ts';

/** One section of one migration that is to be run and written down. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly section: PreparedSection;
  /** Run when the section is done: inside its transaction, where it has one. */
  readonly verify?: PreparedSection | undefined;
  readonly ledger: Ledger;
}

export type Ending =
  | { readonly status: 'done'; readonly account: Account }
  | {
      readonly status: 'failed';
      readonly account: Account;
      readonly halt: Halt;
      readonly error: string;
      readonly next?: string | undefined;
      readonly undone: boolean;
      readonly failed?: { readonly step: Step; readonly fields: DatabaseErrorFields } | undefined;
    }
  /** COMMIT was sent or a statement was under way, and there is no telling any more. */
  | { readonly status: 'unknown'; readonly account: Account; readonly error: string };

/** Waiting for a lock again: lock_not_available, deadlock_detected, serialization_failure (errcodes-appendix). */
const AGAIN = new Set(['55P03', '40P01', '40001']);
const PAUSES = { first: 250, longest: 15_000 };

/**
 * Runs one section in one transaction together with what is written down about it: either all of it is there
 * afterwards, or nothing. An attempt that does not get its locks is undone, so that nobody waits behind it, and made
 * again later.
 */
export async function runTransactional(run: Run, job: Job): Promise<Ending> {
  const watch = new Watch(run);
  try {
    return await attempts(run, job, watch);
  } finally {
    watch.end();
  }
}

async function attempts(run: Run, job: Job, watch: Watch): Promise<Ending> {
  let lockWaitMs = 0;
  for (let attempt = 1; ; attempt++) {
    const started = performance.now();
    const tried = new Attempt(run, job, watch, lockWaitMs);
    const result = await watch.during(() => tried.make());
    const account = tried.account(result);
    if (result.status === 'done') {
      tried.committed();
      await run.at('after-commit');
      return { status: 'done', account };
    }
    run.audit.forget();
    if (result.status === 'lost')
      return result.committing
        ? { status: 'unknown', account, error: result.lost.message }
        : failure(account, 'connection-lost', result.lost.message);
    if (result.status === 'failed' && isConflict(result.error)) continue;
    const again = waitsForLock(result, tried.verifyError);
    if (!again || watch.because || attempt >= run.settings.lockAttempts)
      return ended(result, tried, account, watch);
    const wait = delayAfter(attempt, PAUSES, Math.random());
    run.onlooking.retries?.({ id: job.id, attempt, pause: wait, because: again.message });
    await pause(wait, run.signal);
    lockWaitMs += performance.now() - started;
    if (watch.because) return ended(result, tried, account, watch);
  }
}

function waitsForLock(
  result: SectionResult,
  verifyError: DatabaseErrorFields | undefined,
): DatabaseErrorFields | undefined {
  const error = result.status === 'failed' ? result.error : verifyError;
  return error && AGAIN.has(error.code) ? error : undefined;
}

/** One transaction. */
class Attempt {
  verifyError: DatabaseErrorFields | undefined;
  leaseLost = false;
  readonly #run: Run;
  readonly #job: Job;
  readonly #watch: Watch;
  readonly #lockWaitMs: number;
  #statementMs: number[] = [];
  #written: Account | undefined;
  #audited: (() => void) | undefined;

  constructor(run: Run, job: Job, watch: Watch, lockWaitMs: number) {
    this.#run = run;
    this.#job = job;
    this.#watch = watch;
    this.#lockWaitMs = lockWaitMs;
  }

  async make(): Promise<SectionResult> {
    const { section } = this.#job;
    const onlooker: Onlooker = {
      mayGoOn: (step) => this.#mayGoOn(step),
      after: async ({ durationMs }) => {
        const at = this.#statementMs.push(durationMs) - 1;
        this.#run.onlooking.ran?.({ id: this.#job.id, at, durationMs });
        await this.#run.at('after-statement');
      },
      closing: () => this.#closing(),
    };
    try {
      // Not later: the migration may have locked the log, and would be waited for in vain.
      const { audit, sessions } = this.#run;
      await audit.look(sessions.keeper);
      const { fresh } = sessions;
      sessions.fresh = false;
      const result = await runSection(sessions.work, { ...section.run, fresh }, onlooker);
      // What a migration without a VERIFY left is known of each of its statements.
      sessions.fresh = this.#job.verify === undefined && leavesNothing(section.run.steps);
      return result;
    } catch (error) {
      if (error instanceof ConnectionLost)
        return { status: 'lost', steps: [], lost: error, committing: false };
      // What is run around the statements was refused: cancelled, or the server is shutting down.
      if (!(error instanceof DatabaseError)) throw error;
      return { status: 'failed', steps: [], error: error.fields, undone: true };
    }
  }

  account(result: SectionResult): Account {
    if (this.#written && result.status === 'done') return this.#written;
    const total = this.#job.section.run.steps.length;
    return {
      durationMs: this.#watch.elapsed,
      lockWaitMs: this.#lockWaitMs,
      total,
      begun: 0,
      done: 0,
      statementMs: this.#statementMs,
    };
  }

  committed(): void {
    this.#audited?.();
  }

  async #mayGoOn(step: Step | undefined): Promise<boolean> {
    const { lease, onlooking, at } = this.#run;
    if (this.#watch.because) return false;
    if (lease.lost) {
      this.leaseLost = true;
      return false;
    }
    const { steps } = this.#job.section.run;
    if (step) {
      onlooking.statement?.({ id: this.#job.id, step, at: this.#statementMs.length, of: steps.length });
      await at('before-statement');
      return true;
    }
    if (this.#job.verify && !(await this.#verified(this.#job.verify))) return false;
    // A transaction that keeps its first snapshot would not see that the lease is gone.
    if (steps.some(({ sql }) => /isolation/i.test(sql)) && !(await lease.confirm())) {
      this.leaseLost = true;
      return false;
    }
    return true;
  }

  /** VERIFY reads only: whatever it does besides is rolled back. */
  async #verified({ run: { steps } }: PreparedSection): Promise<boolean> {
    const { work } = this.#run.sessions;
    await this.#run.at('before-verify');
    try {
      await work.run('SAVEPOINT airlock_verify');
      for (const { sql } of steps) await work.run(sql);
      await work.run('ROLLBACK TO SAVEPOINT airlock_verify');
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      this.verifyError = error.fields;
      return false;
    }
  }

  async #closing(): Promise<string> {
    const { tableIds, audit, sessions, lease, at } = this.#run;
    const { section, ledger } = this.#job;
    const { steps } = section.run;
    const account: Account = {
      durationMs: this.#watch.elapsed,
      lockWaitMs: this.#lockWaitMs,
      total: steps.length,
      begun: steps.length,
      done: steps.length,
      statementMs: this.#statementMs,
    };
    const { durationMs } = account;
    const entry = ledger.audit('done', { durationMs: Math.round(durationMs), statements: steps.length });
    const { sql, done } = await audit.entry(sessions.keeper, entry);
    this.#written = account;
    this.#audited = done;
    await at('before-commit');
    const parts = [ownRole(steps), wroteNone(tableIds), ledger.applied(account), sql];
    // Behind a pooler the session goes to somebody else next, and what a migration set would go with it.
    const left = sessions.pooled ? 'RESET ALL; ' : '';
    return `${parts.join('')}${check('lease-lost', lease.condition)}${left}`;
  }
}

/** A migration that took another role may not be able to write the history in it. */
export function ownRole(steps: readonly Step[]): string {
  const changed = steps.some(({ sql }) => /\b(?:role|session\s+authorization)\b/i.test(sql));
  return changed ? 'RESET SESSION AUTHORIZATION; RESET ROLE; ' : '';
}

function ended(
  result: Extract<SectionResult, { status: 'failed' | 'stopped' }>,
  { leaseLost, verifyError }: Attempt,
  account: Account,
  { because }: Watch,
): Ending {
  if (leaseLost) return failure(account, 'lease-lost', LEASE_LOST);
  if (because && (result.status === 'stopped' || result.error.code === '57014'))
    return failure(account, because, CUT[because]);
  if (result.status === 'stopped')
    return failure(account, 'verify-failed', verifyError ? `VERIFY: ${told(verifyError)}` : 'VERIFY failed');
  const { error } = result;
  switch (failedCheck(error)) {
    case 'lease-lost':
      return failure(account, 'lease-lost', LEASE_LOST);
    case 'system-tables-written':
      return failure(
        account,
        'system-tables-written',
        'it touched Airlock’s own tables (_migration_*, _backup_history), which no migration may.',
      );
    default:
  }
  const halt = AGAIN.has(error.code) ? 'lock-not-available' : 'statement-failed';
  const last = result.steps.at(-1);
  const failed = last?.error ? { step: last.step, fields: error } : undefined;
  return { ...failure(account, halt, told(error)), failed };
}

export const LEASE_LOST =
  'the lease of this run is gone: somebody deleted it, or it expired and another command took it.';
export const CUT = {
  interrupted: 'interrupted.',
  'too-long': 'it took longer than maxDuration allows.',
} as const;

export function failure(
  account: Account,
  halt: Halt,
  error: string,
  undone = true,
): Extract<Ending, { status: 'failed' }> {
  return { status: 'failed', account: { ...account, error }, halt, error, undone };
}

/** What the server said, with all that it said to it. */
export function told({ message, code, detail, hint }: DatabaseErrorFields): string {
  return [`${message} (${code})`, detail, hint].filter((part) => part !== undefined).join('\n');
}
