import type { AlterTableAction, StatementOf } from '../statement.ts';
import { addColumn, addConstraint } from './apply-columns.ts';
import type { CatalogTable } from './catalog.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

export function applyAlterTable(
  catalog: SchemaCatalog,
  statement: StatementOf<'alter-table'>,
  migrationId: string,
): void {
  const table = catalog.change(statement.table);
  if (!table) return;
  for (const action of statement.actions) apply(catalog, table, action, migrationId);
}

function apply(
  catalog: SchemaCatalog,
  table: CatalogTable,
  action: AlterTableAction,
  migrationId: string,
): void {
  switch (action.action) {
    case 'add-column':
      if (!(action.ifNotExists && table.columns.has(action.column.name)))
        addColumn(catalog, table, action.column, migrationId);
      break;
    case 'drop-column':
      dropColumn(catalog, table, action.column);
      break;
    case 'add-constraint':
      addConstraint(catalog, table, action.constraint, migrationId);
      break;
    case 'drop-constraint':
      dropConstraint(catalog, table, action.constraint);
      break;
    case 'validate-constraint': {
      const constraint = table.constraints.get(action.constraint);
      if (!constraint) break;
      constraint.validated = true;
      constraint.validatedBy = migrationId;
      if (constraint.type === 'not-null')
        for (const name of constraint.columns) changeColumn(table, name, (column) => (column.notNull = true));
      break;
    }
    case 'attach-partition': {
      table.partitions.add(catalog.key(action.partition));
      if (action.isDefault) table.defaultPartition = catalog.key(action.partition);
      const partition = catalog.change(action.partition);
      if (partition) catalog.setTable({ ...partition, partitionOf: table.key });
      break;
    }
    case 'detach-partition': {
      table.partitions.delete(catalog.key(action.partition));
      if (table.defaultPartition === catalog.key(action.partition)) table.defaultPartition = undefined;
      const partition = catalog.change(action.partition);
      if (partition) catalog.setTable({ ...partition, partitionOf: undefined });
      break;
    }
    case 'enable-rls':
      table.rowSecurity = true;
      break;
    case 'disable-rls':
      table.rowSecurity = false;
      break;
    case 'replica-identity':
      table.replicaIdentity = typeof action.identity === 'string' ? action.identity : action.identity.index;
      break;
    default:
      applyToColumn(table, action);
  }
}

function applyToColumn(table: CatalogTable, action: AlterTableAction): void {
  switch (action.action) {
    case 'alter-type':
      changeColumn(table, action.column, (column) => {
        column.type = action.type;
        column.collation = action.collation;
      });
      break;
    case 'set-default':
      changeColumn(table, action.column, (column) => (column.default = action.default));
      break;
    case 'drop-default':
      changeColumn(table, action.column, (column) => (column.default = undefined));
      break;
    case 'set-not-null':
      changeColumn(table, action.column, (column) => (column.notNull = true));
      break;
    case 'drop-not-null':
      changeColumn(table, action.column, (column) => (column.notNull = false));
      break;
    case 'add-identity':
      changeColumn(table, action.column, (column) => (column.identity = action.identity));
      break;
    case 'drop-identity':
      changeColumn(table, action.column, (column) => (column.identity = undefined));
      break;
    case 'drop-expression':
      changeColumn(table, action.column, (column) => (column.generated = undefined));
      break;
    default:
  }
}

function changeColumn(
  table: CatalogTable,
  name: string,
  change: (column: NonNullable<ReturnType<CatalogTable['columns']['get']>>) => void,
): void {
  const column = table.columns.get(name);
  if (column) change(column);
}

/** What stands on a dropped column goes with it: indexes, and constraints that name it (sql-altertable, DROP COLUMN). */
function dropColumn(catalog: SchemaCatalog, table: CatalogTable, column: string): void {
  table.columns.delete(column);
  for (const [name, constraint] of table.constraints)
    if (constraint.columns.includes(column)) dropConstraint(catalog, table, name);
  for (const index of catalog.indexesOf(table)) {
    const uses =
      index.columns.some((each) => each.column === column || each.expression?.columns.includes(column)) ||
      index.include.includes(column);
    if (uses) catalog.removeIndex(index);
  }
}

function dropConstraint(catalog: SchemaCatalog, table: CatalogTable, name: string): void {
  const constraint = table.constraints.get(name);
  table.constraints.delete(name);
  if (constraint?.type === 'not-null')
    for (const each of constraint.columns) changeColumn(table, each, (column) => (column.notNull = false));
  for (const index of catalog.indexesOf(table)) if (index.constraint === name) catalog.removeIndex(index);
}
