import type { Connection, Row } from '../../engine/connection.ts';
import { withOwnPath } from '../own-path.ts';
import { type Changed, lookForChanges, type Seen } from './changed.ts';
import { catalogQuery, OTHERS, type Wanted } from './queries.ts';

/** What a catalog says of one object: property to value, in the words that a difference is told in. */
export type Facts = Readonly<Record<string, string | null>>;

/** Everything in a database that a rollback has to bring back, by kind ("table", "index" …) and by name. */
export type CatalogSnapshot = ReadonlyMap<string, ReadonlyMap<string, Facts>>;

/** What is known of a catalog, so that only what has changed is read again. */
export interface KnownCatalog {
  readonly snapshot: CatalogSnapshot;
  readonly seen: Seen;
  /** By part (see `catalogQuery`): what was read with it. */
  readonly parts: ReadonlyMap<string, readonly Entry[]>;
  /** What objects are called, by their id. */
  readonly names: ReadonlyMap<string, string>;
  readonly unfinished: boolean;
}

interface Entry {
  readonly id: string | undefined;
  readonly kind: string;
  readonly object: string;
  readonly facts: Facts;
}

const known = new WeakMap<Connection, KnownCatalog>();

/**
 * Reads the catalog; of a session whose catalog was read before, only what has changed. Objects of extensions and of
 * the system are left out: they come and go with their maker.
 *
 * @throws ConnectionLost when the shadow answers no more, or not what it was asked
 */
export async function readCatalog(connection: Connection): Promise<CatalogSnapshot> {
  const before = known.get(connection);
  const after = (before && (await readChanges(connection, before))) ?? (await readAll(connection));
  if (after.unfinished) known.delete(connection);
  else known.set(connection, after);
  return after.snapshot;
}

/** What is known of a session's catalog. */
export function knownCatalog(connection: Connection): KnownCatalog | undefined {
  return known.get(connection);
}

/** Another session, in the same database or in one that was copied from it and not written to since. */
export function knowCatalog(connection: Connection, catalog: KnownCatalog | undefined): void {
  if (catalog) known.set(connection, catalog);
}

async function readAll(connection: Connection): Promise<KnownCatalog> {
  return wholeOf(connection, await lookForChanges(connection, undefined));
}

async function wholeOf(connection: Connection, { seen, wanted, unfinished }: Changed): Promise<KnownCatalog> {
  const parts = partsOf(await readRows(connection, wanted));
  return { snapshot: snapshotOf(parts), seen, parts, names: namesOf([...parts.values()].flat()), unfinished };
}

/** Undefined: something has another name, which may stand in the texts of anything. */
async function readChanges(connection: Connection, before: KnownCatalog): Promise<KnownCatalog | undefined> {
  const changes = await lookForChanges(connection, before.seen);
  const { seen, wanted, unfinished } = changes;
  const { relations, routines, comments, others } = wanted;
  if (relations === 'all' || routines === 'all' || comments === 'all') return wholeOf(connection, changes);
  if (relations.length + routines.length + comments.length === 0 && !others)
    return { ...before, seen, unfinished };
  const fresh = partsOf(await readRows(connection, wanted));
  const entries = [...fresh.values()].flat();
  const names = namesOf(entries);
  for (const [id, name] of names) if ((before.names.get(id) ?? name) !== name) return undefined;
  const asked = [
    ...relations.map((oid) => `r${oid}`),
    ...routines.map((oid) => `f${oid}`),
    ...comments.map((oid) => `c${oid}`),
    ...(others ? [OTHERS] : []),
  ];
  const parts = new Map(before.parts);
  const changed = new Map<string, Map<string, Facts>>();
  const objectsOf = (kind: string): Map<string, Facts> => {
    const objects = changed.get(kind) ?? new Map(before.snapshot.get(kind));
    changed.set(kind, objects);
    return objects;
  };
  const left = new Map(before.names);
  for (const part of asked) {
    for (const { id, kind, object } of parts.get(part) ?? []) {
      objectsOf(kind).delete(object);
      if (id !== undefined) left.delete(id);
    }
    parts.delete(part);
  }
  for (const [part, read] of fresh) {
    // Some of a part that nobody asked for comes along: views of the tables that are read.
    const others = (parts.get(part) ?? []).filter(
      (old) => !read.some(({ kind, object }) => old.kind === kind && old.object === object),
    );
    parts.set(part, [...others, ...read]);
    for (const { kind, object, facts } of read) objectsOf(kind).set(object, facts);
  }
  for (const [id, name] of names) left.set(id, name);
  return { snapshot: new Map([...before.snapshot, ...changed]), seen, parts, names: left, unfinished };
}

function namesOf(entries: readonly Entry[]): Map<string, string> {
  return new Map(entries.flatMap(({ id, object }) => (id === undefined ? [] : [[id, object] as const])));
}

/** Names are written with their schema, whatever the session looks in first. */
function readRows(connection: Connection, wanted: Wanted): Promise<readonly Row[]> {
  const query = catalogQuery(connection.server.major, wanted);
  // By `query`: what `run` gives back is cut where the change asks for a million rows.
  return withOwnPath(connection, (sql) => connection.query(sql), query);
}

function partsOf(rows: readonly Row[]): Map<string, Entry[]> {
  const parts = new Map<string, Entry[]>();
  for (const { part, id, kind, object, facts } of rows) {
    if (part == null || kind == null || object == null) continue;
    const entries = parts.get(part) ?? [];
    entries.push({ id: id ?? undefined, kind, object, facts: readFacts(facts) });
    parts.set(part, entries);
  }
  return parts;
}

function snapshotOf(parts: ReadonlyMap<string, readonly Entry[]>): CatalogSnapshot {
  const snapshot = new Map<string, Map<string, Facts>>();
  for (const entries of parts.values())
    for (const { kind, object, facts } of entries) {
      const objects = snapshot.get(kind) ?? new Map<string, Facts>();
      snapshot.set(kind, objects.set(object, facts));
    }
  return snapshot;
}

/** `facts` is an object of JSON whose values are texts or null. */
function readFacts(facts: string | null | undefined): Facts {
  return facts == null ? {} : (JSON.parse(facts) as Facts);
}
