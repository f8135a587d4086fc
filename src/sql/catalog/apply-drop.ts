import type { ObjectName, StatementOf } from '../statement.ts';
import type { CatalogColumn, CatalogTable } from './catalog.ts';
import { dropColumn, dropConstraint } from './drop-column.ts';
import { setPolicy } from './new-table.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** DROP of anything, and what goes with it: always what is owned, and with CASCADE what depends on it (ddl-depend). */
export function drop(catalog: SchemaCatalog, statement: StatementOf<'drop'>): void {
  for (const object of statement.objects) dropOne(catalog, statement, object);
}

function dropOne(catalog: SchemaCatalog, statement: StatementOf<'drop'>, object: ObjectName): void {
  const { cascade, onTable } = statement;
  switch (statement.objectType) {
    case 'table':
    case 'view':
    case 'materialized-view':
    case 'foreign-table':
      dropRelation(catalog, catalog.key(object), cascade);
      break;
    case 'index':
      dropIndex(
        catalog,
        catalog.indexByKey(`${onTable ? catalog.key(onTable) : ''}.${object.name}`)?.key ??
          catalog.key(object),
      );
      break;
    case 'type':
    case 'domain':
      dropType(catalog, catalog.typeKey(object), cascade);
      break;
    case 'sequence':
      dropSequence(catalog, catalog.key(object), cascade);
      break;
    case 'schema':
      dropSchema(catalog, object.name);
      break;
    case 'function':
    case 'procedure':
    case 'routine':
      catalog.routines.drop(object, !statement.ifExists);
      if (cascade) dropCallers(catalog, object);
      break;
    case 'trigger':
      if (onTable) catalog.change(onTable)?.triggers.delete(object.name);
      break;
    case 'policy':
      if (onTable) setPolicy(catalog.change(onTable), object.name, undefined);
      break;
    case 'extension':
      catalog.removeExtension(object.name);
      if (cascade) catalog.incomplete = true;
      break;
    case 'publication':
      catalog.removePublication(object.name);
      break;
    default:
      // CASCADE from a cast, an operator …: nobody knows what went with it.
      if (cascade) catalog.incomplete = true;
  }
}

function dropRelation(catalog: SchemaCatalog, key: string, cascade: boolean): void {
  const table = catalog.tableByKey(key);
  if (!table) return;
  if (cascade) dropDependents(catalog, table);
  for (const partition of [...table.partitions]) dropRelation(catalog, partition, cascade);
  for (const sequence of catalog.sequencesOf(key)) catalog.removeSequence(sequence);
  catalog.removeTable(key);
}

function dropDependents(catalog: SchemaCatalog, table: CatalogTable): void {
  for (const constraint of catalog.referencing(table)) {
    const other = catalog.changeByKey(constraint.table);
    if (other) dropConstraint(catalog, other, constraint.name, false);
  }
  for (const view of catalog.dependentViews(table)) dropRelation(catalog, view.key, true);
  for (const heir of [...table.heirs]) dropRelation(catalog, heir, true);
  dropColumnsOfType(catalog, table.key);
}

function dropIndex(catalog: SchemaCatalog, key: string): void {
  const index = catalog.indexByKey(key);
  if (!index) return;
  for (const part of catalog.partsOfIndex(index)) dropIndex(catalog, part.key);
  catalog.removeIndex(key);
}

function dropType(catalog: SchemaCatalog, key: string, cascade: boolean): void {
  if (cascade) {
    dropColumnsOfType(catalog, key);
    for (const type of [...catalog.types()])
      if (type.base && catalog.typeKey(type.base) === key) dropType(catalog, type.key, true);
  }
  catalog.removeType({ name: key, key });
}

function dropColumnsOfType(catalog: SchemaCatalog, key: string): void {
  const name = key.slice(key.indexOf('.') + 1);
  for (const { table: tableKey, column } of catalog.columnsOfType({ name, key })) {
    const table = catalog.changeByKey(tableKey);
    if (table) dropColumn(catalog, table, column, true);
  }
}

/**
 * With CASCADE the defaults that draw from it go too. Which sequence a default names is not known, only whose a
 * sequence is: of other columns that draw from one it is not known any more what they are.
 */
function dropSequence(catalog: SchemaCatalog, key: string, cascade: boolean): void {
  const owner = catalog.sequence({ name: key, key })?.ownedBy;
  catalog.removeSequence(key);
  if (!cascade) return;
  const dot = owner?.lastIndexOf('.') ?? -1;
  const column = catalog.changeByKey(owner?.slice(0, dot) ?? '')?.columns.get(owner?.slice(dot + 1) ?? '');
  if (drawsFromSequence(column)) {
    column.default = undefined;
    return;
  }
  for (const { key: tableKey, columns } of [...catalog.tables()]) {
    for (const each of [...columns.values()]) {
      if (!drawsFromSequence(each)) continue;
      const table = catalog.changeByKey(tableKey);
      table?.columns.delete(each.name);
      if (table) table.complete = false;
    }
  }
}

function drawsFromSequence(column: CatalogColumn | undefined): column is CatalogColumn {
  return column?.default?.functions.some(({ name }) => name === 'nextval') === true;
}

function dropSchema(catalog: SchemaCatalog, name: string): void {
  const isIn = (key: string): boolean => key.startsWith(`${name}.`);
  for (const table of [...catalog.tables()])
    if ((table.schema ?? 'public') === name) dropRelation(catalog, table.key, true);
  for (const type of [...catalog.types()])
    if ((type.schema ?? 'public') === name) dropType(catalog, type.key, true);
  for (const [key] of [...catalog.sequences()]) if (isIn(key)) dropSequence(catalog, key, true);
  catalog.removeSchema(name);
}

/** What goes with a function by CASCADE: generated columns, defaults, checks, indexes. Triggers are not known by function. */
function dropCallers(catalog: SchemaCatalog, routine: ObjectName): void {
  catalog.incomplete = true;
  const calls = (expression: { readonly functions: readonly ObjectName[] } | undefined): boolean =>
    expression?.functions.some(({ name }) => name === routine.name) === true;
  for (const { key } of [...catalog.tables()]) {
    const table = catalog.changeByKey(key);
    if (!table) continue;
    table.triggers.clear();
    for (const column of [...table.columns.values()]) {
      if (calls(column.generated?.expression)) dropColumn(catalog, table, column.name, true);
      else if (calls(column.default)) column.default = undefined;
    }
    for (const constraint of [...table.constraints.values()])
      if (calls(constraint.expression)) dropConstraint(catalog, table, constraint.name, true);
    for (const index of catalog.indexesOf(table))
      if (calls(index.where) || index.columns.some(({ expression }) => calls(expression)))
        dropIndex(catalog, index.key);
  }
}
