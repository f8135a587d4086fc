import type { Connection } from '../engine/connection.ts';
import { compareDatabases, placeOf } from './same-database.ts';

/** Where a configured environment is. */
export interface EnvironmentAddress {
  readonly environment: string;
  /** Holds a password: never printed. */
  readonly url: string;
}

export interface Refused {
  readonly ok: false;
  readonly reasonCode:
    | 'shadow-address'
    | 'shadow-is-environment'
    | 'shadow-is-target'
    | 'shadow-not-empty'
    | 'shadow-no-rights'
    | 'shadow-unreachable';
  readonly reason: string;
  readonly next: string;
}

/** `watched`: taken only when it is empty, because it may be an environment's. */
export type Acceptance = { readonly ok: true; readonly watched: string | undefined } | Refused;

const ANOTHER =
  'give AIRLOCK_SHADOW the address of a database that nothing else uses, or set shadow: embedded';

/** What can be said about an address before anybody connects. */
export function acceptAddress(url: string, environments: readonly EnvironmentAddress[]): Acceptance {
  const place = placeOf(url);
  if (!place || !namesHost(url))
    return {
      ok: false,
      reasonCode: 'shadow-address',
      reason: "the shadow database's address cannot be read, or names no host",
      next: 'write postgres://user:password@host:port/database, with special characters percent-encoded',
    };
  for (const { environment, url: other } of environments) {
    const likeness = compareDatabases(url, other);
    if (likeness.kind === 'different') continue;
    const why = `it ${likeness.kind === 'same' ? 'is the database' : 'looks like the database'} of the environment ${environment} (${likeness.because})`;
    if (place.database.toLowerCase().includes('shadow')) return { ok: true, watched: why };
    return { ok: false, reasonCode: 'shadow-is-environment', reason: why, next: ANOTHER };
  }
  return { ok: true, watched: undefined };
}

/** What is found in it. Nobody gets a database refused that is empty and called a shadow. */
export async function acceptContents(
  session: Connection,
  watched: string | undefined,
): Promise<Refused | undefined> {
  const [found] = await session.query(CONTENTS);
  if (found?.['history'] === 'true')
    return {
      ok: false,
      reasonCode: 'shadow-is-target',
      reason: 'the database has a migration history: it is a target, and no shadow database',
      next: ANOTHER,
    };
  if (watched !== undefined && found?.['objects'] !== '0')
    return {
      ok: false,
      reasonCode: 'shadow-not-empty',
      reason: `${watched}, and it is not empty`,
      next: ANOTHER,
    };
  return undefined;
}

/** Schemas, relations and routines that do not come with PostgreSQL or an extension. */
const OWN = (catalog: string, schema: string): string => `SELECT c.oid FROM pg_catalog.${catalog} c
  WHERE c.oid >= 16384 AND ${schema} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;
const CONTENTS = `SELECT
  (SELECT count(*) FROM (
    ${OWN('pg_namespace', `c.nspname !~ '^pg_' AND c.nspname <> 'public'`)} UNION ALL
    ${OWN('pg_class', `c.relnamespace::regnamespace::text !~ '^pg_(toast|temp)'`)} UNION ALL
    ${OWN('pg_proc', 'true')}) AS own)::text AS objects,
  EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = '_migration_history')::text AS history`;

/** Without one the driver would take what variables say. */
function namesHost(url: string): boolean {
  const { hostname, searchParams } = new URL(url);
  return hostname !== '' || searchParams.get('host') !== null;
}
