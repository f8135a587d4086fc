import type { Catalog, CatalogTable } from '../../sql/catalog/catalog.ts';
import type { Column, ObjectName, Statement } from '../../sql/statement.ts';
import type { StatementContext } from '../rule.ts';
import { columnsAdded } from './in-use.ts';
import { judgedTypeChange } from './judged-type-change.ts';
import { withoutDomains } from './type-change.ts';
import { type Judged, volatilityOf } from './volatility.ts';

/** Why a new column makes the server write every row anew. */
export type ColumnRewrite =
  | { readonly reason: 'default'; readonly judged: Judged }
  | { readonly reason: 'domain' }
  | { readonly reason: 'serial' }
  | { readonly reason: 'identity' }
  | { readonly reason: 'stored' };

/**
 * ADD COLUMN writes the table anew for a default that has to be computed for each row, an identity, a
 * stored generated column, and a domain with constraints (ATExecAddColumn in the server's sources;
 * measured on PostgreSQL 15 and 18). Any other default is kept once, beside the table.
 */
export function columnRewrite(column: Column, catalog: Catalog): ColumnRewrite | undefined {
  if (column.type?.serial) return { reason: 'serial' };
  if (column.identity) return { reason: 'identity' };
  if (column.generated) return column.generated.kind === 'stored' ? { reason: 'stored' } : undefined;
  if (column.default) {
    const judged = volatilityOf(column.default, catalog);
    if (judged.volatility === 'volatile' || judged.volatility === 'unknown')
      return { reason: 'default', judged };
  }
  return column.type && !column.type.array && withoutDomains(column.type, catalog).constrained
    ? { reason: 'domain' }
    : undefined;
}

/**
 * SET EXPRESSION computes a stored column anew in every row; of a virtual one nothing is stored (sql-altertable,
 * measured on PostgreSQL 18).
 */
export function storesExpression(column: string, table: CatalogTable | undefined): boolean {
  return table?.columns.get(column)?.generated?.kind === 'stored';
}

/**
 * SET ACCESS METHOD copies the rows, unless the table has that method already. A partitioned table has no rows
 * (sql-altertable, measured on PostgreSQL 18).
 */
export function copiesToMethod(method: string, table: CatalogTable | undefined): boolean {
  if (!table) return true;
  return table.kind !== 'partitioned' && (method || HEAP) !== (table.accessMethod ?? HEAP);
}

/** What default_table_access_method is unless somebody changed it. */
const HEAP = 'heap';

/** The relation that a statement is known to write anew, and what for. Undefined: none, or not for certain. */
export function rewriteOf(
  statement: Statement,
  context: StatementContext,
): { readonly relation: ObjectName; readonly cause: string } | undefined {
  if (statement.kind === 'cluster') return statement.table && { relation: statement.table, cause: 'CLUSTER' };
  if (statement.kind === 'refresh-materialized-view') {
    return statement.concurrently || !statement.withData
      ? undefined
      : { relation: statement.view, cause: 'REFRESH MATERIALIZED VIEW' };
  }
  if (statement.kind !== 'alter-table') return undefined;
  for (const { column } of columnsAdded(statement, context)) {
    const rewrite = columnRewrite(column, context.catalog);
    if (rewrite && !(rewrite.reason === 'default' && rewrite.judged.volatility === 'unknown'))
      return { relation: statement.table, cause: `ADD COLUMN ${column.name}` };
  }
  const known = context.catalog.table(statement.table);
  for (const action of statement.actions) {
    if (action.action === 'alter-type' && judgedTypeChange(action, statement, context).change === 'rewrite')
      return { relation: statement.table, cause: `the new type of ${action.column}` };
    if (action.action === 'set-logged' && known?.persistence !== 'permanent')
      return { relation: statement.table, cause: 'SET LOGGED' };
    if (action.action === 'set-unlogged' && known?.persistence !== 'unlogged')
      return { relation: statement.table, cause: 'SET UNLOGGED' };
    if (action.action === 'set-expression' && storesExpression(action.column, known))
      return { relation: statement.table, cause: `the new expression of ${action.column}` };
    if (action.action === 'set-tablespace' && known?.kind !== 'partitioned')
      return { relation: statement.table, cause: 'SET TABLESPACE' };
    if (action.action === 'set-access-method' && copiesToMethod(action.method, known))
      return { relation: statement.table, cause: 'SET ACCESS METHOD' };
  }
  return undefined;
}
