import { defineRule, type RuleExamples, type Target } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'pg14-concurrent-index-corruption',
  title: 'Concurrent index build on PostgreSQL 14.0 to 14.3',
  severity: 'warning',
  why: 'In PostgreSQL 14.0 to 14.3, CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY can leave out rows that are updated during the build. Queries that use the index then miss those rows, and a unique index lets duplicates in, with no error anywhere. 14.4 repaired it; no other major version has the fault.',
  safeAlternative:
    'Upgrade the server to 14.4 or later first, and rebuild indexes that were built concurrently before.',
  sections: ['up', 'down'],
  reference: 'release-14-4',
  knownAs: { pgfence: ['pg14-index-concurrent-bug'], strong_migrations: ['add_index_corruption'] },
  statements: {
    *'create-index'(statement, { target, isNew }) {
      if (statement.concurrently && isFaulty(target) && !isNew(statement.table))
        yield {
          message: `PostgreSQL ${target.serverVersion} can leave rows out of ${statement.index === undefined ? 'this index' : quoted(statement.index)} that are updated while it is built.`,
        };
    },
    *reindex(statement, { target }) {
      if (statement.concurrently && isFaulty(target))
        yield {
          message: `PostgreSQL ${target.serverVersion} can leave rows out of the new index that are updated while it is built.`,
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      target: { major: 14, serverVersion: '14.2' },
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      ],
      sql: 'REINDEX INDEX CONCURRENTLY idx_orders_user_id;',
      noTransaction: true,
      target: { major: 14, serverVersion: '14.3' },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      target: { major: 14, serverVersion: '14.4' },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      target: { major: 15, serverVersion: '15.1' },
    },
  ],
};

function isFaulty({ serverVersion }: Target): boolean {
  const minor = /^14\.(\d+)/.exec(serverVersion ?? '')?.[1];
  return minor !== undefined && Number(minor) < 4;
}
