import { SessionState } from '../../sql/session.ts';
import type { Statement } from '../../sql/statement.ts';
import type { CheckedSection } from '../rule.ts';

/** One statement that runs, those of DO blocks included (after the block itself). */
export interface Step {
  readonly statement: Statement;
  /** Position in the section, of the DO block for what stands in one. */
  readonly index: number;
  readonly nested: boolean;
}

export interface SessionStep extends Step {
  readonly inTransaction: boolean;
  /** In force at the statement (milliseconds, 0 = off); undefined: nobody set one. */
  readonly timeouts: { readonly lock?: number | undefined; readonly statement?: number | undefined };
}

function* flattened(statement: Statement, index: number): Generator<Step> {
  yield { statement, index, nested: false };
  if (statement.kind === 'do') for (const inner of statement.body.statements) yield { statement: inner, index, nested: true };
}

/** The statements of a section with what the session looks like at each, in order. */
export function* sessionSteps(section: CheckedSection): Generator<SessionStep> {
  const { statements } = section.sql;
  const session = new SessionState(section.execution, statements);
  for (const [index, statement] of statements.entries()) {
    const { inTransaction, timeouts } = session;
    for (const step of flattened(statement, index)) yield { ...step, inTransaction, timeouts };
    session.after(statement);
  }
}

/**
 * The statements of a section by the transactions in which they run, transaction control left out. A
 * statement outside any is a transaction of its own, and so is a DO block with what stands in it.
 */
export function transactionsOf(section: CheckedSection): readonly (readonly Step[])[] {
  const { execution, sql } = section;
  const found: Step[][] = [];
  let around = execution.transaction;
  let open = false;
  let current: Step[] = [];
  const end = (): void => {
    if (current.length > 0) found.push(current);
    current = [];
  };
  const control = (command: string): void => {
    if (command === 'begin') {
      open = open || !around;
    } else if (command === 'commit' || command === 'rollback' || command === 'prepare') {
      end();
      open = false;
      // After an implicit transaction the server opens the next one by itself; a tool's own is over.
      around = around && execution.implicit === true;
    }
  };
  for (const [index, statement] of sql.statements.entries()) {
    for (const step of flattened(statement, index)) {
      if (step.statement.kind !== 'transaction') current.push(step);
      else if (step.nested) end();
      else control(step.statement.command);
    }
    if (!around && !open) end();
  }
  end();
  return found;
}
