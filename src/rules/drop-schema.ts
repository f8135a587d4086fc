import { defineRule, type RuleExamples } from './rule.ts';
import { schemaMadeHere } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-schema',
  title: 'Schema dropped',
  severity: 'error',
  why: 'DROP SCHEMA fails while the schema holds anything; with CASCADE it drops every table, type and function in it, rows included, and what depends on them elsewhere. Every table is locked ACCESS EXCLUSIVE until the transaction ends.',
  safeAlternative:
    'Drop what the schema holds by name, in migrations of their own, and the empty schema last.',
  sections: ['up'],
  reference: 'sql-dropschema',
  knownAs: {
    pgls: ['banDropSchema'],
    pgfence: ['drop-schema'],
    migrationpilot: ['MP035'],
    'pg-migration-lint': ['PGM205'],
    atlas: ['DS101'],
  },
  statements: {
    *drop(statement, context) {
      if (statement.objectType !== 'schema') return;
      for (const schema of statement.objects) {
        if (schemaMadeHere(context, schema.name)) continue;
        const tables = [...context.catalog.tables()]
          .filter((table) => table.schema === schema.name)
          .map((table) => quoted(table.name));
        const held =
          tables.length === 0
            ? 'what it holds'
            : `${tables.slice(0, 5).join(', ')}${tables.length > 5 ? ` and ${tables.length - 5} more` : ''}`;
        yield {
          span: schema.span,
          message: statement.cascade
            ? `Dropping the schema ${quoted(schema.name)} loses ${held}.`
            : `Dropping the schema ${quoted(schema.name)} fails unless it is empty${tables.length === 0 ? '' : `, and it holds ${held}`}.`,
          ...(statement.cascade || tables.length === 0 ? {} : { claims: ['fails'] }),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE SCHEMA archive;\nCREATE TABLE archive.orders (id bigint PRIMARY KEY);'],
      sql: 'DROP SCHEMA archive CASCADE;',
    },
    {
      history: ['CREATE SCHEMA archive;\nCREATE TABLE archive.orders (id bigint PRIMARY KEY);'],
      sql: 'DROP SCHEMA archive;',
      note: 'Fails while the schema holds anything.',
    },
  ],
  good: [
    {
      sql: 'CREATE SCHEMA staging_import;\nDROP SCHEMA staging_import;',
      note: 'The same migration made it.',
    },
    {
      sql: 'CREATE SCHEMA archive;',
      down: 'DROP SCHEMA archive;',
      note: 'A down takes back what its up made.',
    },
  ],
};
