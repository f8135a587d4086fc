import type { AlterTableAction } from '../statement.ts';
import { addSequence } from './apply-columns.ts';
import type { CatalogColumn, CatalogTable } from './catalog.ts';
import { childrenOf } from './children.ts';
import { dropConstraint } from './drop-column.ts';
import { addNotNull, notNullOf } from './not-null.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** The ALTER COLUMN actions. All but those on identity go on to tables that inherit the column. */
export function alterColumn(
  catalog: SchemaCatalog,
  table: CatalogTable,
  action: AlterTableAction,
  migrationId: string,
  only: boolean,
): void {
  const change = (name: string, toHeirs: boolean, how: (column: CatalogColumn) => void): void =>
    changeColumn(catalog, table, name, only ? 'none' : toHeirs ? 'all' : 'partitions', how);
  switch (action.action) {
    case 'alter-type':
      change(action.column, true, (column) => {
        column.type = catalog.resolvedType(action.type);
        column.collation = action.collation;
      });
      break;
    case 'set-default':
      change(action.column, true, (column) => {
        column.default = action.default;
        column.type = column.type && { ...column.type, serial: false };
      });
      break;
    case 'drop-default':
      change(action.column, true, (column) => {
        column.default = undefined;
        column.type = column.type && { ...column.type, serial: false };
      });
      break;
    case 'set-not-null':
      addNotNull(catalog, table, action.column, { validated: true, migrationId, only });
      break;
    case 'drop-not-null': {
      const constraint = notNullOf(table, action.column);
      if (constraint) dropConstraint(catalog, table, constraint.name, false, only);
      const column = table.columns.get(action.column);
      if (column) column.notNull = false;
      break;
    }
    case 'add-identity': {
      change(action.column, false, (column) => {
        column.identity = action.identity;
      });
      addSequence(catalog, table, action.column);
      break;
    }
    case 'set-identity':
      change(action.column, false, (column) => {
        column.identity = action.identity ?? column.identity;
      });
      break;
    case 'set-expression':
      change(action.column, true, (column) => {
        if (column.generated) column.generated = { ...column.generated, expression: action.expression };
      });
      break;
    case 'drop-identity':
      change(action.column, false, (column) => {
        column.identity = undefined;
      });
      catalog.removeSequencesOf(table.key, action.column);
      break;
    case 'drop-expression':
      change(action.column, true, (column) => {
        column.generated = undefined;
      });
      break;
    default:
  }
}

function changeColumn(
  catalog: SchemaCatalog,
  table: CatalogTable,
  name: string,
  children: 'all' | 'partitions' | 'none',
  how: (column: CatalogColumn) => void,
): void {
  const column = table.columns.get(name);
  if (column) how(column);
  const keys = children === 'all' ? childrenOf(table) : children === 'partitions' ? table.partitions : [];
  for (const key of keys) {
    const child = catalog.changeByKey(key);
    if (child) changeColumn(catalog, child, name, children, how);
  }
}
