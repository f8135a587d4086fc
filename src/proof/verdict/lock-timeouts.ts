import type { CheckedMigration } from '../../rules/rule.ts';
import { sessionSteps } from '../../rules/shared/transaction-steps.ts';
import { lockMode } from '../../sql/locks.ts';
import type { Statement } from '../../sql/statement.ts';
import { displayObject } from '../catalog/words.ts';
import { blocksWrites, type RanStatement } from './ran-statement.ts';
import type { Said } from './said.ts';
import type { Spoken } from './spoken.ts';

/** Rules that say it without running anything. */
const SAME = ['require-lock-timeout', 'lock-timeout-out-of-range', 'lock-timeout-after-dangerous-statement'];

/** The first lock on a table in use that would be waited for without an end: one finding for each migration. */
export function* locksWithoutTimeout(
  checked: CheckedMigration,
  statements: readonly RanStatement[],
  spoken: Spoken,
): Generator<Said> {
  if (spoken.by(SAME)) return;
  const unlimited = new Set<number>();
  for (const { statement, nested, timeouts } of sessionSteps(checked.up)) {
    const text = textOf(statement, checked);
    // Set by a function or in a body: to what is not read.
    if (statement.kind !== 'set' && /\block_timeout\b/i.test(text)) break;
    if (!nested && (timeouts.lock ?? 0) === 0 && !isLeftToOthers(statement, text))
      unlimited.add(statement.span.start);
  }
  const found = statements.flatMap((ran) => {
    if (!unlimited.has(ran.span.start)) return [];
    const lock = ran.held.find((each) => each.own && blocksWrites(each));
    return lock ? [{ ran, lock }] : [];
  });
  const [first] = found;
  if (!first) return;
  const more = found.length === 1 ? '' : ` (and ${found.length - 1} more after it)`;
  yield {
    ruleId: 'lock-without-timeout',
    message: `This statement${more} took ${lockMode(first.lock.mode)} on ${displayObject(first.lock.relation)} with no lock_timeout in force: where it has to wait for it, everybody who needs it too waits behind this.`,
    span: first.ran.span,
    statement: first.ran.span,
  };
}

/** The other table of a new foreign key is the business of fk-locks-both-tables; and NOWAIT does not wait. */
function isLeftToOthers({ kind }: Statement, text: string): boolean {
  return kind === 'create-table' || (kind === 'lock-table' && /\bnowait$/i.test(text));
}

function textOf({ span }: Statement, { migration }: CheckedMigration): string {
  return migration.up.file.text.slice(span.start, span.end);
}
