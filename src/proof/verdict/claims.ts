import type { Claim } from '../../rules/rule.ts';
import type { Relation } from '../../sql/statement.ts';
import { unquoted } from '../observe/locks.ts';
import type { Proven } from '../prove-migration.ts';
import {
  blocksReads,
  blocksWrites,
  type HeldLock,
  type RanStatement,
  tablesReadUnderLock,
  tablesRewritten,
} from './ran-statement.ts';

/** `unknown`: it could not have been seen where it is so, or what was seen may be another statement's doing. */
export type Sight = 'seen' | 'not seen' | 'unknown';

/** Whether a statement did what is claimed of it. */
export function sightOf(claim: Claim, ran: RanStatement, proven: Proven): Sight {
  switch (claim) {
    case 'rewrites':
      if (ran.proven.rewrites.length > 0) return 'seen';
      return ran.ranOnRows && !hangsOnTimeZone(ran) ? 'not seen' : 'unknown';
    case 'scans':
      return sightOfScan(ran, proven);
    case 'blocks-reads':
      return sightOfLock(ran, blocksReads);
    case 'blocks-writes':
      return sightOfLock(ran, blocksWrites);
    case 'fails':
      if (failedAt(ran, proven)) return 'seen';
      return ran.ranOnRows ? 'not seen' : 'unknown';
    case 'fails-on-rows':
      if (failedAt(ran, proven)) return failedOverRows(proven) ? 'seen' : 'unknown';
      return ran.ranOnRows && hadRows(ran, proven) && readsNoRow(ran) ? 'not seen' : 'unknown';
  }
}

/** Between timestamp and timestamptz rows stay as they are while TimeZone is UTC, which it is in a shadow. */
function hangsOnTimeZone({ statement }: RanStatement): boolean {
  return (
    statement?.kind === 'alter-table' &&
    statement.actions.some(
      (each) => each.action === 'alter-type' && /^timestamp(?:tz)?$/.test(each.type.name) && !each.type.array,
    )
  );
}

/** Then no row can make it fail. Of what reads rows, other rows than those made for the proof may be otherwise. */
function readsNoRow({ proven }: RanStatement): boolean {
  return proven.rewrites.length === 0 && proven.scans.every(({ rows }) => rows === 0);
}

export function failedAt({ span }: RanStatement, { up }: Proven): boolean {
  return up.status === 'failed' && up.steps.at(-1)?.step.span.start === span.start;
}

/** On empty tables it passes, or the error is of a value (classes 22 and 23 of the documentation's errcodes-appendix). */
function failedOverRows({ up, failsOnRowsOnly }: Proven): boolean {
  return failsOnRowsOnly || (up.status === 'failed' && /^2[23]/.test(up.error.code));
}

function sightOfScan(ran: RanStatement, proven: Proven): Sight {
  if (tablesReadUnderLock(ran).length > 0 || tablesRewritten(ran).length > 0) return 'seen';
  if (!ran.ranOnRows || !ran.exact || keptFromBefore(ran).some(blocksWrites)) return 'unknown';
  return isOnNewOnly(ran) || hadRows(ran, proven) ? 'not seen' : 'unknown';
}

function sightOfLock(ran: RanStatement, blocks: (lock: HeldLock) => boolean): Sight {
  const blocking = ran.held.filter(blocks);
  if (blocking.some(({ own, basis }) => own && basis !== 'static')) return 'seen';
  // What an earlier statement of the transaction holds is not taken again, and so not seen again.
  const kept = blocking.filter(({ own }) => !own);
  if (kept.some(({ relation }) => ran.statement?.relations.some((each) => isNamed(each, relation))))
    return 'seen';
  return ran.ranOnRows && ran.exact && blocking.length === 0 ? 'not seen' : 'unknown';
}

function keptFromBefore({ held }: RanStatement): HeldLock[] {
  return held.filter(({ own }) => !own);
}

/** It touched nothing that was there before the migration. */
export function isOnNewOnly({ exact, held, statement }: RanStatement): boolean {
  return exact && held.length === 0 && (statement?.relations.length ?? 0) > 0;
}

/** Each table that it names and that was to be filled had rows, and at least one was. */
function hadRows({ statement }: RanStatement, proven: Proven): boolean {
  const { rowsPerTable, skipped } = proven.proof.populated;
  const isAmong = (names: readonly string[]): boolean =>
    statement?.relations.some((relation) => names.some((name) => isNamed(relation, name))) === true;
  return isAmong(Object.keys(rowsPerTable)) && !isAmong(skipped.map(({ table }) => table));
}

/** The tables with rows that it names, as SQL writes them. */
export function tablesWithRows({ statement }: RanStatement, { proof }: Proven): string[] {
  return Object.keys(proof.populated.rowsPerTable).filter((name) =>
    statement?.relations.some((relation) => isNamed(relation, name)),
  );
}

function isNamed(relation: Relation, name: string): boolean {
  const { schema, bare } = unquoted(name);
  return relation.name === bare && (relation.schema === undefined || relation.schema === schema);
}
