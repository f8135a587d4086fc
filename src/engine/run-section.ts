import { enclosed } from '../sql/session.ts';
import type { Span } from '../sql/source.ts';
import type { ParsedSql } from '../sql/statement.ts';
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
  /** Nobody answers any more. */
  | { readonly status: 'lost'; readonly steps: readonly StepRun[]; readonly lost: ConnectionLost };

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
  /** The last thing before COMMIT, and before each statement that runs in a transaction of its own. */
  beforeCommit?(): Promise<void>;
}

/**
 * The statements that are run of a section: an enclosing BEGIN … COMMIT is taken off, as Airlock opens the
 * transaction itself. What the parser could not read is run too: the server may know better.
 */
export function stepsOf(sql: ParsedSql, text: (span: Span) => string): Step[] {
  const statements = enclosed(sql.statements) ? sql.statements.slice(1, -1) : sql.statements;
  const steps = [
    ...statements.map(({ span, needsAutocommit }) => ({ span, sql: text(span), needsAutocommit })),
    ...sql.errors.map(({ statement }) => ({ span: statement, sql: text(statement), needsAutocommit: false })),
  ];
  return steps.sort((a, b) => a.span.start - b.span.start);
}

/**
 * Runs one section on one session, statement by statement: the proof and the runner both do it here, so that
 * what was proven is what runs.
 */
export async function runSection(
  connection: Connection,
  section: SectionRun,
  onlooker: Onlooker = {},
): Promise<SectionResult> {
  const steps: StepRun[] = [];
  try {
    await prepareSession(connection, section);
    if (section.transaction) await connection.run('BEGIN');
    for (const step of section.steps) {
      if (!section.transaction) await onlooker.beforeCommit?.();
      await onlooker.before?.(step);
      const alone = !section.transaction && onlooker.opens?.(step) === true;
      if (alone) await connection.run('BEGIN');
      const run = await runStep(connection, step);
      steps.push(run);
      if (run.error) {
        const undone = await rollBack(connection);
        return { status: 'failed', steps, error: run.error, undone: section.transaction && undone };
      }
      await onlooker.after?.(run);
      const failed = alone ? await commit(connection, steps) : undefined;
      if (failed) return { ...failed, undone: false };
    }
    // What a file began and did not end is nobody's to commit.
    if (section.rollBack || !section.transaction) await connection.run('ROLLBACK');
    else {
      await onlooker.beforeCommit?.();
      const failed = await commit(connection, steps);
      if (failed) return failed;
    }
    return { status: 'done', steps };
  } catch (error) {
    if (error instanceof ConnectionLost) return { status: 'lost', steps, lost: error };
    throw error;
  }
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
  connection: Connection,
  steps: StepRun[],
): Promise<Extract<SectionResult, { status: 'failed' }> | undefined> {
  try {
    const { command } = await connection.run('COMMIT');
    if (command === 'COMMIT') return undefined;
    throw new DatabaseError({ code: '40000', message: 'COMMIT was answered with ROLLBACK' });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const last = steps.pop();
    if (last) steps.push({ ...last, error: error.fields });
    await rollBack(connection);
    return { status: 'failed', steps, error: error.fields, undone: true };
  }
}

/** Whether a transaction was open, and is gone now. Outside of one the server only warns. */
async function rollBack(connection: Connection): Promise<boolean> {
  await connection.run('ROLLBACK');
  return true;
}

/**
 * A session as every migration finds it: nothing of the one before (sql-discard), and timeouts for as long as it runs.
 * DISCARD ALL cannot stand in a transaction block, so what a section left open is rolled back first.
 */
async function prepareSession(connection: Connection, section: SectionRun): Promise<void> {
  await connection.run('ROLLBACK');
  await connection.run('DISCARD ALL');
  await connection.run(`SET lock_timeout = ${Math.round(section.lockTimeout)}`);
  if (section.statementTimeout !== undefined)
    await connection.run(`SET statement_timeout = ${Math.round(section.statementTimeout)}`);
}
