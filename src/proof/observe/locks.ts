import type { ProvenLock } from '../../report/proof-result.ts';
import { LOCK_STRENGTH, locksTaken } from '../../sql/locks.ts';
import { displayName, type LockMode, type Statement } from '../../sql/statement.ts';
import type { Known, KnownRelation } from './known.ts';
import { addedModes, blockedBy, modeName, modeOfServer } from './lock-conflicts.ts';

/** Modes held, by relation. */
export type Held = ReadonlyMap<number, ReadonlySet<LockMode>>;

export function heldFrom(locks: Iterable<readonly [relation: number, mode: string]>): Held {
  const held = new Map<number, Set<LockMode>>();
  for (const [oid, name] of locks) {
    const mode = modeOfServer(name);
    if (mode) held.set(oid, (held.get(oid) ?? new Set<LockMode>()).add(mode));
  }
  return held;
}

/** What is held now and keeps out what was not kept out before; the strongest first. Only relations that are known. */
export function newLocks(known: Known, before: Held, now: Held, basis?: ProvenLock['basis']): ProvenLock[] {
  const locks: { strength: number; lock: ProvenLock }[] = [];
  for (const [oid, modes] of now) {
    const relation = known.relations.get(oid);
    if (!relation) continue;
    for (const mode of addedModes(before.get(oid) ?? [], modes)) {
      if (goesWithoutSaying(relation, mode, now)) continue;
      const lock = { relation: relation.name, mode: modeName(mode), blocks: blockedBy(mode) };
      locks.push({ strength: LOCK_STRENGTH[mode], lock: basis ? { ...lock, basis } : lock });
    }
  }
  return sorted(locks);
}

/** An index is locked as its table is, and a sequence with each row: nobody waits longer for it. */
function goesWithoutSaying({ kind, table }: KnownRelation, mode: LockMode, now: Held): boolean {
  if (kind === 'S') return LOCK_STRENGTH[mode] < LOCK_STRENGTH['SHARE UPDATE EXCLUSIVE'];
  return table !== undefined && addedModes(now.get(table) ?? [], [mode]).length === 0;
}

function sorted(locks: readonly { strength: number; lock: ProvenLock }[]): ProvenLock[] {
  return locks
    .toSorted((a, b) => b.strength - a.strength || (a.lock.relation < b.lock.relation ? -1 : 1))
    .map(({ lock }) => lock);
}

/**
 * Of a statement whose transactions were over before anybody could look: what a second session saw of it, and what
 * its text says (src/sql/locks.ts) beyond that.
 */
export function locksApart(
  known: Known,
  statement: Statement | undefined,
  sampled: Iterable<readonly [relation: number, mode: string]>,
): ProvenLock[] {
  const seen = heldFrom([...sampled].filter(([oid]) => oid <= known.before));
  return [
    ...newLocks(known, new Map(), seen, 'sampled'),
    ...(statement ? newLocks(known, seen, staticLocks(known, statement), 'static') : []),
  ];
}

/** On relations that are there. */
function staticLocks(known: Known, statement: Statement): Held {
  const byName = new Map<string, number[]>();
  for (const [oid, { name }] of known.relations) {
    const { schema, bare } = unquoted(name);
    for (const key of [bare, `${schema}.${bare}`]) byName.set(key, [...(byName.get(key) ?? []), oid]);
  }
  const held = new Map<number, Set<LockMode>>();
  for (const { relation, mode } of parts(statement).flatMap(locksTaken)) {
    const oids = byName.get(displayName(relation)) ?? [];
    // Without a schema a name may be that of several: the one that names are mostly looked up in.
    const oid = oids.find((each) => known.relations.get(each)?.name.startsWith('public.')) ?? oids[0];
    if (oid !== undefined && oid <= known.before)
      held.set(oid, (held.get(oid) ?? new Set<LockMode>()).add(mode));
  }
  for (const { name, mode } of tablesOfIndexes(statement)) {
    for (const oid of byName.get(name) ?? []) {
      const table = known.relations.get(oid)?.table;
      if (table !== undefined && table <= known.before)
        held.set(table, (held.get(table) ?? new Set<LockMode>()).add(mode));
    }
  }
  return held;
}

/** What a statement that names only an index does to the index's table. */
function tablesOfIndexes(statement: Statement): { name: string; mode: LockMode }[] {
  const mode = 'concurrently' in statement && statement.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  if (statement.kind === 'drop' && statement.objectType === 'index')
    return statement.objects.map((index) => ({
      name: displayName(index),
      mode: statement.concurrently ? mode : 'ACCESS EXCLUSIVE',
    }));
  if (statement.kind === 'reindex' && statement.target === 'index' && statement.relation)
    return [{ name: displayName(statement.relation), mode }];
  return [];
}

/** What a statement runs, itself first. */
function parts(statement: Statement): Statement[] {
  const within = [...(statement.inner ?? []), ...(statement.kind === 'do' ? statement.body.statements : [])];
  return [statement, ...within.flatMap(parts)];
}

/** The names behind what quote_ident wrote. */
export function unquoted(name: string): { schema: string; bare: string } {
  const [schema = '', bare = ''] = [...name.matchAll(/"((?:[^"]|"")*)"|[^."]+/g)].map(
    ([word, quoted]) => quoted?.replaceAll('""', '"') ?? word,
  );
  return { schema, bare };
}
