import type { AlterTableAction, ObjectName } from '../../sql/statement.ts';
import type { StatementContext } from '../rule.ts';
import { oncePerSection, statementsOf } from './section-memo.ts';

/** A column that a section adds and fills with nothing until `filled`. */
interface Added {
  readonly from: number;
  filled: number;
}

type AddColumn = Extract<AlterTableAction, { readonly action: 'add-column' }>;

const addedEmpty = oncePerSection((section) => {
  const byTable = new Map<string, Map<string, Added>>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind === 'alter-table') {
      for (const action of statement.actions)
        if (action.action === 'add-column' && isEmpty(action)) {
          const columns = byTable.get(key(statement.table)) ?? new Map<string, Added>();
          if (!columns.has(action.column.name))
            columns.set(action.column.name, { from: index, filled: Number.POSITIVE_INFINITY });
          byTable.set(key(statement.table), columns);
        }
    } else if (statement.kind === 'update') {
      for (const column of statement.assigned) fill(byTable.get(key(statement.table))?.get(column), index);
    } else if (statement.kind === 'insert' || statement.kind === 'merge') {
      for (const column of byTable.get(key(statement.table))?.values() ?? []) fill(column, index);
    } else if (UNKNOWN_WORK.has(statement.kind)) {
      for (const columns of byTable.values()) for (const column of columns.values()) fill(column, index);
    }
  }
  return byTable;
});

/** May write anywhere. */
const UNKNOWN_WORK: ReadonlySet<string> = new Set(['do', 'call', 'select', 'copy']);

function isEmpty({ column, ifNotExists }: AddColumn): boolean {
  return (
    !ifNotExists &&
    !column.notNull &&
    (!column.default || column.default.isNull) &&
    !column.identity &&
    !column.generated &&
    !column.type?.serial
  );
}

function fill(column: Added | undefined, index: number): void {
  if (column && index < column.filled) column.filled = index;
}

/** As the catalog's keys: `public` where nothing was written. */
function key(name: ObjectName): string {
  return `${name.schema ?? 'public'}.${name.name}`;
}

/** The same file added the column, and nothing has written to it yet: it is NULL in every row. */
export function isEmptyColumn(context: StatementContext, table: ObjectName, column: string): boolean {
  const added = addedEmpty(context.section).get(key(table))?.get(column);
  return added !== undefined && added.from <= context.index && context.index < added.filled;
}
