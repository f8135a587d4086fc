import type { Constraint, ObjectName, Statement } from '../../sql/statement.ts';
import type { CheckedSection, StatementContext } from '../rule.ts';

/** What the statements of one section make, with the position of the statement that makes it. */
interface MadeHere {
  readonly columns: ReadonlyMap<string, number>;
  readonly constraints: ReadonlyMap<string, readonly (Constraint & { readonly index: number })[]>;
  readonly schemas: ReadonlyMap<string, number>;
}

/** Sections never change, and their statements are gone through once for all that ask. */
const KNOWN = new WeakMap<CheckedSection, MadeHere>();

function madeHere(section: CheckedSection, key: (name: ObjectName) => string): MadeHere {
  const known = KNOWN.get(section);
  if (known) return known;
  const columns = new Map<string, number>();
  const constraints = new Map<string, (Constraint & { index: number })[]>();
  const schemas = new Map<string, number>();
  const visit = (statement: Statement, index: number): void => {
    if (statement.kind === 'do') for (const inner of statement.body.statements) visit(inner, index);
    else if (statement.kind === 'create-schema') schemas.set(statement.schema, index);
    else if (statement.kind === 'alter-table') {
      const table = key(statement.table);
      for (const action of statement.actions) {
        if (action.action === 'add-column' && !action.ifNotExists) columns.set(`${table}.${action.column.name}`, index);
        if (action.action !== 'add-constraint') continue;
        const list = constraints.get(table) ?? [];
        list.push({ ...action.constraint, index });
        constraints.set(table, list);
      }
    }
  };
  for (const [index, statement] of section.sql.statements.entries()) visit(statement, index);
  const made = { columns, constraints, schemas };
  KNOWN.set(section, made);
  return made;
}

/** An earlier statement of the same file added the column: no code uses it yet. */
export function columnMadeHere(context: StatementContext, table: ObjectName, column: string): boolean {
  const at = madeHere(context.section, (name) => context.catalog.key(name)).columns.get(`${context.catalog.key(table)}.${column}`);
  return at !== undefined && at < context.index;
}

export function schemaMadeHere(context: StatementContext, schema: string): boolean {
  const at = madeHere(context.section, (name) => context.catalog.key(name)).schemas.get(schema);
  return at !== undefined && at < context.index;
}

/** Constraints that this statement or a later one of the same file adds to the table. */
export function constraintsAddedFromHere(context: StatementContext, table: ObjectName): readonly Constraint[] {
  const added = madeHere(context.section, (name) => context.catalog.key(name)).constraints.get(context.catalog.key(table)) ?? [];
  return added.filter(({ index }) => index >= context.index);
}

/** The type was made by this migration. */
export function isNewType(context: StatementContext, type: ObjectName): boolean {
  return context.catalog.type(type)?.addedBy === context.migration.migration.id;
}
