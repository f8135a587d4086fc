import { defineRule, type RuleExamples } from './rule.ts';
import { columnsDropped } from './shared/dropped-columns.ts';
import { columnAddedAfter } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'drop-column',
  title: 'Column dropped',
  severity: 'error',
  why: 'DROP COLUMN loses the values of the column for good, and code that still names it fails from the moment it commits, SELECT * with a cached plan included. It takes an ACCESS EXCLUSIVE lock on the table, for a short time: the rows are not rewritten.',
  safeAlternative:
    'Stop reading and writing the column in all running code first. Drop it in a later release, with a backup or a copy of the values where they may be wanted.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['ban-drop-column'],
    pgls: ['banDropColumn'],
    pgfence: ['drop-column'],
    migrationpilot: ['MP017'],
    'pg-migration-lint': ['PGM009'],
    strong_migrations: ['remove_column'],
    atlas: ['DS103'],
    'django-migration-linter': ['DROP_COLUMN'],
    'eslint-plugin-postgresql': ['no-drop-column'],
    'drizzle-migration-lint': ['drop-column'],
    gitlab: ['Migration/RemoveColumn'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of columnsDropped(statement, context)) {
        const { table } = statement;
        // The values of a generated column can be computed again.
        const isGenerated = context.catalog.table(table)?.columns.get(action.column)?.generated !== undefined;
        if (isGenerated && columnAddedAfter(context, table, action.column)) continue;
        yield {
          span: action.span,
          message: isGenerated
            ? `Running code that names ${quoted(action.column)} of ${quoted(table)} fails.`
            : `The values of ${quoted(action.column)} in ${quoted(table)}${sizeNote(context.size(table))} are lost, and running code that names the column fails.`,
          advice: `Deploy code that no longer names ${quoted(action.column)} first, everywhere; then drop it in a later migration.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text, nickname text);'],
      sql: 'ALTER TABLE users DROP COLUMN nickname;',
    },
    {
      history: ['CREATE TABLE accounts (id bigint PRIMARY KEY, legacy_token text);'],
      sql: 'ALTER TABLE accounts ADD COLUMN token text, DROP COLUMN IF EXISTS legacy_token;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, nickname text);\nALTER TABLE users DROP COLUMN nickname;',
      note: 'The table is new.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD COLUMN import_key text;\nALTER TABLE users DROP COLUMN import_key;',
      note: 'The same migration added the column.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users DROP COLUMN IF EXISTS nickname;',
      note: 'There is no such column.',
    },
    {
      history: [
        "CREATE TABLE posts (id bigint PRIMARY KEY, title text, search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED);",
      ],
      sql: "ALTER TABLE posts DROP COLUMN search;\nALTER TABLE posts ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', title)) STORED;",
      note: 'A generated column is made anew by another expression: nothing is lost, and code still finds it.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD COLUMN nickname text;',
      down: 'ALTER TABLE users DROP COLUMN nickname;',
      note: 'A down takes back what its up made.',
    },
  ],
};
