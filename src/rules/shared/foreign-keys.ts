import type { Catalog, CatalogTable } from '../../sql/catalog/catalog.ts';
import type {
  AlterTableAction,
  Column,
  Constraint,
  Relation,
  Statement,
  TypeName,
} from '../../sql/statement.ts';

/** One foreign key that a statement makes. */
export interface ForeignKey {
  readonly table: Relation;
  readonly constraint: Constraint;
  readonly references: { readonly relation: Relation; readonly columns: readonly string[] };
  readonly form: 'create-table' | 'add-column' | 'add-constraint';
  /** The column it is written with. */
  readonly column?: Column | undefined;
  readonly action?: AlterTableAction | undefined;
}

export function foreignKeysOf(statement: Statement): ForeignKey[] {
  const found: ForeignKey[] = [];
  const add = (
    table: Relation,
    constraint: Constraint,
    form: ForeignKey['form'],
    column?: Column,
    action?: AlterTableAction,
  ): void => {
    if (constraint.type === 'foreign-key' && constraint.references)
      found.push({ table, constraint, references: constraint.references, form, column, action });
  };
  if (statement.kind === 'create-table') {
    for (const column of statement.columns)
      for (const constraint of column.constraints) add(statement.table, constraint, 'create-table', column);
    for (const constraint of statement.constraints) add(statement.table, constraint, 'create-table');
  } else if (statement.kind === 'alter-table') {
    for (const action of statement.actions) {
      if (action.action === 'add-constraint')
        add(statement.table, action.constraint, 'add-constraint', undefined, action);
      if (action.action === 'add-column')
        for (const constraint of action.column.constraints)
          add(statement.table, constraint, 'add-column', action.column, action);
    }
  }
  return found;
}

/** The columns a foreign key points to: those written, else the primary key. Empty: not known. */
export function referencedColumns(key: ForeignKey, catalog: Catalog): readonly string[] {
  if (key.references.columns.length > 0) return key.references.columns;
  for (const constraint of catalog.table(key.references.relation)?.constraints.values() ?? [])
    if (constraint.type === 'primary-key') return constraint.columns;
  return [];
}

/** A column's type with domains taken for what they stand on. */
export function plainType(
  table: CatalogTable | undefined,
  column: string,
  catalog: Catalog,
): TypeName | undefined {
  let type = table?.columns.get(column)?.type;
  for (let depth = 0; type && !type.array && depth < 8; depth++) {
    const known = catalog.type(type);
    if (known?.form !== 'domain') return known || isWrittenByPostgres(type) ? type : undefined;
    type = known.base;
  }
  return type;
}

const isWrittenByPostgres = (type: TypeName): boolean => type.schema === undefined;
