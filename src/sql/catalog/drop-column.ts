import type { CatalogConstraint, CatalogTable } from './catalog.ts';
import { childrenOf, inheritedByOneLess, isAbandoned } from './children.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** What stands on a dropped column goes with it: indexes, and constraints that name it (sql-altertable, DROP COLUMN). */
export function dropColumn(
  catalog: SchemaCatalog,
  table: CatalogTable,
  name: string,
  cascade: boolean,
  only = false,
): void {
  if (!table.columns.delete(name)) return;
  for (const constraint of [...table.constraints.values()])
    if (namesColumn(constraint, name)) forgetConstraint(catalog, table, constraint, cascade);
  for (const index of catalog.indexesOf(table)) {
    const uses =
      index.include.includes(name) ||
      index.where?.columns.includes(name) ||
      index.columns.some((each) => each.column === name || each.expression?.columns.includes(name));
    if (uses) catalog.removeIndex(index.key);
  }
  catalog.removeSequencesOf(table.key, name);
  if (cascade) {
    for (const column of [...table.columns.values()])
      if (column.generated?.expression.columns.includes(name)) dropColumn(catalog, table, column.name, true);
    forgetViews(catalog, table);
  }
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    const column = child?.columns.get(name);
    if (!child || !column) continue;
    const less = inheritedByOneLess(column.inheritance);
    column.inheritance = only ? { ...less, local: true } : less;
    if (isAbandoned(column.inheritance)) dropColumn(catalog, child, name, cascade);
  }
}

function namesColumn(constraint: CatalogConstraint, column: string): boolean {
  return (
    constraint.columns.includes(column) ||
    constraint.include?.includes(column) === true ||
    constraint.where?.columns.includes(column) === true ||
    constraint.elements?.some(({ expression }) => expression?.columns.includes(column)) === true
  );
}

/** Which columns a view reads is not known: views that may be gone are not known any more. */
function forgetViews(catalog: SchemaCatalog, table: CatalogTable): void {
  for (const view of catalog.dependentViews(table)) {
    catalog.incomplete = true;
    forgetViews(catalog, view);
    catalog.removeTable(view.key);
  }
}

/** DROP CONSTRAINT, in the children too unless they declare it themselves. */
export function dropConstraint(
  catalog: SchemaCatalog,
  table: CatalogTable,
  name: string,
  cascade: boolean,
  only = false,
): void {
  const constraint = table.constraints.get(name);
  if (!constraint) return;
  forgetConstraint(catalog, table, constraint, cascade);
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    const same = child && inChild(child, constraint);
    if (!child || !same) continue;
    const less = inheritedByOneLess(same.inheritance);
    same.inheritance = only ? { ...less, local: true } : less;
    if (isAbandoned(same.inheritance)) dropConstraint(catalog, child, same.name, cascade);
  }
}

function inChild(child: CatalogTable, constraint: CatalogConstraint): CatalogConstraint | undefined {
  const inherited = [...child.constraints.values()].filter((each) => each.inheritance !== undefined);
  return inherited.find(
    (each) =>
      each.type === constraint.type &&
      (each.type === 'not-null' ? each.columns[0] === constraint.columns[0] : each.name === constraint.name),
  );
}

/** Takes the constraint off this table, with its index and the parts that partitions have of it. */
function forgetConstraint(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: CatalogConstraint,
  cascade: boolean,
): void {
  catalog.removeConstraint(table, constraint.name);
  if (constraint.type === 'not-null') {
    for (const name of constraint.columns) {
      const column = table.columns.get(name);
      if (column) column.notNull = false;
    }
  }
  for (const index of catalog.indexesOf(table)) {
    if (index.constraint !== constraint.name) continue;
    if (cascade) dropReferences(catalog, table, constraint);
    for (const part of catalog.partsOfIndex(index)) {
      const owner = catalog.changeByKey(part.table);
      const own = owner?.constraints.get(part.constraint ?? '');
      if (owner && own) forgetConstraint(catalog, owner, own, cascade);
    }
    catalog.removeIndex(index.key);
  }
  if (constraint.type !== 'foreign-key') return;
  for (const key of table.partitions) {
    const partition = catalog.changeByKey(key);
    for (const own of [...(partition?.constraints.values() ?? [])])
      if (partition && own.parentConstraint === constraint.name)
        forgetConstraint(catalog, partition, own, cascade);
  }
}

/** Foreign keys to the columns of a dropped key. */
function dropReferences(catalog: SchemaCatalog, table: CatalogTable, key: CatalogConstraint): void {
  const columns = [...key.columns].sort().join();
  const own = [...table.constraints.values()].filter(
    ({ references }) => references && catalog.key(references.relation) === table.key,
  );
  for (const constraint of [...catalog.referencing(table), ...own]) {
    if ([...(constraint.references?.columns ?? [])].sort().join() !== columns) continue;
    const other = catalog.changeByKey(constraint.table);
    if (other) forgetConstraint(catalog, other, constraint, false);
  }
}
