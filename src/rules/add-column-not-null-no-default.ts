import { defineRule, type RuleExamples } from './rule.ts';
import { columnsAdded } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { withoutDomains } from './shared/type-change.ts';

export const rule = defineRule({
  id: 'add-column-not-null-no-default',
  title: 'New NOT NULL column without a default',
  severity: 'error',
  why: 'ADD COLUMN … NOT NULL without a default fails (error 23502) as soon as the table has one row, because that row would have NULL in it. In an empty table it succeeds, and the INSERTs of running code, which do not know the column, fail from then on.',
  safeAlternative:
    'Add the column with a constant default, which costs nothing from PostgreSQL 11 on; or add it nullable, fill it in batches, and make it NOT NULL by way of a validated CHECK.',
  claims: ['fails-on-rows'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-required-field'],
    pgls: ['addingRequiredField'],
    pgfence: ['add-column-not-null-no-default'],
    migrationpilot: ['MP084'],
    'pg-migration-lint': ['PGM008'],
    atlas: ['MF103'],
    'django-migration-linter': ['NOT_NULL'],
    'eslint-plugin-postgresql': ['no-add-column-not-null-without-default'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const { action, column } of columnsAdded(statement, context)) {
        if (
          !column.notNull ||
          column.identity ||
          column.generated ||
          column.type?.serial ||
          (column.default && !column.default.isNull)
        )
          continue;
        const size = context.size(statement.table);
        const empty = size?.measured === true && size.rows === 0;
        // A domain may bring a default of its own, which is not known here.
        const domain =
          column.type !== undefined &&
          withoutDomains(column.type, context.catalog).type !== column.type &&
          !column.default;
        yield {
          span: action.span,
          message: empty
            ? `${quoted(statement.table)} is empty according to ${size.basis}, so this succeeds; INSERTs of running code that leave out ${quoted(column.name)} fail from then on.`
            : `Rows that are already in ${quoted(statement.table)} have no value for ${quoted(column.name)}: this fails unless the table is empty${domain ? ' or the domain has a default' : ''}.`,
          advice: `Give ${quoted(column.name)} a constant default; or ADD COLUMN ${identifier(column.name)} without NOT NULL, fill it in batches, and make it NOT NULL in a later migration (ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT … CHECK (${identifier(column.name)} IS NOT NULL) NOT VALID; first).`,
          ...(empty || domain ? { severity: 'warning' } : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nINSERT INTO users VALUES (1);'],
      sql: 'ALTER TABLE users ADD COLUMN country text NOT NULL;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nINSERT INTO users VALUES (1);'],
      sql: 'ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT NULL;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN country text;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;',
      note: 'The server fills an identity column.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, a integer NOT NULL);'],
      sql: 'ALTER TABLE users ADD COLUMN twice integer NOT NULL GENERATED ALWAYS AS (a * 2) STORED;',
      note: 'So it does a generated one.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN country text NOT NULL;',
    },
  ],
};
