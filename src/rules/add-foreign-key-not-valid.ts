import { defineRule, type RuleExamples } from './rule.ts';
import { foreignKeysOf } from './shared/foreign-keys.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { notValidFix } from './shared/not-valid-fix.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'add-foreign-key-not-valid',
  title: 'Foreign key checked while it is added',
  severity: 'error',
  why: 'ADD FOREIGN KEY takes a SHARE ROW EXCLUSIVE lock on both tables and then checks every row of the referencing one: INSERT, UPDATE and DELETE on both tables wait until the check is done. Written with ADD COLUMN … DEFAULT, the check runs under ACCESS EXCLUSIVE.',
  safeAlternative:
    'ADD CONSTRAINT … FOREIGN KEY … NOT VALID, and VALIDATE CONSTRAINT in a later migration: validating takes only SHARE UPDATE EXCLUSIVE on the referencing table and ROW SHARE on the referenced one.',
  claims: ['scans'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-foreign-key-constraint'],
    pgls: ['addingForeignKeyConstraint'],
    eugene: ['E1'],
    pgfence: ['add-column-inline-foreign-key', 'add-constraint-fk-no-not-valid'],
    migrationpilot: ['MP005'],
    'pg-migration-lint': ['PGM014'],
    strong_migrations: ['add_foreign_key', 'add_reference'],
    atlas: ['PG306'],
    'eslint-plugin-postgresql': ['consistent-fk-not-valid'],
    'drizzle-migration-lint': ['add-fk-without-not-valid'],
    gitlab: ['Migration/AddConcurrentForeignKey', 'AddReference'],
  },
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table' || context.isNew(statement.table)) return;
      const table = context.catalog.table(statement.table);
      for (const key of foreignKeysOf(statement)) {
        const { constraint, references, action, column } = key;
        if (constraint.notValid || !constraint.enforced || !action) continue;
        if (
          action.action === 'add-column' &&
          ((!column?.default && !column?.type?.serial) ||
            (action.ifNotExists && table?.columns.has(action.column.name)))
        )
          continue;
        const size = context.size(statement.table);
        const span = action.span;
        if (action.action !== 'add-constraint') {
          yield {
            span,
            message: `Every row of ${quoted(statement.table)}${sizeNote(size)} is looked up in ${quoted(references.relation)} while nobody can read or write ${quoted(statement.table)}.`,
            advice: `Add the column without the foreign key, then ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT … FOREIGN KEY (${identifier(constraint.columns[0] ?? '')}) REFERENCES ${qualified(references.relation)} NOT VALID; and validate it in a later migration.`,
            severity: severityFor(size),
          };
          continue;
        }
        const message = `Adding this foreign key blocks writes to ${quoted(statement.table)}${sizeNote(size)} and ${quoted(references.relation)} while every row of ${quoted(statement.table)} is checked.`;
        // PostgreSQL 18 was the first to take NOT VALID here.
        if (table?.kind === 'partitioned' && (context.target.major ?? 0) < 18) {
          yield {
            span,
            message,
            advice:
              'PostgreSQL before 18 refuses a NOT VALID foreign key on a partitioned table: add it NOT VALID to each partition, validate those, then add it to the partitioned table.',
          };
          continue;
        }
        const fix = notValidFix(action, statement, context);
        const name = constraint.name === undefined ? '…' : identifier(constraint.name);
        yield {
          span,
          message,
          advice: `Write NOT VALID at its end, and ALTER TABLE ${qualified(statement.table)} VALIDATE CONSTRAINT ${name}; in a later migration.`,
          severity: severityFor(size),
          ...(fix ? { fix } : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id);',
    },
    {
      history: [
        'CREATE TABLE regions (id integer PRIMARY KEY);\nINSERT INTO regions VALUES (1);\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      ],
      sql: 'ALTER TABLE orders ADD COLUMN region_id integer NOT NULL DEFAULT 1 REFERENCES regions (id);',
      note: 'With a default every row gets a value, and every value is looked up.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      then: ['ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user_id;'],
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);',
      note: 'A table that the same migration made is empty.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN user_id bigint REFERENCES users (id);',
      note: 'A new column without a default holds nothing but NULL: PostgreSQL checks no row.',
    },
  ],
};
