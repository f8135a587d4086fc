import type { Relation, Statement } from '../sql/statement.ts';
import { defineRule, type RuleExamples, type StatementContext } from './rule.ts';
import { foreignKeysOf, plainType, referencedColumns } from './shared/foreign-keys.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { offerType, type TypedColumn, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-int',
  title: 'Key column of type integer',
  severity: 'info',
  why: 'An integer ends at 2,147,483,647, and numbers drawn for rows that were deleted or rolled back count too. Then every INSERT fails (error 22003, or 2200H from the sequence) until the column is bigint, and that change writes the table and its indexes anew under ACCESS EXCLUSIVE, at a time when the table is at its largest. The columns that point to it have to follow.',
  safeAlternative: 'Use bigint for keys.',
  sections: ['up'],
  reference: 'datatype-numeric',
  knownAs: {
    squawk: ['prefer-bigint-over-int'],
    pgls: ['preferBigInt', 'preferBigintOverInt'],
    pgfence: ['prefer-bigint-over-int'],
    migrationpilot: ['MP038'],
    'pg-migration-lint': ['PGM107'],
    'eslint-plugin-postgresql': ['prefer-bigint-id'],
  },
  statements: typeChecks((column, context, statement) => {
    const { type, table, name } = column;
    if (type.name !== 'integer' || type.schema !== undefined || type.array) return undefined;
    if (isPrimaryKey(column, context, statement))
      return {
        message: `${quoted(name)} is the key of ${quoted(table)} and ends at 2,147,483,647: no row can be added after that.`,
        advice: `Make ${identifier(name)} ${type.serial ? 'bigserial, or bigint GENERATED ALWAYS AS IDENTITY' : 'bigint'}.`,
        ...offerType(column, context, type.serial ? 'bigserial' : 'bigint'),
      };
    const target = unknownTarget(column, context, statement);
    return target === undefined
      ? undefined
      : {
          message: `${quoted(name)} of ${quoted(table)} cannot point to a row of ${quoted(target)} whose key is above 2,147,483,647.`,
          advice: `Make ${identifier(name)} bigint, unless the key of ${qualified(target)} is integer as well.`,
        };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE orders (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);' },
    { sql: 'CREATE TABLE orders (id serial, note text, PRIMARY KEY (id));' },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id int REFERENCES users (id));',
      note: 'Nothing is known of the key of users; where it is integer, too, this column may be as well.',
    },
  ],
  good: [
    { sql: 'CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, items integer);' },
    {
      history: ['CREATE TABLE users (id integer PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer REFERENCES users (id));',
      note: 'The column has the type of the key it points to.',
    },
    {
      sql: 'CREATE TABLE order_lines (order_id bigint, line integer, PRIMARY KEY (order_id, line));',
      note: 'A part of a key counts something within the rest of it.',
    },
  ],
};

/** The whole key, or the numbered part of one. */
function isPrimaryKey(column: TypedColumn, context: StatementContext, statement: Statement): boolean {
  const definition = column.column;
  const isNumbered = column.type.serial || definition?.identity !== undefined;
  const isKey = (columns: readonly string[]): boolean =>
    columns.includes(column.name) && (columns.length === 1 || isNumbered);
  if (definition?.constraints.some(({ type }) => type === 'primary-key')) return true;
  const constraints =
    statement.kind === 'create-table'
      ? statement.constraints
      : [
          ...(context.catalog.table(column.table)?.constraints.values() ?? []),
          ...(statement.kind === 'alter-table'
            ? statement.actions.flatMap((action) =>
                action.action === 'add-constraint' ? [action.constraint] : [],
              )
            : []),
        ];
  return constraints.some(({ type, columns }) => type === 'primary-key' && isKey(columns));
}

/** The table that the column points to, where the type of its key is not known. */
function unknownTarget(
  column: TypedColumn,
  context: StatementContext,
  statement: Statement,
): Relation | undefined {
  for (const key of foreignKeysOf(statement)) {
    const position = key.constraint.columns.indexOf(column.name);
    const { relation } = key.references;
    // A table that points to itself: its key is judged by itself.
    if (position === -1 || context.catalog.key(relation) === context.catalog.key(key.table)) continue;
    const target = referencedColumns(key, context.catalog)[position];
    const type =
      target === undefined ? undefined : plainType(context.catalog.table(relation), target, context.catalog);
    if (!type) return relation;
  }
  return undefined;
}
