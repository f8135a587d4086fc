import type { Statement, StatementKind, StatementOf } from '../../sql/statement.ts';
import type { CheckedSection } from '../rule.ts';

/** A statement of a section, those inside its DO blocks and inside other statements (WITH, EXPLAIN ANALYZE) included. */
export interface PlacedStatement<K extends StatementKind = StatementKind> {
  readonly statement: StatementOf<K>;
  /** Position in `section.sql.statements`; of the DO block or statement around it for one inside. */
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

/** In order, each DO block and statement before what stands inside it. */
export const statementsOf = oncePerSection((section): readonly PlacedStatement[] => {
  const found: PlacedStatement[] = [];
  let index = 0;
  const add = (statement: Statement, nested: boolean): void => {
    found.push({ statement, index, nested });
    if (statement.kind === 'do') for (const inner of statement.body.statements) add(inner, true);
    if (statement.inner) for (const inner of statement.inner) add(inner, true);
  };
  for (const statement of section.sql.statements) {
    add(statement, false);
    index++;
  }
  return found;
});

/** Those of some kinds only, in order: most rules care for few of the statements of a long file. */
export function statementsOfKind<K extends StatementKind>(
  section: CheckedSection,
  ...kinds: readonly K[]
): readonly PlacedStatement<K>[] {
  const known = byKinds(section);
  const name = kinds.join();
  const found = known.get(name) ?? statementsOf(section).filter(isOf(kinds));
  known.set(name, found);
  return found as readonly PlacedStatement<K>[];
}

const byKinds = oncePerSection(() => new Map<string, readonly PlacedStatement[]>());

function isOf(kinds: readonly StatementKind[]): (placed: PlacedStatement) => boolean {
  return ({ statement }) => kinds.includes(statement.kind);
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
