import type { ObjectName } from '../statement.ts';
import type { CatalogTable } from './catalog.ts';

/** A table without anything in it, at the place where a statement makes it. */
export function newTable(
  place: ObjectName & { readonly key: string },
  kind: CatalogTable['kind'],
  addedBy: string,
  persistence: CatalogTable['persistence'] = 'permanent',
): CatalogTable {
  return {
    ...place,
    kind,
    columns: new Map(),
    complete: true,
    constraints: new Map(),
    indexes: new Set(),
    partitions: new Set(),
    parents: new Set(),
    heirs: new Set(),
    persistence,
    rowSecurity: false,
    policies: new Map(),
    triggers: new Set(),
    reads: new Set(),
    addedBy,
    populated: false,
  };
}
