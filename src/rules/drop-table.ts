import { defineRule, type RuleExamples } from './rule.ts';
import { madeAnewAfter } from './shared/made-here.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'drop-table',
  title: 'Table dropped',
  severity: 'error',
  why: 'DROP TABLE loses all rows for good, and running code that still names the table fails. It takes an ACCESS EXCLUSIVE lock on the table, and on every table that its foreign keys reference.',
  safeAlternative:
    'Take the table out of all running code first. Rename it, wait until nothing fails, take a backup, and drop it in a later migration.',
  sections: ['up'],
  reference: 'sql-droptable',
  knownAs: {
    squawk: ['ban-drop-table'],
    pgls: ['banDropTable'],
    pgfence: ['drop-table'],
    migrationpilot: ['MP026'],
    'pg-migration-lint': ['PGM201'],
    atlas: ['DS102'],
    'django-migration-linter': ['DROP_TABLE'],
    'drizzle-migration-lint': ['drop-table'],
    gitlab: ['Migration/DropTable'],
  },
  statements: {
    *drop(statement, context) {
      if (statement.objectType !== 'table') return;
      for (const table of statement.objects) {
        const known = context.catalog.table(table);
        if (context.isNew(table) || known?.persistence === 'temporary' || table.schema === 'pg_temp')
          continue;
        // create-table-force speaks of it.
        if (madeAnewAfter(context, table)) continue;
        const referenced = [...(known?.constraints.values() ?? [])].flatMap(({ references }) =>
          references ? [quoted(references.relation)] : [],
        );
        const locks =
          referenced.length === 0
            ? ''
            : ` ${[...new Set(referenced)].join(', ')}, which it references, is locked against reads and writes too.`;
        const aside = { schema: table.schema, name: shortened(`dropped_${table.name}`) };
        yield {
          span: table.span,
          message: `All rows of ${quoted(table)}${sizeNote(context.size(table))} are lost, and running code that names it fails.${locks}`,
          advice: `Take ${quoted(table)} out of all running code first. Then ALTER TABLE ${qualified(table)} RENAME TO ${identifier(aside.name)}; wait until nothing fails, take a backup, and drop ${quoted(aside)} in a later migration.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY, token text);'],
      sql: 'DROP TABLE sessions;',
    },
    {
      sql: 'DROP TABLE IF EXISTS legacy_orders;',
      note: 'A table that no migration here made is taken to be in use.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE import_rows (id bigint PRIMARY KEY);\nDROP TABLE import_rows;',
      note: 'The same migration made it.',
    },
    { sql: 'CREATE TEMPORARY TABLE import_rows (id bigint);\nDROP TABLE import_rows;' },
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE IF EXISTS sessions;\nCREATE TABLE sessions (id bigint PRIMARY KEY, token text);',
      note: 'create-table-force speaks of it.',
    },
    {
      sql: 'CREATE TABLE sessions (id bigint PRIMARY KEY);',
      down: 'DROP TABLE sessions;',
      note: 'A down takes back what its up made.',
    },
  ],
};
