import type { ObjectName } from '../statement.ts';
import type { CatalogTable } from './catalog.ts';

/**
 * Shared by all that have nothing: a schema of ten thousand tables has some sixty thousand such sets. `addKey` puts one
 * of the table's own in its place.
 */
export const NONE: Set<string> = new (class extends Set<string> {
  override add(): this {
    throw new Error('The shared empty set must stay empty: use addKey().');
  }
})();

const NO_POLICIES: CatalogTable['policies'] = new Map();

type SetField = 'indexes' | 'partitions' | 'parents' | 'heirs' | 'triggers' | 'reads';

/** Adds a key to a set of a table that was made ready to be changed. */
export function addKey(table: CatalogTable | undefined, field: SetField, key: string): void {
  if (!table) return;
  if (table[field] === NONE) table[field] = new Set();
  table[field].add(key);
}

/** Undefined: the table has no such policy any more. */
export function setPolicy(
  table: CatalogTable | undefined,
  name: string,
  policy: { readonly command: string; readonly restrictive: boolean } | undefined,
): void {
  if (!table) return;
  const policies = new Map(table.policies);
  if (policy) policies.set(name, policy);
  else policies.delete(name);
  table.policies = policies;
}

export function copyOf(set: Set<string>): Set<string> {
  return set.size === 0 ? NONE : new Set(set);
}

/** A table without anything in it, at the place where a statement makes it. */
export function newTable(
  place: ObjectName & { readonly key: string },
  kind: CatalogTable['kind'],
  addedBy: string,
  persistence: CatalogTable['persistence'] = 'permanent',
): CatalogTable {
  // One literal: what is spread into an object stands apart from it and takes half as much again.
  return {
    schema: place.schema,
    name: place.name,
    key: place.key,
    kind,
    columns: new Map(),
    complete: true,
    constraints: new Map(),
    indexes: NONE,
    partitions: NONE,
    parents: NONE,
    heirs: NONE,
    persistence,
    rowSecurity: false,
    policies: NO_POLICIES,
    triggers: NONE,
    reads: NONE,
    addedBy,
    populated: false,
  };
}
