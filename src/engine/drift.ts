import { compareCatalogs, type Difference } from '../proof/catalog/compare.ts';
import { displayObject } from '../proof/catalog/words.ts';
import { check, failedCheck } from './checks.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';
import { readerOf, readLastRun, readWholeCatalog } from './fingerprint.ts';
import type { Run } from './run.ts';
import type { SystemTables } from './system-tables.ts';

/** What is in the catalog and was not brought there by a migration: it is held against what the last run left. */
export type Drift =
  /** `since`: when the last run was, as the server writes it; undefined: nothing was run here yet. */
  | { readonly status: 'none'; readonly since?: string | undefined }
  | {
      readonly status: 'found';
      readonly since: string;
      /** Of the last run. */
      readonly runId: string;
      /** One line each. */
      readonly differences: readonly string[];
    }
  | { readonly status: 'unknown'; readonly because: string };

/** Differences that an audit row and an event name; the rest is counted. */
const NAMED = 50;

/** @throws DatabaseError where a table is locked for long; ConnectionLost */
export async function lookForDrift(connection: Connection, tables: SystemTables): Promise<Drift> {
  const last = await readLastRun(connection, tables);
  if (!last) return { status: 'none' };
  const { runId, at: since, fingerprint } = last;
  const unknown = (because: string): Drift => ({ status: 'unknown', because });
  if (!fingerprint)
    return unknown(`the last run (${since}) was cut off before it could record the catalog it left`);
  if (fingerprint.reader !== readerOf(connection))
    return unknown(
      `the catalog of the last run (${since}) was read by another version of Airlock or of the server, and cannot be compared`,
    );
  if (!fingerprint.catalog) return unknown('the catalog of the last run is not kept any more');
  const differences = compareCatalogs(fingerprint.catalog, await readWholeCatalog(connection)).filter(
    ({ informative }) => !informative,
  );
  if (differences.length === 0) return { status: 'none', since };
  return { status: 'found', since, runId, differences: differences.map(lineOf) };
}

function lineOf({ kind, object, before, after }: Difference): string {
  const what = `${kind} ${displayObject(object)}`;
  if (before === undefined) return `${what} was added: ${after}`;
  if (after === undefined) return `${what} is gone`;
  return `${what} was changed: ${before} became ${after}`;
}

/**
 * Before a run changes anything: its own record of the catalog would otherwise take in silence what was changed by
 * hand. It is told and written down, and keeps nothing from being run.
 */
export async function noticeDrift(run: Run): Promise<Drift> {
  const drift = await drifted(run);
  if (drift.status === 'none') return drift;
  run.onlooking.drifted?.(drift);
  if (drift.status === 'unknown') return drift;
  const { since, runId, differences } = drift;
  try {
    await run.audit.together(
      run.sessions.keeper,
      {
        action: 'drift',
        details: {
          since,
          lastRun: runId,
          count: differences.length,
          differences: differences.slice(0, NAMED),
        },
      },
      check('lease-lost', run.lease.condition),
    );
  } catch (error) {
    // Whoever lost the lease is told so before its first statement.
    if (!(error instanceof DatabaseError) || failedCheck(error.fields) !== 'lease-lost') throw error;
  }
  return drift;
}

async function drifted({ sessions, tables }: Run): Promise<Drift> {
  try {
    // Not the other session: it renews the lease, which it could not in the middle of a transaction that reads.
    return await lookForDrift(sessions.work, tables);
  } catch (error) {
    if (error instanceof ConnectionLost || !(error instanceof DatabaseError)) throw error;
    const { code, message } = error.fields;
    return {
      status: 'unknown',
      because: code === '55P03' ? 'a table is locked' : `the server does not show it: ${message} (${code})`,
    };
  }
}
