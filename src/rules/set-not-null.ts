import type { Relation } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';
import { isProvenNotNull } from './shared/not-null.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'set-not-null',
  title: 'SET NOT NULL scans the table under ACCESS EXCLUSIVE',
  severity: 'error',
  why: 'SET NOT NULL reads the whole table to look for NULLs while it holds an ACCESS EXCLUSIVE lock: nobody can read or write the table until the scan ends. From PostgreSQL 12 on the scan is skipped when a validated CHECK (column IS NOT NULL) already proves it.',
  safeAlternative:
    'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL and drop the CHECK. On PostgreSQL 18, ADD CONSTRAINT … NOT NULL column NOT VALID and VALIDATE CONSTRAINT do the same.',
  claims: ['scans', 'fails-on-rows'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-not-nullable-field'],
    pgls: ['addingNotNullField'],
    eugene: ['E2'],
    pgfence: ['alter-column-set-not-null'],
    migrationpilot: ['MP002', 'MP018'],
    'pg-migration-lint': ['PGM013'],
    strong_migrations: ['change_column_null_postgresql'],
    atlas: ['MF104', 'PG303'],
    'django-migration-linter': ['NOT_NULL'],
    'eslint-plugin-postgresql': ['no-set-not-null'],
    'drizzle-migration-lint': ['set-not-null'],
    gitlab: ['Migration/ChangeColumnNullOnHighTrafficTable'],
  },
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        // PostgreSQL 18 writes it as a table constraint too.
        const direct =
          action.action === 'add-constraint' &&
          action.constraint.type === 'not-null' &&
          !action.constraint.notValid;
        const column =
          action.action === 'set-not-null'
            ? action.column
            : direct
              ? action.constraint.columns[0]
              : undefined;
        if (
          column === undefined ||
          table?.columns.get(column)?.notNull ||
          isProvenNotNull(table, column, context.target.major)
        )
          continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: `${direct ? 'NOT NULL' : 'SET NOT NULL'} on ${quoted(column)} reads all of ${quoted(statement.table)}${sizeNote(size)} while nobody can read or write it.`,
          advice: advice(statement.table, column, context.target.major),
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
        'ALTER TABLE users ADD CONSTRAINT users_email_present CHECK (email IS NOT NULL) NOT VALID;',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
      note: 'The CHECK is there but was never validated.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_not_null NOT NULL email;',
      target: { major: 18 },
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
        'ALTER TABLE users ADD CONSTRAINT users_email_present CHECK (email IS NOT NULL) NOT VALID;',
        'ALTER TABLE users VALIDATE CONSTRAINT users_email_present;',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_present;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);'],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
      note: 'It is NOT NULL already.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_not_null NOT NULL email NOT VALID;',
      then: ['ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;'],
      target: { major: 18 },
    },
  ],
};

function advice(table: Relation, column: string, major: number | undefined): string {
  const name = identifier(shortened(`${table.name}_${column}_not_null`));
  const add = `ALTER TABLE ${qualified(table)} ADD CONSTRAINT ${name}`;
  if (major !== undefined && major >= 18)
    return `${add} NOT NULL ${identifier(column)} NOT VALID; and in a later migration VALIDATE CONSTRAINT ${name}.`;
  return `First: ${add} CHECK (${identifier(column)} IS NOT NULL) NOT VALID; in a later migration VALIDATE CONSTRAINT ${name}; then SET NOT NULL needs no scan.`;
}
