import { thousands } from '../../report/order.ts';
import type { Proof, ProvenStatement } from '../../report/proof-result.ts';
import type { Size, TableStatistics, Target } from '../../rules/rule.ts';
import { ROWS_PER_SECOND, TIMES_THROUGH } from '../../rules/shared/work-time.ts';
import { sizeOfRows } from '../../validation/table-size.ts';
import { displayObject } from '../catalog/words.ts';
import { unquoted } from '../observe/locks.ts';
import { type RanStatement, tablesRewritten } from './ran-statement.ts';

/** A time in milliseconds with what it was reckoned from. */
export type Estimate = NonNullable<ProvenStatement['estimate']>;

/**
 * How long a statement would take with the target's rows: each table in use that was read whole counts once, one that
 * was written anew, or over which an index was built, twice. Undefined: none, or no table whose rows are known.
 *
 * @param speed rows a second
 */
function estimateOf(ran: RanStatement, target: Target, speed = ROWS_PER_SECOND): Estimate | undefined {
  const works = worksOf(ran).flatMap(({ relation, times }) => {
    const rows = statisticsOn(relation, target)?.rows;
    return rows === undefined || rows === 0 ? [] : [{ relation, times, rows }];
  });
  if (works.length === 0) return undefined;
  const ms = works.reduce((sum, { rows, times }) => sum + (times * rows * 1000) / Math.max(1, speed), 0);
  const through = works.map(
    ({ relation, rows, times }) =>
      `${thousands(rows)} rows of ${displayObject(relation)}${times > 1 ? ' twice' : ''}`,
  );
  return { ms: Math.round(ms), basis: `${through.join(', ')} at ${thousands(speed)} rows a second` };
}

/** The proof with the estimates of its statements and their sum. */
export function withEstimates(
  proof: Proof,
  statements: readonly RanStatement[],
  target: Target,
  speed: number,
): Proof {
  if (target.tables.size === 0) return proof;
  const estimates = new Map(
    statements.flatMap((ran) => {
      const estimate = estimateOf(ran, target, speed);
      return estimate ? [[ran.proven, estimate] as const] : [];
    }),
  );
  if (estimates.size === 0) return proof;
  const told = proof.up.statements.map((each) => {
    const estimate = estimates.get(each);
    return estimate ? { ...each, estimate } : each;
  });
  const all = [...estimates.values()];
  return {
    ...proof,
    estimate: {
      ms: all.reduce((sum, { ms }) => sum + ms, 0),
      basis: all.map(({ basis }) => basis).join('; '),
    },
    up: { ...proof.up, statements: told },
  };
}

function worksOf(ran: RanStatement): { relation: string; times: number }[] {
  const { proven, statement, held } = ran;
  const inUse = new Set(held.map(({ relation }) => relation));
  const rewritten = tablesRewritten(ran);
  // An index that is built anew is told by its own name.
  const builds =
    proven.created.some((object) => object.startsWith('index ')) || proven.rewrites.length > rewritten.length;
  const changes = statement?.kind === 'update' || statement?.kind === 'delete' || statement?.kind === 'merge';
  const times = builds ? TIMES_THROUGH.builds : changes ? TIMES_THROUGH.writes : TIMES_THROUGH.reads;
  return [
    ...rewritten.map((relation) => ({ relation, times: TIMES_THROUGH.writes })),
    ...proven.scans
      .filter(({ relation }) => inUse.has(relation) && !rewritten.includes(relation))
      .map(({ relation }) => ({ relation, times })),
  ];
}

/** By the name that SQL writes. */
function statisticsOn(relation: string, { tables }: Target): TableStatistics | undefined {
  const { schema, bare } = unquoted(relation);
  return tables.get(`${schema}.${bare}`) ?? tables.get(bare);
}

export function sizeOnTarget(relation: string, target: Target): Size | undefined {
  return sizeOfRows(statisticsOn(relation, target));
}
