import type { Catalog, CatalogTable } from '../../sql/catalog/catalog.ts';
import type { AlterTableAction, StatementOf } from '../../sql/statement.ts';
import { columnRewrite } from './rewrites.ts';
import { typeChange } from './type-change.ts';

/**
 * Actions of an ALTER TABLE for which the server goes through all rows of the table in its one pass at
 * the end (ATRewriteTables): several in one statement share it (sql-altertable, "Notes").
 */
export function tablePasses(statement: StatementOf<'alter-table'>, catalog: Catalog): readonly AlterTableAction[] {
  const table = catalog.table(statement.table);
  return statement.actions.filter((action) => passes(action, table, catalog));
}

function passes(action: AlterTableAction, table: CatalogTable | undefined, catalog: Catalog): boolean {
  switch (action.action) {
    case 'set-not-null':
      return !table?.columns.get(action.column)?.notNull && !provenNotNull(table, action.column);
    case 'add-constraint':
      return action.constraint.type === 'check' && !action.constraint.notValid && action.constraint.enforced;
    case 'validate-constraint':
      return table?.constraints.get(action.constraint)?.type === 'check';
    case 'alter-type':
      return action.using !== undefined || typeChange(table?.columns.get(action.column)?.type, action.type, catalog) === 'rewrite';
    case 'add-column': {
      const rewrite = columnRewrite(action.column, catalog);
      return rewrite !== undefined && !(rewrite.reason === 'default' && rewrite.judged.volatility === 'unknown');
    }
    case 'set-access-method':
      return true;
    case 'set-logged':
      return table?.persistence !== 'permanent';
    case 'set-unlogged':
      return table?.persistence !== 'unlogged';
    default:
      return false;
  }
}

function provenNotNull(table: CatalogTable | undefined, column: string): boolean {
  return [...(table?.constraints.values() ?? [])].some((constraint) => constraint.validated && constraint.enforced && constraint.impliesNotNull.includes(column));
}

/** Constraints of a statement whose index is built on the spot: by ADD CONSTRAINT or with a new column. */
export function indexesBuilt(statement: StatementOf<'alter-table'>): readonly AlterTableAction[] {
  const builds = ({ type, usingIndex }: { readonly type: string; readonly usingIndex?: string | undefined }): boolean =>
    usingIndex === undefined && (type === 'unique' || type === 'primary-key' || type === 'exclusion');
  return statement.actions.filter((action) => (action.action === 'add-constraint' && builds(action.constraint)) || (action.action === 'add-column' && action.column.constraints.some(builds)));
}
