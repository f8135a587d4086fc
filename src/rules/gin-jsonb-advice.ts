import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'gin-jsonb-advice',
  title: 'GIN index on jsonb with the default operator class',
  severity: 'off',
  why: 'The default jsonb_ops enters every key and every value by itself. jsonb_path_ops enters one hash for each path: it is usually much smaller and faster for @>, @? and @@, but does not know the key operators ?, ?| and ?&.',
  safeAlternative: 'USING gin (column jsonb_path_ops) where only @>, @? and @@ are asked.',
  sections: ['up'],
  reference: 'datatype-json',
  knownAs: { migrationpilot: ['MP056'] },
  statements: {
    *'create-index'(statement, context) {
      if (statement.method !== 'gin') return;
      const table = context.catalog.table(statement.table);
      for (const { column, opclass } of statement.columns) {
        if (
          column === undefined ||
          opclass !== undefined ||
          table?.columns.get(column)?.type?.name !== 'jsonb'
        )
          continue;
        yield {
          message: `This index enters every key and value of ${quoted(column)} by itself; jsonb_path_ops would be smaller where only containment is asked.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_documents_body ON documents USING gin (body);',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_documents_body ON documents USING gin (body jsonb_path_ops);',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, words tsvector);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_documents_words ON documents USING gin (words);',
      noTransaction: true,
    },
  ],
};
