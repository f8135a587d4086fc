import { defineRule, type RuleExamples } from './rule.ts';
import { dataChecks } from './shared/data-checks.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'update-without-where',
  title: 'UPDATE of every row in one statement',
  severity: 'warning',
  why: 'UPDATE without a WHERE, or with one that is always true, writes a new version of every row in one transaction. Every other UPDATE or DELETE of those rows waits until it ends, all of it goes to the WAL, the table grows by as much as it holds, and VACUUM cannot clear anything away meanwhile.',
  safeAlternative:
    'Update in batches by key, outside the migration or in one that runs outside a transaction, and commit each batch. A constant needs no UPDATE: ADD COLUMN … DEFAULT constant gives it to every row without touching them.',
  sections: ['up'],
  secondary: true,
  reference: 'sql-update',
  knownAs: {
    pgls: ['banUpdateWithoutWhere'],
    pgfence: ['update-in-migration'],
    migrationpilot: ['MP011'],
    strong_migrations: ['change_column_null'],
    'eslint-plugin-postgresql': ['require-where-in-update'],
  },
  statements: dataChecks({
    *update(statement, context) {
      if (
        statement.where === 'present' ||
        context.isNew(statement.table) ||
        context.catalog.table(statement.table)?.persistence === 'temporary'
      )
        return;
      const size = context.size(statement.table);
      const [key] = [...(context.catalog.table(statement.table)?.constraints.values() ?? [])].filter(
        ({ type }) => type === 'primary-key',
      );
      const column = identifier(key?.columns[0] ?? 'id');
      yield {
        message: `Every row of ${quoted(statement.table)}${sizeNote(size)} is written anew in one transaction, and other writers of those rows wait until it ends.`,
        advice: `Run UPDATE ${qualified(statement.table)} … WHERE ${column} > $1 AND ${column} <= $2 for one range of keys after another, each in a transaction of its own.`,
        severity: severityFor(size),
      };
    },
  }),
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, status text);'],
      sql: "UPDATE users SET status = 'active';",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, status text);'],
      sql: "UPDATE users SET status = 'active' WHERE true;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, status text);'],
      sql: "WITH changed AS (UPDATE users SET status = 'active' RETURNING id)\nSELECT count(*) FROM changed;",
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, status text);'],
      sql: "WITH batch AS (SELECT id FROM users WHERE status IS NULL LIMIT 1000)\nUPDATE users SET status = 'active' FROM batch WHERE users.id = batch.id;",
      note: 'One batch.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, status text);'],
      sql: "UPDATE users SET status = 'active' WHERE id BETWEEN 1 AND 10000;",
    },
    {
      sql: "CREATE TABLE roles (id bigint PRIMARY KEY, label text);\nINSERT INTO roles (id) VALUES (1), (2);\nUPDATE roles SET label = 'none';",
      note: 'The table is new.',
    },
  ],
};
