import { defineRule, type RuleExamples } from './rule.ts';
import { dataChecks } from './shared/data-checks.ts';
import { quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'delete-without-where',
  title: 'DELETE of every row',
  severity: 'error',
  why: 'DELETE without a WHERE, or with one that is always true, removes every row, and no down brings them back. In one transaction it locks every row until the end, writes all of them to the WAL and leaves the table full of dead rows.',
  safeAlternative:
    'Say which rows go in a WHERE. Where there are many, delete them in batches by key outside the migration, after a backup.',
  sections: ['up'],
  reference: 'sql-delete',
  knownAs: {
    pgls: ['banDeleteWithoutWhere'],
    pgfence: ['delete-without-where'],
    migrationpilot: ['MP067'],
    'eslint-plugin-postgresql': ['require-where-in-delete'],
  },
  statements: dataChecks({
    *delete(statement, context) {
      if (
        statement.where === 'present' ||
        context.isNew(statement.table) ||
        context.catalog.table(statement.table)?.persistence === 'temporary'
      )
        return;
      const condition = statement.where === 'always-true' ? 'Its WHERE is always true: all' : 'All';
      yield {
        message: `${condition} rows of ${quoted(statement.table)}${sizeNote(context.size(statement.table))} are deleted.`,
      };
    },
  }),
});

export const examples: RuleExamples = {
  bad: [
    { history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'], sql: 'DELETE FROM sessions;' },
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'],
      sql: 'DELETE FROM sessions WHERE 1 = 1;',
    },
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'],
      sql: 'WITH gone AS (DELETE FROM sessions RETURNING id)\nSELECT count(*) FROM gone;',
      note: 'WITH runs it whatever the query reads of it.',
    },
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'],
      sql: 'EXPLAIN ANALYZE DELETE FROM sessions;',
      note: 'EXPLAIN ANALYZE runs what it explains.',
    },
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'],
      sql: 'PREPARE clear AS DELETE FROM sessions;\nEXECUTE clear;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY, expires_at timestamptz);'],
      sql: "DELETE FROM sessions WHERE expires_at < now() - interval '1 year';",
    },
    {
      sql: 'CREATE TABLE import_rows (id bigint PRIMARY KEY);\nINSERT INTO import_rows VALUES (1);\nDELETE FROM import_rows;',
      note: 'The table is new.',
    },
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'],
      sql: 'EXPLAIN DELETE FROM sessions;',
      note: 'Without ANALYZE it is planned and not run.',
    },
  ],
};
