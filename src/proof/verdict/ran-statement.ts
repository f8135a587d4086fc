import type { ProvenLock, ProvenStatement } from '../../report/proof-result.ts';
import { transactionsOf } from '../../rules/shared/section-memo.ts';
import type { Span } from '../../sql/source.ts';
import type { Statement } from '../../sql/statement.ts';
import { sameInTransaction } from '../observe/statement-traits.ts';
import type { Provable } from '../provable.ts';
import type { Proven } from '../prove-migration.ts';

/** A lock in force while a statement ran. */
export interface HeldLock extends ProvenLock {
  /** Where it was taken: by the statement itself, or before it in the same transaction. */
  readonly line: number;
  readonly own: boolean;
}

/** One statement of an up with what it was seen to do. */
export interface RanStatement {
  readonly span: Span;
  readonly proven: ProvenStatement;
  /** Undefined: the parser could not read it. */
  readonly statement?: Statement | undefined;
  /** On relations that were there before the migration; its own and those that its transaction has kept. */
  readonly held: readonly HeldLock[];
  /** Its own locks were read while it held them, so that what is not among them was not taken. */
  readonly exact: boolean;
  /** Those of one transaction have the same number. */
  readonly transaction: number;
  /** It ran to its end in each run of the up, also in that with rows in the tables. */
  readonly ranOnRows: boolean;
}

/** In the order in which they ran. */
export function ranStatements(provable: Provable, { proof, up }: Proven): RanStatement[] {
  const { statements } = provable.checked.up.sql;
  const indexes = new Map(statements.map(({ span }, index) => [span.start, index]));
  const numbers = transactionsOf(provable.checked.up);
  const onRows = up.status === 'done' ? up.steps.length : up.steps.length - 1;
  const kept = new Map<number, HeldLock[]>();
  return proof.up.statements.flatMap((proven, at) => {
    const step = provable.up.steps[at];
    if (!step) return [];
    const index = indexes.get(step.span.start);
    const statement = index === undefined ? undefined : statements[index];
    const transaction = provable.up.transaction ? 0 : (numbers[index ?? -1] ?? -1 - at);
    const earlier = kept.get(transaction) ?? [];
    const own = proven.locks.map((lock) => ({ ...lock, line: proven.line, own: true }));
    if (own.length > 0) kept.set(transaction, [...earlier, ...own.map((lock) => ({ ...lock, own: false }))]);
    const inside = provable.up.transaction || (statement !== undefined && sameInTransaction(statement));
    return [
      {
        span: step.span,
        proven,
        statement,
        held: own.length > 0 ? [...own, ...earlier] : earlier,
        exact: inside && !step.needsAutocommit && own.every(({ basis }) => basis === undefined),
        transaction,
        ranOnRows: proven.error === undefined && at < onRows,
      },
    ];
  });
}

export function blocksReads({ blocks }: ProvenLock): boolean {
  return blocks.includes('select');
}

export function blocksWrites({ blocks }: ProvenLock): boolean {
  return blocks.includes('insert');
}

/** Tables that it wrote anew, every row, while nobody could read them; not indexes. */
export function tablesRewritten({ proven, held }: RanStatement): readonly string[] {
  const shut = new Set(held.filter(blocksReads).map(({ relation }) => relation));
  return proven.rewrites.filter((relation) => shut.has(relation));
}

/** Tables that were there before, read whole while nobody could write to them. */
export function tablesReadUnderLock({ proven, held }: RanStatement): readonly string[] {
  const shut = new Set(held.filter(blocksWrites).map(({ relation }) => relation));
  return proven.scans.map(({ relation }) => relation).filter((relation) => shut.has(relation));
}
