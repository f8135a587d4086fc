import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse, columnsAdded } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { usingIndexFix, usingIndexSteps } from './shared/using-index-fix.ts';

export const rule = defineRule({
  id: 'add-unique-using-index',
  title: 'UNIQUE constraint that builds its index under ACCESS EXCLUSIVE',
  severity: 'error',
  why: 'ADD CONSTRAINT … UNIQUE, and UNIQUE written with ADD COLUMN, build the index of the constraint while the ALTER TABLE holds an ACCESS EXCLUSIVE lock: nobody can read or write the table until it is built.',
  safeAlternative:
    'CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX, which only needs the lock for a moment.',
  claims: ['scans'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['disallowed-unique-constraint'],
    pgls: ['disallowUniqueConstraint'],
    eugene: ['E7'],
    pgfence: ['add-constraint-unique', 'add-constraint-unique-using-index'],
    migrationpilot: ['MP027'],
    'pg-migration-lint': ['PGM017'],
    strong_migrations: ['add_unique_constraint'],
    atlas: ['PG105'],
    'eslint-plugin-postgresql': ['no-add-unique-constraint-directly'],
    'drizzle-migration-lint': ['add-unique-constraint'],
  },
  statements: {
    *'alter-table'(statement, context) {
      const size = context.size(statement.table);
      const blocked = `while nobody can read or write ${quoted(statement.table)}${sizeNote(size)}.`;
      const partitioned = context.catalog.table(statement.table)?.kind === 'partitioned';
      for (const action of actionsInUse(statement, context)) {
        if (
          action.action !== 'add-constraint' ||
          action.constraint.type !== 'unique' ||
          action.constraint.usingIndex !== undefined
        )
          continue;
        const { name, build, attach } = usingIndexSteps(action, statement, context);
        const fix = usingIndexFix(action, statement, context);
        yield {
          span: action.span,
          message: `The index of ${quoted(name)} is built ${blocked}`,
          advice: partitioned
            ? 'A partitioned table takes no USING INDEX: create a unique index ON ONLY it, build one CONCURRENTLY on each partition and attach them; or accept the lock, with a short lock_timeout.'
            : `${build} in a migration of its own (outside a transaction), then ${attach}`,
          severity: severityFor(size),
          ...(fix ? { fix } : {}),
        };
      }
      for (const { action, column } of columnsAdded(statement, context)) {
        if (!column.constraints.some(({ type }) => type === 'unique')) continue;
        yield {
          span: action.span,
          message: `The index of the new unique column ${quoted(column.name)} is built ${blocked}`,
          advice: `Add ${quoted(column.name)} without UNIQUE, then CREATE UNIQUE INDEX CONCURRENTLY … ON ${qualified(statement.table)} (${identifier(column.name)}); in a migration of its own, then ADD CONSTRAINT … UNIQUE USING INDEX.`,
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
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text UNIQUE;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
        'CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);',
      ],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nALTER TABLE users ADD UNIQUE (email);',
    },
  ],
};
