import { defineRule, type RuleExamples } from './rule.ts';
import { columnsAdded } from './shared/in-use.ts';
import { identifier, quoted } from './shared/names.ts';
import { columnRewrite } from './shared/rewrites.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'add-column-default-pre-pg11',
  title: 'New column with a default on PostgreSQL before 11',
  severity: 'error',
  why: 'Before PostgreSQL 11, ADD COLUMN with any default but NULL writes the whole table anew under an ACCESS EXCLUSIVE lock: nobody can read or write it meanwhile. From 11 on a constant default is kept once, beside the table. The rule looks at targets whose version is configured.',
  safeAlternative:
    'Add the column without the default, SET DEFAULT for new rows, then fill the old rows in batches.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-field-with-default'],
    pgls: ['addingFieldWithDefault'],
    pgfence: ['add-column-default-pre-pg11'],
    strong_migrations: ['add_column_default'],
  },
  statements: {
    *'alter-table'(statement, context) {
      if (context.target.major === undefined || context.target.major >= 11) return;
      for (const { action, column } of columnsAdded(statement, context)) {
        // What rewrites on every version is another rule's.
        if (!column.default || column.default.isNull || columnRewrite(column, context.catalog)) continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: `PostgreSQL ${context.target.major} writes all of ${quoted(statement.table)}${sizeNote(size)} anew to add ${quoted(column.name)} with a default, while nobody can read or write it.`,
          advice: `Add ${quoted(column.name)} without the default, ALTER COLUMN ${identifier(column.name)} SET DEFAULT …, then fill the old rows in batches.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';",
      target: { major: 10 },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';",
      target: { major: 16 },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN state text DEFAULT NULL;',
      target: { major: 10 },
    },
    {
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY);\nALTER TABLE orders ADD COLUMN state text DEFAULT 'new';",
      target: { major: 10 },
    },
  ],
};
