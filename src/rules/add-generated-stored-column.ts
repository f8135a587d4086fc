import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { actionsInUse, columnsAdded } from './shared/in-use.ts';
import { identifier, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'add-generated-stored-column',
  title: 'Stored generated column added or computed anew',
  severity: 'error',
  why: 'ADD COLUMN … GENERATED ALWAYS AS (…) STORED computes the value of every row, so the whole table and all its indexes are written anew under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile. ALTER COLUMN … SET EXPRESSION (PostgreSQL 17) does the same to a column that is stored.',
  safeAlternative:
    'Add a plain nullable column, keep it up to date with a trigger, and fill the old rows in batches. On PostgreSQL 18 a VIRTUAL generated column is computed when it is read and costs nothing to add; it cannot be indexed.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'ddl-generated-columns',
  knownAs: {
    squawk: ['adding-field-with-default'],
    pgls: ['addSerialColumn'],
    eugene: ['E11'],
    pgfence: ['add-column-stored-generated'],
    migrationpilot: ['MP062'],
    strong_migrations: ['add_column_generated_stored'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const { action, column } of columnsAdded(statement, context)) {
        if (column.generated?.kind !== 'stored') continue;
        const size = context.size(statement.table);
        const virtual =
          context.target.major !== undefined && context.target.major >= 18
            ? `Make ${quoted(column.name)} VIRTUAL, if it needs no index; or add`
            : 'Add';
        yield {
          span: action.span,
          message: `Adding ${quoted(column.name)} computes it for every row and writes all of ${quoted(statement.table)}${sizeNote(size)} anew while nobody can read or write it.`,
          advice: `${virtual} ${identifier(column.name)} as a plain nullable column, set it in a BEFORE INSERT OR UPDATE trigger, and fill the old rows in batches.`,
          severity: severityFor(size),
        };
      }
      yield* newExpressions(statement, context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, net numeric, total numeric GENERATED ALWAYS AS (net * 1.2) STORED);',
      ],
      sql: 'ALTER TABLE orders ALTER COLUMN total SET EXPRESSION AS (net * 1.25);',
      target: { major: 17 },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, net numeric, tax numeric);'],
      sql: 'ALTER TABLE orders ADD COLUMN total numeric GENERATED ALWAYS AS (net + tax) STORED;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, net numeric, total numeric GENERATED ALWAYS AS (net * 1.2) VIRTUAL);',
      ],
      sql: 'ALTER TABLE orders ALTER COLUMN total SET EXPRESSION AS (net * 1.25);',
      target: { major: 18 },
      note: 'Of a virtual column nothing is stored.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, net numeric, tax numeric);'],
      sql: 'ALTER TABLE orders ADD COLUMN total numeric GENERATED ALWAYS AS (net + tax) VIRTUAL;',
      target: { major: 18 },
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, net numeric, tax numeric);\nALTER TABLE orders ADD COLUMN total numeric GENERATED ALWAYS AS (net + tax) STORED;',
    },
  ],
};

function* newExpressions(
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Generator<Problem> {
  const table = context.catalog.table(statement.table);
  for (const action of actionsInUse(statement, context)) {
    if (action.action !== 'set-expression') continue;
    const kind = table?.columns.get(action.column)?.generated?.kind;
    // PostgreSQL 17 has SET EXPRESSION and no virtual columns.
    if (kind !== 'stored' && (kind === 'virtual' || context.target.major !== 17)) continue;
    const size = context.size(statement.table);
    yield {
      span: action.span,
      message: `The new expression of ${quoted(action.column)} is computed for every row: all of ${quoted(statement.table)}${sizeNote(size)} is written anew while nobody can read or write it.`,
      advice: `Add a second column for the new expression in the way of a plain one (nullable, set in a BEFORE INSERT OR UPDATE trigger, filled in batches), let code read that, and drop ${identifier(action.column)} later.`,
      severity: severityFor(size),
    };
  }
}
