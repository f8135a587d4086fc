import type { Relation } from '../statement.ts';
import { takeConstraints, takeIndexes } from './apply-tables.ts';
import type { CatalogTable } from './catalog.ts';
import { inheritedByOneLess, inheritedByOneMore } from './children.ts';
import { addKey } from './new-table.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** ATTACH PARTITION: the table gets the parent's indexes and foreign keys (ddl-partitioning). */
export function attachPartition(
  catalog: SchemaCatalog,
  parent: CatalogTable,
  relation: Relation,
  isDefault: boolean,
  migrationId: string,
): void {
  const key = catalog.key(relation);
  addKey(parent, 'partitions', key);
  if (isDefault) parent.defaultPartition = key;
  const known = catalog.changeByKey(key);
  if (!known) return;
  const partition: CatalogTable = { ...known, partitionOf: parent.key };
  catalog.setTable(partition);
  share(partition, parent, false);
  // Its own identity it may not have; it draws from the parent's.
  for (const [name, column] of partition.columns) column.identity = parent.columns.get(name)?.identity;
  takeConstraints(catalog, partition, parent, migrationId);
  for (const constraint of partition.constraints.values())
    if (constraint.inheritance) constraint.inheritance = { ...constraint.inheritance, local: false };
  takeIndexes(catalog, partition, parent, migrationId);
}

function share(child: CatalogTable, parent: CatalogTable, local: boolean): void {
  for (const name of parent.columns.keys()) {
    const column = child.columns.get(name);
    if (column) column.inheritance = { ...inheritedByOneMore(column.inheritance), local };
  }
}

/** DETACH PARTITION: what the partition has stays, as its own. */
export function detachPartition(catalog: SchemaCatalog, parent: CatalogTable, relation: Relation): void {
  const key = catalog.key(relation);
  parent.partitions.delete(key);
  if (parent.defaultPartition === key) parent.defaultPartition = undefined;
  const known = catalog.changeByKey(key);
  if (!known) return;
  catalog.setTable({ ...known, partitionOf: undefined });
  for (const column of known.columns.values()) {
    column.inheritance = undefined;
    column.identity = undefined;
  }
  for (const constraint of [...known.constraints.values()]) {
    const { parentConstraint, inheritance, ...own } = constraint;
    known.constraints.set(constraint.name, own);
  }
  for (const index of catalog.indexesOf(known)) {
    const { partitionOf, ...own } = index;
    catalog.setIndex(own);
  }
}

export function inherit(
  catalog: SchemaCatalog,
  table: CatalogTable,
  relation: Relation,
  migrationId: string,
): void {
  const parent = catalog.change(relation);
  if (!parent) return;
  share(table, parent, true);
  takeConstraints(catalog, table, parent, migrationId);
  addKey(parent, 'heirs', table.key);
  addKey(table, 'parents', parent.key);
}

export function disinherit(catalog: SchemaCatalog, table: CatalogTable, relation: Relation): void {
  const parent = catalog.change(relation);
  if (!parent) return;
  parent.heirs.delete(table.key);
  table.parents.delete(parent.key);
  const lost = <T extends { inheritance?: CatalogTableInheritance }>(own: T): void => {
    const less = inheritedByOneLess(own.inheritance);
    own.inheritance = less.parents === 0 ? undefined : less;
  };
  for (const name of parent.columns.keys()) {
    const column = table.columns.get(name);
    if (column?.inheritance) lost(column);
  }
  for (const constraint of table.constraints.values()) {
    if (constraint.inheritance) lost(constraint);
  }
}

type CatalogTableInheritance = NonNullable<ReturnType<CatalogTable['columns']['get']>>['inheritance'];
