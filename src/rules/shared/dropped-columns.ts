import type { Catalog, CatalogConstraint, CatalogIndex } from '../../sql/catalog/catalog.ts';
import type { AlterTableAction, ObjectName, StatementOf } from '../../sql/statement.ts';
import type { StatementContext } from '../rule.ts';
import { columnMadeHere } from './made-here.ts';

export type DropColumn = Extract<AlterTableAction, { readonly action: 'drop-column' }>;

/** Columns in use that a statement drops: not of a table or column that this change made, nor one that is known not to be there. */
export function* columnsDropped(
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Generator<DropColumn> {
  if (statement.objectType !== 'table' && statement.objectType !== 'foreign-table') return;
  if (context.isNew(statement.table)) return;
  const table = context.catalog.table(statement.table);
  for (const action of statement.actions) {
    if (action.action !== 'drop-column' || columnMadeHere(context, statement.table, action.column)) continue;
    if (
      action.ifExists &&
      table?.complete &&
      !context.catalog.incomplete &&
      !table.columns.has(action.column)
    )
      continue;
    yield action;
  }
}

/** Constraints of that kind that go with the column (sql-altertable, DROP COLUMN). */
export function constraintsOn(
  catalog: Catalog,
  table: ObjectName,
  column: string,
  type: CatalogConstraint['type'],
): CatalogConstraint[] {
  return [...(catalog.table(table)?.constraints.values() ?? [])].filter(
    (constraint) => constraint.type === type && constraint.columns.includes(column),
  );
}

/** Unique indexes, those of constraints included but not the primary key's, that go with the column. */
export function uniqueIndexesOn(catalog: Catalog, table: ObjectName, column: string): CatalogIndex[] {
  const key = catalog.table(table);
  return catalog.indexesOf(table).filter((index) => {
    if (
      !index.unique ||
      (index.constraint !== undefined && key?.constraints.get(index.constraint)?.type === 'primary-key')
    )
      return false;
    return (
      index.columns.some((each) => each.column === column || each.expression?.columns.includes(column)) ||
      index.include.includes(column) ||
      index.where?.columns.includes(column) === true
    );
  });
}
