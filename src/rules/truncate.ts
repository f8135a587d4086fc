import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'truncate',
  title: 'TRUNCATE of a table in use',
  severity: 'error',
  why: 'TRUNCATE removes every row, and no down brings them back. It takes an ACCESS EXCLUSIVE lock on the table until the transaction ends, fires no DELETE triggers, and to transactions with an older snapshot the table looks empty.',
  safeAlternative:
    'Where rows have to go, DELETE them in batches outside the migration, with a condition and after a backup.',
  sections: ['up'],
  reference: 'sql-truncate',
  knownAs: {
    pgls: ['banTruncate'],
    pgfence: ['truncate'],
    'pg-migration-lint': ['PGM203'],
    'drizzle-migration-lint': ['truncate-in-migration'],
  },
  statements: {
    *truncate(statement, context) {
      for (const table of statement.tables) {
        if (context.isNew(table) || context.catalog.table(table)?.persistence === 'temporary') continue;
        yield {
          span: table.span,
          message: `All rows of ${quoted(table)}${sizeNote(context.size(table))} are lost, and nobody can read or write it until the transaction ends.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    { history: ['CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb);'], sql: 'TRUNCATE events;' },
  ],
  good: [
    {
      sql: 'CREATE TABLE import_rows (id bigint PRIMARY KEY);\nINSERT INTO import_rows VALUES (1);\nTRUNCATE import_rows;',
      note: 'The table is new.',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, seen_at timestamptz);'],
      sql: "DELETE FROM events WHERE seen_at < '2020-01-01' AND id BETWEEN 1 AND 10000;",
    },
  ],
};
