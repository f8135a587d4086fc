import type { Step } from './run-section.ts';

/**
 * How one statement of a section without a transaction of its own is run and written down:
 * - `together`: in a transaction with its record
 * - `apart`: by itself; it is written down before and after, and in between nobody knows
 * - `begins`, `inside`: of a transaction that the file opens; nothing of it counts before it is committed
 * - `commits`: ends such a transaction, in one message with the record
 */
export type Manner = 'together' | 'apart' | 'begins' | 'inside' | 'commits';

export function mannersOf(steps: readonly Step[]): readonly Manner[] {
  let open = false;
  return steps.map((step) => {
    const { statement } = step;
    if (statement?.kind === 'transaction') {
      if (statement.command === 'begin') {
        open = true;
        return 'begins';
      }
      if (statement.command === 'commit' && open) {
        open = false;
        return 'commits';
      }
      // ROLLBACK leaves nothing to write down; PREPARE TRANSACTION puts it into other hands.
      if (statement.command === 'rollback' || statement.command === 'prepare') open = false;
      return open ? 'inside' : 'apart';
    }
    if (open) return 'inside';
    return fitsTransaction(step) ? 'together' : 'apart';
  });
}

/** Procedures and DO blocks may commit, which they cannot in a transaction block (plpgsql-transactions). */
function fitsTransaction({ statement, needsAutocommit, sql }: Step): boolean {
  if (statement === undefined || needsAutocommit || statement.kind === 'call') return false;
  return statement.kind !== 'do' || !/\b(?:commit|rollback)\b/i.test(sql);
}

/** What a session has to be told again when it goes on with a section in the middle. */
export function isSetting({ statement }: Step): boolean {
  return statement?.kind === 'set' && !statement.local;
}

/** Doing it twice ends as doing it once does. */
export function canBeRepeated({ statement }: Step): boolean {
  switch (statement?.kind) {
    case 'vacuum':
    case 'analyze':
    case 'reindex':
    case 'cluster':
    case 'set':
    case 'refresh-materialized-view':
      return true;
    case 'transaction':
      return statement.command === 'begin' || statement.command === 'rollback';
    case 'drop':
      return statement.ifExists;
    case 'alter-enum':
      return statement.change === 'add-value' && statement.ifNotExists;
    default:
      return false;
  }
}
