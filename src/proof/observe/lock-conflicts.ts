import { LOCK_STRENGTH } from '../../sql/locks.ts';
import type { LockMode } from '../../sql/statement.ts';

/** Which modes keep each other out (explicit-locking of the documentation, "Conflicting Lock Modes"). */
const CONFLICTS: Readonly<Record<LockMode, readonly LockMode[]>> = {
  'ACCESS SHARE': ['ACCESS EXCLUSIVE'],
  'ROW SHARE': ['EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'ROW EXCLUSIVE': ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'SHARE UPDATE EXCLUSIVE': [
    'SHARE UPDATE EXCLUSIVE',
    'SHARE',
    'SHARE ROW EXCLUSIVE',
    'EXCLUSIVE',
    'ACCESS EXCLUSIVE',
  ],
  SHARE: ['ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'SHARE ROW EXCLUSIVE': [
    'ROW EXCLUSIVE',
    'SHARE UPDATE EXCLUSIVE',
    'SHARE',
    'SHARE ROW EXCLUSIVE',
    'EXCLUSIVE',
    'ACCESS EXCLUSIVE',
  ],
  EXCLUSIVE: [
    'ROW SHARE',
    'ROW EXCLUSIVE',
    'SHARE UPDATE EXCLUSIVE',
    'SHARE',
    'SHARE ROW EXCLUSIVE',
    'EXCLUSIVE',
    'ACCESS EXCLUSIVE',
  ],
  'ACCESS EXCLUSIVE': [
    'ACCESS SHARE',
    'ROW SHARE',
    'ROW EXCLUSIVE',
    'SHARE UPDATE EXCLUSIVE',
    'SHARE',
    'SHARE ROW EXCLUSIVE',
    'EXCLUSIVE',
    'ACCESS EXCLUSIVE',
  ],
};

export type BlockedKind = 'select' | 'insert' | 'update' | 'delete' | 'ddl';

/**
 * The kinds of statement of others that wait for a lock of this mode. "ddl" is in each of them: every mode keeps
 * ACCESS EXCLUSIVE out, which most of ALTER TABLE and DROP take.
 */
export function blockedBy(mode: LockMode): BlockedKind[] {
  const conflicts = CONFLICTS[mode];
  return [
    ...(conflicts.includes('ACCESS SHARE') ? (['select'] as const) : []),
    ...(conflicts.includes('ROW EXCLUSIVE') ? (['insert', 'update', 'delete'] as const) : []),
    'ddl',
  ];
}

/** As pg_locks names modes: "AccessExclusiveLock". Undefined for what no table has (SIReadLock). */
export function modeOfServer(name: string): LockMode | undefined {
  return BY_SERVER_NAME.get(name);
}

/** "AccessExclusive": as the server names it, without "Lock". */
export function modeName(mode: LockMode): string {
  return mode.toLowerCase().replace(/(?:^| )(\w)/g, (_, first: string) => first.toUpperCase());
}

const BY_SERVER_NAME: ReadonlyMap<string, LockMode> = new Map(
  (Object.keys(CONFLICTS) as LockMode[]).map((mode) => [`${modeName(mode)}Lock`, mode]),
);

/** Those of `taken` that keep out what `held` and the rest of `taken` do not: the strongest first. */
export function addedModes(held: Iterable<LockMode>, taken: Iterable<LockMode>): LockMode[] {
  const out = new Set([...held].flatMap((mode) => CONFLICTS[mode]));
  const added: LockMode[] = [];
  for (const mode of [...taken].sort((a, b) => LOCK_STRENGTH[b] - LOCK_STRENGTH[a])) {
    if (CONFLICTS[mode].every((kept) => out.has(kept))) continue;
    for (const kept of CONFLICTS[mode]) out.add(kept);
    added.push(mode);
  }
  return added;
}
