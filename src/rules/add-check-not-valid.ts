import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse, columnsAdded } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { notValidFix } from './shared/not-valid-fix.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'add-check-not-valid',
  title: 'CHECK constraint checked while it is added',
  severity: 'error',
  why: 'Adding a CHECK constraint to a table reads every row under an ACCESS EXCLUSIVE lock: nobody can read or write the table until the check is done. That goes for a CHECK written with ADD COLUMN too.',
  safeAlternative:
    'ADD CONSTRAINT … CHECK … NOT VALID, and VALIDATE CONSTRAINT in a later migration: validating takes only SHARE UPDATE EXCLUSIVE, so reads and writes go on.',
  claims: ['scans', 'fails-on-rows'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['constraint-missing-not-valid'],
    pgls: ['constraintMissingNotValid'],
    eugene: ['E1'],
    pgfence: ['add-constraint-check-no-not-valid'],
    migrationpilot: ['MP030'],
    'pg-migration-lint': ['PGM015'],
    strong_migrations: ['add_check_constraint'],
    atlas: ['PG305'],
    'eslint-plugin-postgresql': ['no-add-check-constraint-without-not-valid'],
    'drizzle-migration-lint': ['add-check-without-not-valid'],
  },
  statements: {
    *'alter-table'(statement, context) {
      const size = context.size(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (
          action.action !== 'add-constraint' ||
          action.constraint.type !== 'check' ||
          action.constraint.notValid ||
          !action.constraint.enforced
        )
          continue;
        const { name } = action.constraint;
        const fix = notValidFix(action, statement, context);
        yield {
          span: action.span,
          message: `Adding ${name === undefined ? 'this CHECK' : quoted(name)} reads all of ${quoted(statement.table)}${sizeNote(size)} while nobody can read or write it.`,
          advice: `Write NOT VALID at its end, and ALTER TABLE ${qualified(statement.table)} VALIDATE CONSTRAINT ${name === undefined ? '…' : identifier(name)}; in a later migration.`,
          severity: severityFor(size),
          ...(fix ? { fix } : {}),
        };
      }
      for (const { action, column } of columnsAdded(statement, context)) {
        if (!column.constraints.some(({ type, enforced }) => type === 'check' && enforced)) continue;
        yield {
          span: action.span,
          message: `The CHECK of the new column ${quoted(column.name)} makes PostgreSQL read all of ${quoted(statement.table)}${sizeNote(size)} while nobody can read or write it.`,
          advice: `Add ${quoted(column.name)} without the CHECK, then ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT … CHECK … NOT VALID; and validate it in a later migration.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN total numeric CHECK (total >= 0);',
      note: 'All rows are read although the new column is NULL in each.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;',
      then: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;'],
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\nALTER TABLE orders ADD CHECK (total >= 0);',
    },
  ],
};
