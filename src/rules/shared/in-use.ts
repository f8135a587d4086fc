import type { AlterTableAction, Column, ObjectName, StatementOf } from '../../sql/statement.ts';
import type { StatementContext } from '../rule.ts';

/** What an ALTER TABLE does to a table that others may be using; nothing for a table that this change made. */
export function* actionsInUse(
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Generator<AlterTableAction> {
  if (statement.objectType !== 'table' || context.isNew(statement.table)) return;
  yield* statement.actions;
}

export type AddColumn = Extract<AlterTableAction, { readonly action: 'add-column' }>;

/** Columns that really come to a table in use: IF NOT EXISTS for a column that is known to exist does nothing. */
export function* columnsAdded(
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Generator<{ readonly action: AddColumn; readonly column: Column }> {
  const table = context.catalog.table(statement.table);
  for (const action of actionsInUse(statement, context)) {
    if (action.action !== 'add-column' || (action.ifNotExists && table?.columns.has(action.column.name)))
      continue;
    yield { action, column: action.column };
  }
}

/** Made by this change, or, seen from a down, by the up that it takes back. */
export function isOwn(relation: ObjectName, context: StatementContext): boolean {
  return (
    context.isNew(relation) ||
    (context.section.name === 'down' &&
      context.catalog.table(relation)?.addedBy === context.migration.migration.id)
  );
}
