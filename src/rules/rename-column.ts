import { defineRule, type RuleExamples } from './rule.ts';
import { columnMadeHere } from './shared/made-here.ts';
import { identifier, qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'rename-column',
  title: 'Column renamed while code uses it',
  severity: 'error',
  why: 'From the moment a rename is committed, every query of running code that names the old column fails (error 42703), and code that already uses the new name fails until then. There is no order of deployment in which neither happens.',
  safeAlternative:
    'Add a column with the new name, keep both equal with a trigger, fill the old rows in batches, move the code over, and drop the old column in a later release.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['renaming-column'],
    pgls: ['renamingColumn'],
    pgfence: ['rename-column'],
    migrationpilot: ['MP010', 'MP071'],
    'pg-migration-lint': ['PGM505'],
    strong_migrations: ['rename_column'],
    atlas: ['BC102'],
    'django-migration-linter': ['RENAME_COLUMN'],
    'eslint-plugin-postgresql': ['no-rename-column'],
    'drizzle-migration-lint': ['rename-column'],
  },
  statements: {
    *rename(statement, context) {
      const { relation, from, to } = statement;
      if (statement.objectType !== 'column' || !relation || context.isNew(relation)) return;
      if (columnMadeHere(context, relation, from)) return;
      const isType = context.catalog.type(relation) !== undefined && !context.catalog.table(relation);
      yield {
        message: `Running code that names ${quoted(from)} of ${quoted(relation)} fails as soon as it is called ${quoted(to)}.`,
        advice: isType
          ? undefined
          : `ALTER TABLE ${qualified(relation)} ADD COLUMN ${identifier(to)} …; keep it equal to ${identifier(from)} with a trigger, fill the old rows in batches, move the code over, and drop ${identifier(from)} in a later release.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, mail text);'],
      sql: 'ALTER TABLE users RENAME COLUMN mail TO email;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN mail text;\nALTER TABLE users RENAME COLUMN mail TO email;',
      note: 'No code knows a column that the same migration added.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, mail text);\nALTER TABLE users RENAME COLUMN mail TO email;',
      note: 'Nobody uses a table that the same migration made.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, mail text);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;',
    },
  ],
};
