import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'refresh-matview-concurrent-lock',
  title: 'REFRESH … CONCURRENTLY inside a migration',
  severity: 'info',
  why: 'REFRESH MATERIALIZED VIEW CONCURRENTLY lets others read, but it takes an EXCLUSIVE lock on the view: no other refresh, index build or VACUUM of the view can run until the transaction ends, and the migration takes as long as the query and the comparison with the old rows.',
  safeAlternative: 'Refresh on a schedule, when little is going on, rather than in the migration.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'sql-refreshmaterializedview',
  knownAs: { pgls: ['concurrentRefreshMatviewLock'], pgfence: ['refresh-matview-concurrent'] },
  statements: {
    *'refresh-materialized-view'(statement, context) {
      if (!statement.concurrently || context.isNew(statement.view)) return;
      const size = context.size(statement.view);
      yield {
        message: `Until this refresh of ${quoted(statement.view)}${sizeNote(size)} is committed, no other refresh or VACUUM of it can run.`,
        severity: severityFor(size),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;\nCREATE UNIQUE INDEX idx_order_counts_user_id ON order_counts (user_id);',
      ],
      sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY order_counts;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;\nCREATE UNIQUE INDEX idx_order_counts_user_id ON order_counts (user_id);\nREFRESH MATERIALIZED VIEW CONCURRENTLY order_counts;',
      note: 'Nobody uses a view that the same migration made.',
    },
  ],
};
