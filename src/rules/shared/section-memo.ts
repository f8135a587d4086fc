import type { Statement } from '../../sql/statement.ts';
import type { CheckedSection } from '../rule.ts';

/** A statement of a section, those inside its DO blocks included. */
export interface PlacedStatement {
  readonly statement: Statement;
  /** Position in `section.sql.statements`; of the DO block for a statement inside one. */
  readonly index: number;
  readonly nested: boolean;
}

/** Looks over a section once however many statements ask, so that a long file costs one pass and not one per statement. */
export function oncePerSection<T>(build: (section: CheckedSection) => T): (section: CheckedSection) => T {
  const known = new WeakMap<CheckedSection, { readonly value: T }>();
  return (section) => {
    const found = known.get(section) ?? { value: build(section) };
    known.set(section, found);
    return found.value;
  };
}

export function* statementsOf(section: CheckedSection): Generator<PlacedStatement> {
  for (const [index, statement] of section.sql.statements.entries()) {
    yield { statement, index, nested: false };
    if (statement.kind === 'do')
      for (const inner of statement.body.statements) yield { statement: inner, index, nested: true };
  }
}

/**
 * The number of the transaction that each statement runs in. Outside a transaction every statement has
 * a number of its own: it commits before the next one begins.
 */
export const transactionsOf = oncePerSection((section): readonly number[] => {
  const numbers: number[] = [];
  let open = section.execution.transaction;
  let number = 0;
  for (const statement of section.sql.statements) {
    if (statement.kind === 'transaction' && statement.command === 'begin' && !open) {
      open = true;
      number++;
    }
    numbers.push(number);
    const ends =
      statement.kind === 'transaction' && ['commit', 'rollback', 'prepare'].includes(statement.command);
    if (ends) open = false;
    if (ends || !open) number++;
  }
  return numbers;
});

export function sameTransaction(section: CheckedSection, one: number, other: number): boolean {
  const numbers = transactionsOf(section);
  return numbers[one] !== undefined && numbers[one] === numbers[other];
}
