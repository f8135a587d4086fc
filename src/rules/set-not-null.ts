import { defineRule } from './rule.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'set-not-null',
  title: 'SET NOT NULL scans the table under ACCESS EXCLUSIVE',
  severity: 'error',
  why: 'SET NOT NULL reads the whole table to look for NULLs while it holds an ACCESS EXCLUSIVE lock: nobody can read or write the table until the scan ends. From PostgreSQL 12 on the scan is skipped when a validated CHECK (column IS NOT NULL) already proves it.',
  safeAlternative: 'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL and drop the CHECK. On PostgreSQL 18, ADD CONSTRAINT … NOT NULL column NOT VALID and VALIDATE CONSTRAINT do the same.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-not-nullable-field'], pgls: ['addingNotNullField'], eugene: ['E2'], pgfence: ['alter-column-set-not-null'],
    migrationpilot: ['MP002', 'MP018'], 'pg-migration-lint': ['PGM013'], strong_migrations: ['change_column_null_postgresql'], atlas: ['MF104', 'PG303'],
  },
  examples: {
    bad: [
      { history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'], sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;' },
      {
        history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);', 'ALTER TABLE users ADD CONSTRAINT users_email_present CHECK (email IS NOT NULL) NOT VALID;'],
        sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
        note: 'The CHECK is there but was never validated.',
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
    ],
  },
  statements: {
    *'alter-table'(statement, context) {
      if (context.isNew(statement.table)) return;
      const table = context.catalog.table(statement.table);
      for (const action of statement.actions) {
        if (action.action !== 'set-not-null' || table?.columns.get(action.column)?.notNull) continue;
        const proven = [...(table?.constraints.values() ?? [])].some((constraint) => constraint.validated && constraint.enforced && constraint.impliesNotNull.includes(action.column));
        if (proven) continue;
        const size = context.size(statement.table);
        const check = identifier(shortened(`${statement.table.name}_${action.column}_not_null`));
        yield {
          span: action.span,
          message: `SET NOT NULL on ${quoted(action.column)} reads all of ${quoted(statement.table)}${sizeNote(size)} while nobody can read or write it.`,
          advice: `First: ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT ${check} CHECK (${identifier(action.column)} IS NOT NULL) NOT VALID; in a later migration VALIDATE CONSTRAINT ${check}; then SET NOT NULL needs no scan.`,
          severity: severityFor(size),
        };
      }
    },
  },
});
