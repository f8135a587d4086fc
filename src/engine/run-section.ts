import { enclosed } from '../sql/session.ts';
import type { Span } from '../sql/source.ts';
import type { ParsedSql, Statement } from '../sql/statement.ts';
import {
  type Connection,
  ConnectionLost,
  DatabaseError,
  type DatabaseErrorFields,
  type Ran,
} from './connection.ts';

/** One statement as it is going to run. */
export interface Step {
  /** In the section's file. */
  readonly span: Span;
  /** With placeholders filled in. */
  readonly sql: string;
  readonly needsAutocommit: boolean;
  /** Undefined: the parser could not read it. */
  readonly statement?: Statement | undefined;
}

export interface SectionRun {
  readonly steps: readonly Step[];
  /** Airlock opens one transaction around all of it. */
  readonly transaction: boolean;
  /** Milliseconds. */
  readonly lockTimeout: number;
  readonly statementTimeout?: number | undefined;
  /** Nothing of it is kept: ends with ROLLBACK. Only with `transaction`. */
  readonly rollBack?: boolean | undefined;
  /** Milliseconds until the server ends a session that leaves a transaction standing. */
  readonly idleTimeout?: number | undefined;
  /** Nothing was run on the session that left anything in it: there is nothing to discard. */
  readonly fresh?: boolean | undefined;
  /** A pooler hands out a server session for one transaction only: nothing is set for longer. Only with `transaction`. */
  readonly pooled?: boolean | undefined;
}

/** What became of one statement. */
export interface StepRun {
  readonly step: Step;
  readonly durationMs: number;
  readonly ran?: Ran | undefined;
  readonly error?: DatabaseErrorFields | undefined;
}

export type SectionResult =
  | { readonly status: 'done'; readonly steps: readonly StepRun[] }
  /** The statement that failed is the last one; undone: nothing of the section is left in the database. */
  | {
      readonly status: 'failed';
      readonly steps: readonly StepRun[];
      readonly error: DatabaseErrorFields;
      readonly undone: boolean;
    }
  /** The onlooker let nothing more begin. */
  | { readonly status: 'stopped'; readonly steps: readonly StepRun[]; readonly undone: boolean }
  /** Nobody answers any more; `committing`: COMMIT was sent, and whether it was done is not known. */
  | {
      readonly status: 'lost';
      readonly steps: readonly StepRun[];
      readonly lost: ConnectionLost;
      readonly committing: boolean;
    };

/** Looks on: what stands between the statements of a section is the caller's. */
export interface Onlooker {
  before?(step: Step): Promise<void>;
  /**
   * Outside of a transaction: whether one is opened for this statement alone, so that `after` can look before it ends.
   * The caller answers for it that the statement does the same in one.
   */
  opens?(step: Step): boolean;
  /** Inside the transaction, where there is one. */
  after?(run: StepRun): Promise<void>;
  /** Asked before each statement, and without one before COMMIT: false ends the section there, undone where that is possible. */
  mayGoOn?(step: Step | undefined): Promise<boolean>;
  /**
   * Statements that go with COMMIT in one message, before it, so that nothing can come between; one that fails keeps
   * the transaction from being committed. `run`: of a statement in a transaction of its own.
   */
  closing?(run: StepRun | undefined): Promise<string>;
}

/**
 * The statements that are run of a section: an enclosing BEGIN … COMMIT is taken off, as Airlock opens the
 * transaction itself. What the parser could not read is run too: the server may know better.
 */
export function stepsOf(sql: ParsedSql, text: (span: Span) => string): Step[] {
  const statements = enclosed(sql.statements) ? sql.statements.slice(1, -1) : sql.statements;
  const steps = [
    ...statements.map((statement) => ({
      span: statement.span,
      sql: text(statement.span),
      needsAutocommit: statement.needsAutocommit,
      statement,
    })),
    ...sql.errors.map(({ statement }) => ({ span: statement, sql: text(statement), needsAutocommit: false })),
  ];
  return steps.sort((a, b) => a.span.start - b.span.start);
}

/** Nothing of them stays in the session: no setting, temporary table, prepared statement or lock. */
export function leavesNothing(steps: readonly Step[]): boolean {
  return steps.every(
    ({ sql, statement }) => statement !== undefined && PLAIN.has(statement.kind) && !/temp/i.test(sql),
  );
}

const PLAIN: ReadonlySet<string> = new Set([
  'create-table',
  'create-index',
  'alter-table',
  'drop',
  'comment',
  'create-view',
]);

/**
 * Runs one section on one session, statement by statement: the proof and the runner both do it here, so that
 * what was proven is what runs.
 */
export async function runSection(
  connection: Connection,
  section: SectionRun,
  onlooker: Onlooker = {},
): Promise<SectionResult> {
  const run: Run = { connection, section, onlooker, steps: [], committing: false };
  try {
    return await walk(run);
  } catch (error) {
    if (error instanceof ConnectionLost)
      return { status: 'lost', steps: run.steps, lost: error, committing: run.committing };
    throw error;
  }
}

interface Run {
  readonly connection: Connection;
  readonly section: SectionRun;
  readonly onlooker: Onlooker;
  readonly steps: StepRun[];
  committing: boolean;
}

async function walk(run: Run): Promise<SectionResult> {
  const { connection, section, onlooker, steps } = run;
  await prepareSession(connection, section);
  if (section.transaction)
    await connection.run(`BEGIN; ${timeouts(section, section.pooled ? 'SET LOCAL' : 'SET')}`);
  for (const step of section.steps) {
    if ((await onlooker.mayGoOn?.(step)) === false) return stop(run);
    await onlooker.before?.(step);
    const alone = !section.transaction && onlooker.opens?.(step) === true;
    if (alone) await connection.run('BEGIN');
    const ran = await runStep(connection, step);
    steps.push(ran);
    if (ran.error) {
      await undo(connection);
      return { status: 'failed', steps, error: ran.error, undone: section.transaction };
    }
    await onlooker.after?.(ran);
    const failed = alone ? await commit(run, ran) : undefined;
    if (failed) return { ...failed, undone: false };
  }
  // What a file began and did not end is nobody's to commit.
  if (section.rollBack || !section.transaction) await undo(connection);
  else {
    if ((await onlooker.mayGoOn?.(undefined)) === false) return stop(run);
    const failed = await commit(run);
    if (failed) return failed;
  }
  return { status: 'done', steps };
}

async function stop({ connection, section, steps }: Run): Promise<SectionResult> {
  await undo(connection);
  return { status: 'stopped', steps, undone: section.transaction };
}

async function runStep(connection: Connection, step: Step): Promise<StepRun> {
  const start = performance.now();
  try {
    const ran = await connection.run(step.sql);
    return { step, durationMs: performance.now() - start, ran };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { step, durationMs: performance.now() - start, error: error.fields };
  }
}

/** Deferred constraints are checked by COMMIT: the error is that of the last statement. */
async function commit(
  run: Run,
  alone?: StepRun,
): Promise<Extract<SectionResult, { status: 'failed' }> | undefined> {
  const { connection, onlooker, steps } = run;
  try {
    const closing = (await onlooker.closing?.(alone)) ?? '';
    run.committing = true;
    const { command } = await connection.run(`${closing}COMMIT`);
    run.committing = false;
    if (command === 'COMMIT') return undefined;
    throw new DatabaseError({ code: '40000', message: 'COMMIT was answered with ROLLBACK' });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    run.committing = false;
    const last = steps.pop();
    if (last) steps.push({ ...last, error: error.fields });
    await undo(connection);
    return { status: 'failed', steps, error: error.fields, undone: true };
  }
}

/** Ends a transaction that is open; where none is, the server would warn of the ROLLBACK in its log. */
export async function undo(connection: Connection): Promise<void> {
  if (connection.idle !== true) await connection.run('ROLLBACK');
}

/**
 * A session as every migration finds it: nothing of the one before (sql-discard), and timeouts for as long as it runs;
 * a transaction brings its own. DISCARD ALL cannot stand in a transaction block, so what a section left open is rolled
 * back first.
 */
async function prepareSession(connection: Connection, section: SectionRun): Promise<void> {
  if (section.pooled || (section.fresh && section.transaction)) return;
  await undo(connection);
  await connection.run('DISCARD ALL');
  if (!section.transaction) await connection.run(timeouts(section, 'SET'));
}

function timeouts({ lockTimeout, statementTimeout, idleTimeout }: SectionRun, set: string): string {
  const settings = [
    ['lock_timeout', lockTimeout],
    ['statement_timeout', statementTimeout],
    ['idle_in_transaction_session_timeout', idleTimeout],
  ] as const;
  return settings
    .flatMap(([name, value]) => (value === undefined ? [] : [`${set} ${name} = ${Math.round(value)}`]))
    .join('; ');
}
