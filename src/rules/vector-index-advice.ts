import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'vector-index-advice',
  title: 'pgvector index built where or how it works badly',
  severity: 'off',
  why: 'An ivfflat index computes its lists from the rows that are there when it is built: on an empty table they mean nothing, and searches miss neighbours until it is built anew. An hnsw index that does not fit into maintenance_work_mem (64 MB unless set) is built many times slower.',
  safeAlternative:
    'Build ivfflat after the table is filled; for hnsw raise maintenance_work_mem in the same session first.',
  sections: ['up'],
  knownAs: { migrationpilot: ['MP050', 'MP109', 'MP112'] },
  statements: {
    *'create-index'(statement, context) {
      const isNew = context.isNew(statement.table);
      const filled = context.catalog.table(statement.table)?.populated === true;
      if (statement.method === 'ivfflat' && isNew && !filled) {
        yield {
          message: `${quoted(statement.table)} was just made: the lists of this ivfflat index are computed from no rows.`,
        };
      } else if (statement.method === 'hnsw' && !isNew && !raisesMemory(context.section)) {
        yield {
          message: `This hnsw index on ${quoted(statement.table)} is built with the server’s maintenance_work_mem; what does not fit into it is built many times slower.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3));\nCREATE INDEX idx_items_embedding ON items USING ivfflat (embedding vector_l2_ops) WITH (lists = 100);',
      note: 'Needs the extension vector.',
    },
    {
      history: ['CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3));'],
      sql: 'CREATE INDEX CONCURRENTLY idx_items_embedding ON items USING hnsw (embedding vector_l2_ops);',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3));'],
      sql: 'CREATE INDEX CONCURRENTLY idx_items_embedding ON items USING ivfflat (embedding vector_l2_ops) WITH (lists = 100);',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3));'],
      sql: "SET maintenance_work_mem = '2GB';\nCREATE INDEX CONCURRENTLY idx_items_embedding ON items USING hnsw (embedding vector_l2_ops);",
      noTransaction: true,
    },
    {
      sql: 'CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3));\nCREATE INDEX idx_items_embedding ON items USING hnsw (embedding vector_l2_ops);',
      note: 'hnsw needs no rows to begin with.',
    },
  ],
};

const raisesMemory = oncePerSection((section) =>
  [...statementsOf(section)].some(
    ({ statement }) => statement.kind === 'set' && statement.name === 'maintenance_work_mem',
  ),
);
