import type { AlterTableAction, ObjectName, Statement } from '../statement.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/**
 * DO blocks make things behind IF NOT EXISTS and catch "already exists": of such a statement what the catalog
 * does not have yet is left, undefined when that is nothing.
 */
export function withoutWhatIsThere(catalog: SchemaCatalog, statement: Statement): Statement | undefined {
  switch (statement.kind) {
    case 'create-table':
    case 'create-table-as':
    case 'create-sequence':
    case 'create-materialized-view':
      return { ...statement, ifNotExists: true };
    case 'create-index':
      return statement.index === undefined ? statement : { ...statement, ifNotExists: true };
    case 'create-enum':
    case 'create-type':
      return isThere(catalog, statement.type) ? undefined : statement;
    case 'create-domain':
      return isThere(catalog, statement.domain) ? undefined : statement;
    case 'alter-table': {
      const actions = statement.actions.filter((action) => !isDone(catalog, statement.table, action));
      return actions.length === 0 ? undefined : { ...statement, actions };
    }
    // COMMIT in a DO block ends a transaction that the catalog does not follow.
    case 'transaction':
      return undefined;
    default:
      return statement;
  }
}

function isThere(catalog: SchemaCatalog, type: ObjectName): boolean {
  return catalog.type(type) !== undefined;
}

function isDone(catalog: SchemaCatalog, table: ObjectName, action: AlterTableAction): boolean {
  const known = catalog.table(table);
  if (action.action === 'add-column') return known?.columns.has(action.column.name) === true;
  if (action.action === 'add-constraint')
    return action.constraint.name !== undefined && known?.constraints.has(action.constraint.name) === true;
  return false;
}
