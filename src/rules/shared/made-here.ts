import type { Constraint, ObjectName } from '../../sql/statement.ts';
import type { StatementContext } from '../rule.ts';
import { oncePerSection, statementsOf } from './section-memo.ts';

/** What the statements of one section make, with the position of the statement that makes it. */
interface MadeHere {
  readonly columns: ReadonlyMap<string, number>;
  readonly constraints: ReadonlyMap<string, readonly (Constraint & { readonly index: number })[]>;
  readonly schemas: ReadonlyMap<string, number>;
  readonly identities: ReadonlyMap<string, number>;
}

const madeHere = oncePerSection((section): MadeHere => {
  const columns = new Map<string, number>();
  const constraints = new Map<string, (Constraint & { index: number })[]>();
  const schemas = new Map<string, number>();
  const identities = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind === 'create-schema') schemas.set(statement.schema, index);
    if (statement.kind !== 'alter-table') continue;
    const table = key(statement.table);
    for (const action of statement.actions) {
      if (action.action === 'add-column' && !action.ifNotExists)
        columns.set(`${table}.${action.column.name}`, index);
      if (action.action === 'replica-identity') identities.set(table, index);
      if (action.action !== 'add-constraint') continue;
      const list = constraints.get(table) ?? [];
      list.push({ ...action.constraint, index });
      constraints.set(table, list);
    }
  }
  return { columns, constraints, schemas, identities };
});

/** Where each table is made last, by the catalog's keys. */
const tablesMade = oncePerSection((section) => {
  const made = new Map<string, number>();
  for (const { statement, index } of statementsOf(section))
    if (
      (statement.kind === 'create-table' || statement.kind === 'create-table-as') &&
      statement.persistence !== 'temporary'
    )
      made.set(key(statement.table), index);
  return made;
});

/** A later statement of the same file makes a table of that name. */
export function madeAnewAfter(context: StatementContext, table: ObjectName): boolean {
  return (tablesMade(context.section).get(key(table)) ?? -1) > context.index;
}

/** Columns (table key, column) and tables (key) that a section drops. */
const goneHere = oncePerSection((section) => {
  const gone = new Set<string>();
  for (const { statement } of statementsOf(section)) {
    if (statement.kind === 'drop' && statement.objectType === 'table')
      for (const table of statement.objects) gone.add(key(table));
    if (statement.kind !== 'alter-table') continue;
    for (const action of statement.actions)
      if (action.action === 'drop-column') gone.add(`${key(statement.table)}.${action.column}`);
  }
  return gone;
});

/** The same file drops the table, or one of the columns. */
export function dropsToo(context: StatementContext, table: ObjectName, columns: readonly string[]): boolean {
  const gone = goneHere(context.section);
  return gone.has(key(table)) || columns.some((column) => gone.has(`${key(table)}.${column}`));
}

/** As the catalog's keys: `public` where nothing was written. */
function key(name: ObjectName): string {
  return `${name.schema ?? 'public'}.${name.name}`;
}

/** An earlier statement of the same file added the column: no code uses it yet. */
export function columnMadeHere(context: StatementContext, table: ObjectName, column: string): boolean {
  const at = madeHere(context.section).columns.get(`${key(table)}.${column}`);
  return at !== undefined && at <= context.index;
}

/** This statement or a later one of the same file adds a column of that name. */
export function columnAddedAfter(context: StatementContext, table: ObjectName, column: string): boolean {
  return (madeHere(context.section).columns.get(`${key(table)}.${column}`) ?? -1) >= context.index;
}

export function schemaMadeHere(context: StatementContext, schema: string): boolean {
  const at = madeHere(context.section).schemas.get(schema);
  return at !== undefined && at <= context.index;
}

/** Constraints that this statement or a later one of the same file adds to the table. */
export function constraintsAddedFromHere(
  context: StatementContext,
  table: ObjectName,
): readonly Constraint[] {
  const added = madeHere(context.section).constraints.get(key(table)) ?? [];
  return added.filter(({ index }) => index >= context.index);
}

/** This statement or a later one of the same file says what identifies the table's rows in replication. */
export function replicaIdentityFromHere(context: StatementContext, table: ObjectName): boolean {
  return (madeHere(context.section).identities.get(key(table)) ?? -1) >= context.index;
}

/** The type was made by this migration. */
export function isNewType(context: StatementContext, type: ObjectName): boolean {
  return context.catalog.type(type)?.addedBy === context.migration.migration.id;
}
