import { thousands } from '../../report/order.ts';
import type { CheckedMigration } from '../../rules/rule.ts';
import { metadataPlace } from '../../rules/shared/metadata-place.ts';
import type { Estimate } from './estimate.ts';
import type { RanStatement } from './ran-statement.ts';
import type { Said } from './said.ts';

export interface Allowed {
  /** Milliseconds that one migration may take, by environment. */
  readonly maxDurations: ReadonlyMap<string, number>;
}

/** How many times longer than its author says a migration may take. */
const FACTOR = 2;
/** Milliseconds: the estimate says nothing about less. */
const LEAST = 100;

/** What the estimated time is above: what the author reckoned with, and what an environment allows. */
export function* tooLong(
  { migration }: CheckedMigration,
  estimate: Estimate | undefined,
  slowest: RanStatement | undefined,
  { maxDurations }: Allowed,
): Generator<Said> {
  if (!estimate || estimate.ms < LEAST) return;
  const about = `At the target's size this takes about ${seconds(estimate.ms)} (${estimate.basis})`;
  const expected = migration.metadata?.estimatedDuration;
  if (expected !== undefined && estimate.ms > FACTOR * expected)
    yield {
      ruleId: 'slower-than-estimated',
      message: `${about}; the metadata says ${seconds(expected)}.`,
      span: metadataPlace(migration, 'estimatedDuration'),
    };
  const exceeded = [...maxDurations].filter(([, most]) => estimate.ms > most);
  if (exceeded.length > 0)
    yield {
      ruleId: 'longer-than-allowed',
      message: `${about}; ${exceeded.map(([name, most]) => `${name} allows ${seconds(most)}`).join(', ')}.`,
      span: slowest?.span,
      statement: slowest?.span,
    };
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${thousands(Math.round(ms / 100) / 10)} s`;
}
