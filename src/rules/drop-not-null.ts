import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-not-null',
  title: 'NOT NULL dropped from a column that code reads',
  severity: 'info',
  why: 'After DROP NOT NULL the column can hold NULL. Code, reports and replicas that were written for a column without NULL may fail or count wrongly when the first one arrives, and NOT NULL can only be set again when no row has one.',
  safeAlternative: 'Deploy code that copes with NULL first, then drop NOT NULL.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['ban-drop-not-null'],
    pgls: ['banDropNotNull'],
    pgfence: ['drop-not-null'],
    migrationpilot: ['MP029'],
    'pg-migration-lint': ['PGM507'],
    'eslint-plugin-postgresql': ['no-drop-not-null'],
  },
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'drop-not-null' || table?.columns.get(action.column)?.notNull === false)
          continue;
        yield {
          span: action.span,
          message: `Code that reads ${quoted(action.column)} of ${quoted(statement.table)} has to cope with NULL from now on.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);'],
      sql: 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;',
      note: 'The column could hold NULL before.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;',
    },
  ],
};
