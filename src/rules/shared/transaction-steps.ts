import { SessionState } from '../../sql/session.ts';
import type { CheckedSection } from '../rule.ts';
import { oncePerSection, type PlacedStatement, statementsOf } from './section-memo.ts';

export interface SessionStep extends PlacedStatement {
  readonly inTransaction: boolean;
  /** In force at the statement (milliseconds, 0 = off); undefined: nobody set one. */
  readonly timeouts: { readonly lock?: number | undefined; readonly statement?: number | undefined };
}

/** The statements of a section with what the session looks like at each, in order. */
export function* sessionSteps(section: CheckedSection): Generator<SessionStep> {
  const session = new SessionState(section.execution, section.sql.statements);
  let last: PlacedStatement | undefined;
  for (const step of statementsOf(section)) {
    if (last && !step.nested) session.after(last.statement);
    if (!step.nested) last = step;
    yield { ...step, inTransaction: session.inTransaction, timeouts: session.timeouts };
  }
}

/**
 * The statements of a section by the transactions in which they run, transaction control left out. A
 * statement outside any is a transaction of its own, and so is a DO block with what stands in it.
 */
export const stepsByTransaction = oncePerSection((section): readonly (readonly PlacedStatement[])[] => {
  const { execution } = section;
  const found: PlacedStatement[][] = [];
  let around = execution.transaction;
  let open = false;
  let current: PlacedStatement[] = [];
  const end = (): void => {
    if (current.length > 0) found.push(current);
    current = [];
  };
  for (const step of statementsOf(section)) {
    const { statement, nested } = step;
    if (!nested && !around && !open) end();
    if (statement.kind !== 'transaction') current.push(step);
    else if (nested) end();
    else if (statement.command === 'begin') open ||= !around;
    else if (
      statement.command === 'commit' ||
      statement.command === 'rollback' ||
      statement.command === 'prepare'
    ) {
      end();
      open = false;
      // The server opens the next implicit transaction by itself; a tool's own is over.
      around &&= execution.implicit === true;
    }
  }
  end();
  return found;
});
