import { delayAfter, pause } from './backoff.ts';
import { canBeRepeated, isSetting, type Manner, mannersOf } from './blocks.ts';
import { AGAIN, brokenOff, NO_SESSION, type Refusal } from './broken-off.ts';
import { check, failedCheck, wroteNone } from './checks.ts';
import { ConnectionLost, DatabaseError, type DatabaseErrorFields } from './connection.ts';
import type { HistoryRow } from './history.ts';
import { concurrentIndex, dropIndex, type FoundIndex, indexesOf } from './invalid-indexes.ts';
import { endIdle } from './lease.ts';
import type { Account } from './ledger.ts';
import { digestOf } from './prepare.ts';
import type { Run } from './run.ts';
import { runSection, type SectionResult, type Step } from './run-section.ts';
import { type Ending, failure, type Job, LEASE_LOST, ownRole, told } from './transactional.ts';
import { Watch } from './watch.ts';

const PAUSES = { first: 250, longest: 15_000 };
/** Milliseconds between looks at a session that is still at work. */
const LOOK = 500;

/**
 * Runs a section statement by statement, each written down before the next one begins. What can be in a transaction
 * with its record is; of the others it is known that they were begun. `before`: how far an earlier run came.
 */
export async function runResumable(run: Run, job: Job, before?: HistoryRow): Promise<Ending> {
  const watch = new Watch(run);
  try {
    return await new Resumable(run, job, watch).run(before);
  } finally {
    watch.end();
  }
}

class Resumable {
  readonly #run: Run;
  readonly #job: Job;
  readonly #watch: Watch;
  readonly #steps: readonly Step[];
  readonly #manners: readonly Manner[];
  readonly #statementMs: number[] = [];
  #row = 0;
  #done = 0;
  /** What #done becomes with the next commit. */
  #coming = 0;
  #lockWaitMs = 0;
  #refusal: Refusal | undefined;
  /** Indexes of the table before its statement: an invalid one that was not among them is ours. */
  #indexes: readonly FoundIndex[] = [];
  /** An earlier attempt began the next statement and failed. */
  #begunBefore = false;

  constructor(run: Run, job: Job, watch: Watch) {
    this.#run = run;
    this.#job = job;
    this.#watch = watch;
    this.#steps = job.section.run.steps;
    this.#manners = mannersOf(this.#steps);
  }

  async run(before: HistoryRow | undefined): Promise<Ending> {
    if (this.#run.sessions.pooled)
      return {
        ...failure(this.#account(), 'no-session', NO_SESSION, true),
        next: 'set directUrl to the name of a variable that holds the address past the pooler',
      };
    try {
      return await this.#runFrom(before);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return { status: 'unknown', account: this.#account(), error: error.message };
    }
  }

  async #runFrom(before: HistoryRow | undefined): Promise<Ending> {
    try {
      const refusal = before && (await this.#goOnFrom(before));
      if (refusal) return this.#refused(refusal);
      await this.#begin(before);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const lost = failedCheck(error.fields) === 'lease-lost';
      return this.#refused({
        halt: lost ? 'lease-lost' : 'statement-failed',
        error: lost ? LEASE_LOST : told(error.fields),
      });
    }
    const broken = await this.#walk();
    if (broken) return broken;
    return this.#finish();
  }

  /** Finds out where to go on; a refusal where that would be a guess. */
  async #goOnFrom(before: HistoryRow): Promise<Refusal | undefined> {
    const { statementsDone: done, statementsBegun: begun } = before;
    if (before.status === 'running' && before.backend && !(await this.#isGone(before.backend)))
      return {
        halt: 'still-running',
        error: `the statement that run ${before.runId} began is still running on the server (process ${before.backend.pid}).`,
        next: 'wait for it, or end it: airlock unlock --force',
      };
    if (done === 0 && begun === 0) return undefined;
    if (done > this.#steps.length || (done > 0 && digestOf(this.#steps.slice(0, done)) !== before.doneDigest))
      return {
        halt: 'changed-since',
        error: `${done} statements of it were done before, and the file says something else in their place now.`,
        next: `put back what was done, or settle it: airlock repair ${this.#job.id}`,
      };
    this.#done = done;
    if (begun <= done) return undefined;
    const step = this.#steps[done];
    // What failed was not done; an index that it left is looked for when the statement comes.
    this.#begunBefore = true;
    if (before.status === 'failed' || step === undefined) return undefined;
    return this.#settle(step);
  }

  /** A statement that was begun when the run was cut off: done, not done, or nobody knows. */
  async #settle(step: Step): Promise<Refusal | undefined> {
    // BEGIN of a transaction that was never committed, and all that is inside of it.
    if (canBeRepeated(step)) return undefined;
    const index = concurrentIndex(step);
    if (index?.name !== undefined) {
      await this.#replaySettings();
      const found = (await indexesOf(this.#run.sessions.work, index)).find(({ name }) => name === index.name);
      if (found?.valid) {
        this.#done++;
        this.#begunBefore = false;
      }
      return undefined;
    }
    const { line } = this.#job.section.section.file.position(step.span.start);
    return {
      halt: 'not-known',
      error: `statement ${this.#done + 1} (line ${line}) was begun by a run that was cut off, and whether it was done is not known.`,
      next: `look at the database, then airlock repair ${this.#job.id} --statement done, or --statement undone`,
    };
  }

  async #isGone(backend: NonNullable<HistoryRow['backend']>): Promise<boolean> {
    const end = performance.now() + this.#run.settings.leasePatience;
    for (;;) {
      const busy = await endIdle(this.#run.sessions.keeper, [backend]);
      if (busy.length === 0) return true;
      if (performance.now() >= end || this.#run.signal.aborted) return false;
      await pause(LOOK, this.#run.signal);
    }
  }

  async #replaySettings(): Promise<void> {
    const { run } = this.#job.section;
    await runSection(this.#run.sessions.work, {
      ...run,
      steps: this.#steps.slice(0, this.#done).filter(isSetting),
    });
  }

  async #begin(before: HistoryRow | undefined): Promise<void> {
    const { sessions, audit, lease, at } = this.#run;
    const { ledger } = this.#job;
    const progress = {
      total: this.#steps.length,
      begun: this.#done,
      done: this.#done,
      doneDigest: digestOf(this.#steps.slice(0, this.#done)),
    };
    const cutOff =
      before?.status === 'running'
        ? ledger.brokenOff(before.row, {
            ...this.#account(),
            begun: before.statementsBegun,
            done: before.statementsDone,
            error: 'the run was cut off.',
          })
        : '';
    await at('before-running-row');
    const { rows } = await audit.together(
      sessions.keeper,
      ledger.audit('begun', { from: this.#done + 1, of: this.#steps.length }),
      `${check('lease-lost', lease.condition)}${cutOff}${ledger.running(progress, sessions.backends?.[0])}`,
    );
    this.#row = Number(rows[0]?.['id']);
    await at('after-running-row');
  }

  /** Undefined: all statements are done. */
  async #walk(): Promise<Ending | undefined> {
    for (let attempt = 1; this.#done < this.#steps.length; attempt++) {
      const started = performance.now();
      const from = this.#done;
      const result = await this.#watch.during(() => this.#section());
      if (result.status === 'done') {
        this.#arrive();
        return undefined;
      }
      this.#coming = this.#done;
      if (result.status === 'lost')
        return { status: 'unknown', account: this.#account(), error: result.lost.message };
      if (this.#done > from) attempt = 1;
      const error = result.status === 'failed' ? result.error : undefined;
      const again = error && AGAIN.has(error.code) && attempt < this.#run.settings.lockAttempts;
      if (!again || this.#watch.because || this.#refusal) return this.#broken(result);
      const wait = delayAfter(attempt, PAUSES, Math.random());
      this.#run.onlooking.retries?.({ id: this.#job.id, attempt, pause: wait, because: error.message });
      await pause(wait, this.#run.signal);
      this.#lockWaitMs += performance.now() - started;
      this.#begunBefore = true;
      if (this.#watch.because) return this.#broken(result);
    }
    return undefined;
  }

  async #section(): Promise<SectionResult> {
    const { run } = this.#job.section;
    const first = this.#done;
    const settings = this.#steps.slice(0, first).filter(isSetting);
    const rest = this.#steps.slice(first).map((step, at) => this.#asRun(step, first + at));
    // The same statement may stand in the file twice: each is known by the object it is here.
    const places = new Map(rest.map((step, at) => [step, first + at]));
    const place = (step: Step | undefined): number => (step && places.get(step)) ?? -1;
    try {
      return await runSection(
        this.#run.sessions.work,
        { ...run, steps: [...settings, ...rest] },
        {
          opens: (step) => this.#manners[place(step)] === 'together',
          mayGoOn: (step) => this.#mayGoOn(step, place(step)),
          after: ({ step, durationMs }) => this.#after(place(step), durationMs),
          closing: async (ran) => {
            const at = place(ran?.step);
            const sql = this.#record(at);
            await this.#run.at('before-commit');
            return sql;
          },
        },
      );
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return { status: 'failed', steps: [], error: error.fields, undone: false };
    }
  }

  /** COMMIT of a transaction that the file opened takes its record with it. */
  #asRun(step: Step, at: number): Step {
    return this.#manners[at] === 'commits' ? { ...step, sql: `${this.#record(at)}${step.sql}` } : { ...step };
  }

  #record(at: number): string {
    const { tableIds, lease } = this.#run;
    const progress = {
      begun: at + 1,
      done: at + 1,
      doneDigest: digestOf(this.#steps.slice(0, at + 1)),
    };
    return `${ownRole(this.#steps)}${wroteNone(tableIds)}${this.#job.ledger.progress(this.#row, progress)}${check('lease-lost', lease.condition)}`;
  }

  async #mayGoOn(step: Step | undefined, at: number): Promise<boolean> {
    if (step === undefined || at === -1) return true;
    this.#arrive();
    const { onlooking, lease, sessions } = this.#run;
    if (this.#watch.because) return false;
    onlooking.statement?.({ id: this.#job.id, step, at, of: this.#steps.length });
    if (!(await this.#indexMayCome(step))) return false;
    if (this.#manners[at] === 'apart') {
      await this.#run.at('before-begun');
      const { rows } = await sessions.keeper.run(
        `${check('lease-lost', lease.condition)}${this.#job.ledger.progress(this.#row, { begun: at + 1 })}SELECT 1 AS done`,
      );
      if (rows.length === 0) return false;
      await this.#run.at('after-begun');
    } else if (!(await lease.confirm())) {
      this.#refusal = { halt: 'lease-lost', error: LEASE_LOST };
      return false;
    }
    await this.#run.at('before-statement');
    return true;
  }

  /** An invalid index would be skipped in silence by IF NOT EXISTS; ours goes, that of others is named. */
  async #indexMayCome(step: Step): Promise<boolean> {
    const index = concurrentIndex(step);
    if (!index) return true;
    const { work } = this.#run.sessions;
    const known = new Set(this.#indexes.map(({ id }) => id));
    const found = await indexesOf(work, index);
    for (const each of found) {
      if (each.valid) continue;
      const left = this.#indexes.length > 0 && !known.has(each.id);
      if (this.#begunBefore && (left || each.name === index.name)) await dropIndex(work, each);
      else if (each.name === index.name) {
        this.#refusal = {
          halt: 'index-in-the-way',
          error: `an invalid index ${each.place} is there already, and no run of this migration left it.`,
          next: `DROP INDEX CONCURRENTLY ${each.place};`,
        };
        return false;
      }
    }
    if (this.#indexes.length === 0) this.#indexes = found;
    return true;
  }

  async #after(at: number, durationMs: number): Promise<void> {
    await this.#run.at('after-statement');
    if (at === -1) return;
    this.#statementMs.push(durationMs);
    this.#run.onlooking.ran?.({ id: this.#job.id, at, durationMs });
    const manner = this.#manners[at];
    if (manner === 'begins' || manner === 'inside') return;
    if (manner === 'apart') {
      await this.#run.at('before-done');
      const progress = { done: at + 1, doneDigest: digestOf(this.#steps.slice(0, at + 1)) };
      await this.#run.sessions.keeper.run(this.#job.ledger.progress(this.#row, progress));
      await this.#run.at('after-done');
    }
    // Together with its record it counts once that is committed, which is what comes next.
    this.#coming = at + 1;
    if (manner !== 'together') this.#arrive();
  }

  /** The record of the statement before is in the database. */
  #arrive(): void {
    if (this.#coming <= this.#done) return;
    this.#done = this.#coming;
    this.#begunBefore = false;
    this.#indexes = [];
  }

  #broken(result: Extract<SectionResult, { status: 'failed' | 'stopped' }>): Ending {
    const refusal = brokenOff(result, this.#refusal, this.#watch.because);
    const byServer = refusal.halt === 'lock-not-available' || refusal.halt === 'statement-failed';
    return this.#halted(refusal, byServer && result.status === 'failed' ? result.error : undefined);
  }

  #halted(refusal: Refusal, fields?: DatabaseErrorFields): Ending {
    const step = this.#steps[this.#done];
    return {
      ...this.#refused(refusal),
      ...(fields && step ? { failed: { step, fields } } : {}),
    };
  }

  #refused({ halt, error, next }: Refusal): Extract<Ending, { status: 'failed' }> {
    return { ...failure(this.#account(), halt, error, this.#done === 0), next };
  }

  async #finish(): Promise<Ending> {
    const { verify, ledger } = this.#job;
    const { sessions, audit, lease, at } = this.#run;
    if (verify) {
      await at('before-verify');
      const checked = await runSection(sessions.work, { ...verify.run, transaction: true, rollBack: true });
      if (checked.status === 'lost')
        return { status: 'unknown', account: this.#account(), error: checked.lost.message };
      if (checked.status === 'failed')
        return this.#refused({ halt: 'verify-failed', error: `VERIFY: ${told(checked.error)}` });
    }
    const account = this.#account();
    await at('before-applied-row');
    try {
      await audit.together(
        sessions.keeper,
        ledger.audit('done', { durationMs: Math.round(account.durationMs), statements: this.#steps.length }),
        `${check('lease-lost', lease.condition)}${ledger.finished(this.#row, account)}`,
      );
    } catch (error) {
      if (!(error instanceof DatabaseError) || failedCheck(error.fields) !== 'lease-lost') throw error;
      return this.#refused({ halt: 'lease-lost', error: LEASE_LOST });
    }
    await at('after-applied-row');
    return { status: 'done', account };
  }

  /** The row that tells how far it came, for whoever writes down that it failed. 0: there is none. */
  #account(): Account & { readonly row: number } {
    return {
      row: this.#row,
      durationMs: this.#watch.elapsed,
      lockWaitMs: this.#lockWaitMs,
      total: this.#steps.length,
      begun: Math.min(this.#done + 1, this.#steps.length),
      done: this.#done,
      statementMs: this.#statementMs,
    };
  }
}
