import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../engine/connection.ts';

/** Modes by relation, as pg_locks has them. */
type Sampled = readonly (readonly [relation: number, mode: string])[];

export interface Sampler {
  /** What was seen so far; nothing more is asked after it. Throws what the observer's session threw. */
  stop(): Promise<Sampled>;
  /** No answer is wanted. */
  drop(): void;
}

/** Milliseconds: at first one look follows the other, as most statements on ten rows are over soon; then now and then. */
const AT_FIRST = 100;
const EVERY = 5;

/**
 * Looks from a second session at the locks that a process has, again and again: a statement that has to run in
 * transactions of its own (CREATE INDEX CONCURRENTLY) lets them go before its own session can ask. What is held
 * for less than the time between two looks may be missed.
 *
 * @param pid of the server process whose locks are wanted
 */
export function sampleLocks(observer: Connection, pid: number): Sampler {
  const seen = new Map<string, readonly [number, string]>();
  const start = performance.now();
  let going = true;
  let problem: unknown;
  const done = (async () => {
    while (going) {
      const rows = await observer.query(
        `SELECT relation::text AS relation, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation' AND granted`,
        [pid],
      );
      for (const { relation, mode } of rows)
        if (relation != null && mode != null) seen.set(`${relation} ${mode}`, [Number(relation), mode]);
      if (performance.now() - start > AT_FIRST) await wait(EVERY);
    }
  })().catch((error: unknown) => {
    problem = error;
  });
  return {
    async stop() {
      going = false;
      await done;
      if (problem !== undefined) throw problem;
      return [...seen.values()];
    },
    drop() {
      going = false;
    },
  };
}
