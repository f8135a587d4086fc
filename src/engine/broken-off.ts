import { failedCheck } from './checks.ts';
import type { Halt } from './run.ts';
import type { SectionResult } from './run-section.ts';
import { CUT, LEASE_LOST, told } from './transactional.ts';
import type { Watch } from './watch.ts';

/** Why a section that runs outside of a transaction does not begin or go on. */
export interface Refusal {
  readonly halt: Halt;
  readonly error: string;
  readonly next?: string | undefined;
}

/** lock_not_available and deadlock_detected: a lock that may be had later. */
export const AGAIN: ReadonlySet<string> = new Set(['55P03', '40P01']);

export const NO_SESSION =
  'a statement of it needs a session of its own, and a connection pooler in transaction mode stands before this database.';

/** @param known why it was stopped, where that was decided between two statements */
export function brokenOff(
  result: Extract<SectionResult, { status: 'failed' | 'stopped' }>,
  known: Refusal | undefined,
  because: Watch['because'],
): Refusal {
  const error = result.status === 'failed' ? result.error : undefined;
  const check = error && failedCheck(error);
  if (check === 'lease-lost') return { halt: 'lease-lost', error: LEASE_LOST };
  if (check === 'system-tables-written')
    return {
      halt: 'system-tables-written',
      error: 'it touched Airlock’s own tables, which no migration may.',
    };
  if (known) return known;
  if (because && (!error || error.code === '57014')) return { halt: because, error: CUT[because] };
  if (!error) return { halt: 'lease-lost', error: LEASE_LOST };
  return { halt: AGAIN.has(error.code) ? 'lock-not-available' : 'statement-failed', error: told(error) };
}
