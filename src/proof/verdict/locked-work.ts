import type { Severity, Target } from '../../rules/rule.ts';
import { severityFor } from '../../rules/shared/size.ts';
import { lockMode } from '../../sql/locks.ts';
import type { Statement } from '../../sql/statement.ts';
import { displayObject } from '../catalog/words.ts';
import { sizeOnTarget } from './estimate.ts';
import {
  blocksReads,
  blocksWrites,
  type HeldLock,
  type RanStatement,
  tablesReadUnderLock,
  tablesRewritten,
} from './ran-statement.ts';
import type { Said } from './said.ts';
import type { Spoken } from './spoken.ts';

/** Tables in use that were written anew, or read whole, while others were kept from them. */
export function* workUnderLock(
  statements: readonly RanStatement[],
  target: Target,
  spoken: Spoken,
): Generator<Said> {
  for (const ran of statements) {
    const { span } = ran;
    const rewritten = tablesRewritten(ran);
    if (!spoken.claimed(ran, ['rewrites']))
      for (const relation of rewritten)
        yield {
          ruleId: 'table-rewritten',
          message: `This wrote ${displayObject(relation)} anew, every row and every index, while nobody could read it.`,
          span,
          statement: span,
          severity: severityOf(relation, target),
        };
    if (spoken.claimed(ran, ['scans', 'rewrites', 'blocks-writes', 'blocks-reads'])) continue;
    for (const relation of tablesReadUnderLock(ran).filter(
      (each) => !rewritten.includes(each) && needsLock(ran, each),
    ))
      yield {
        ruleId: 'table-read-under-lock',
        message: `This read all of ${displayObject(relation)} while ${lockWords(strongest(ran.held, relation))}.`,
        span,
        statement: span,
        severity: severityOf(relation, target),
      };
  }
}

/**
 * Whether it is for the statement itself that others are kept from the table: queries and what changes rows work under
 * the lock of an earlier statement, which is another matter.
 */
function needsLock({ statement, held }: RanStatement, relation: string): boolean {
  if (statement && LOCKING.has(statement.kind)) return true;
  return held.some((lock) => lock.own && lock.relation === relation && blocksWrites(lock));
}

const LOCKING: ReadonlySet<Statement['kind']> = new Set([
  'alter-table',
  'create-index',
  'reindex',
  'cluster',
  'vacuum',
]);

function severityOf(relation: string, target: Target): Severity | undefined {
  return severityFor(sizeOnTarget(relation, target));
}

function strongest(held: readonly HeldLock[], relation: string): HeldLock | undefined {
  const blocking = held.filter((lock) => lock.relation === relation && blocksWrites(lock));
  return blocking.find(blocksReads) ?? blocking[0];
}

function lockWords(lock: HeldLock | undefined): string {
  if (!lock) return 'others were kept from it';
  const who = blocksReads(lock) ? 'nobody could read or write it' : 'nobody could write to it';
  return `${who} (${lockMode(lock.mode)}${lock.own ? '' : ` since line ${lock.line}`})`;
}

interface Work {
  readonly ran: RanStatement;
  readonly words: string;
}

/** Rules that say it of the working statement without running it. */
const SAME = [
  'statement-after-access-exclusive',
  'rewrite-while-locked',
  'index-build-after-access-exclusive',
  'ddl-plus-backfill-same-transaction',
  'validate-in-same-transaction',
];

/** Locks on tables in use that a transaction keeps while its later statements work: one finding for each transaction. */
export function* locksKept(statements: readonly RanStatement[], spoken: Spoken): Generator<Said> {
  for (const group of byTransaction(statements)) {
    for (const [at, holder] of group.entries()) {
      const lock = lockToKeep(holder);
      const later = lock ? group.slice(at + 1).flatMap((ran) => workBeside(ran, lock)) : [];
      const untold = later.filter(({ ran }) => !spoken.by(SAME, ran));
      const last = later.at(-1);
      if (!lock || untold.length === 0 || !last) continue;
      const from = blocksReads(lock) ? 'reads and writes' : 'writes';
      const works = untold.slice(0, MOST).map(({ words }) => words);
      const more = untold.length > MOST ? `; and ${untold.length - MOST} more` : '';
      yield {
        ruleId: 'lock-kept-while-working',
        message: `From here (line ${lock.line}) to line ${last.ran.proven.endLine} the transaction keeps ${lockMode(lock.mode)} on ${displayObject(lock.relation)}, which blocks ${from}, and meanwhile ${works.join('; ')}${more}.`,
        span: holder.span,
        statement: holder.span,
      };
      break;
    }
  }
}

/** Works told in one sentence. */
const MOST = 3;

function byTransaction(statements: readonly RanStatement[]): RanStatement[][] {
  const groups = new Map<number, RanStatement[]>();
  for (const ran of statements) groups.set(ran.transaction, [...(groups.get(ran.transaction) ?? []), ran]);
  return [...groups.values()];
}

/** The strongest of its own that others wait for. What it drops nobody uses any more. */
function lockToKeep({ held, proven }: RanStatement): HeldLock | undefined {
  const kept = held.filter(
    (lock) =>
      lock.own &&
      blocksWrites(lock) &&
      !proven.dropped.some((object) => object.endsWith(` ${lock.relation}`)),
  );
  return kept.find(blocksReads) ?? kept[0];
}

/** Long work of a statement, if it is not such that it needs a lock like that on that very table itself. */
function workBeside(ran: RanStatement, lock: HeldLock): Work[] {
  const { proven, held } = ran;
  const inUse = new Set(held.map(({ relation }) => relation));
  const counts = (relation: string): boolean =>
    inUse.has(relation) && (relation !== lock.relation || !needsLock(ran, relation));
  const rewritten = tablesRewritten(ran).filter(counts);
  const read = proven.scans
    .map(({ relation }) => relation)
    .filter((each) => counts(each) && !rewritten.includes(each));
  const words = [
    ...(rewritten.length > 0 ? [`writes ${rewritten.map(displayObject).join(', ')} anew`] : []),
    ...(read.length > 0 ? [`reads all of ${read.map(displayObject).join(', ')}`] : []),
  ];
  return words.length === 0 ? [] : [{ ran, words: `line ${proven.line} ${words.join(' and ')}` }];
}
