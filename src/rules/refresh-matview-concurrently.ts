import type { CatalogIndex } from '../sql/catalog/catalog.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'refresh-matview-concurrently',
  title: 'Materialized view refreshed without CONCURRENTLY',
  severity: 'warning',
  why: 'REFRESH MATERIALIZED VIEW takes an ACCESS EXCLUSIVE lock on the view: nobody can read it while its query runs, and until the transaction ends.',
  safeAlternative:
    'REFRESH MATERIALIZED VIEW CONCURRENTLY. It needs a unique index on plain columns of the view, without a WHERE, and a view that has been filled before.',
  claims: ['blocks-reads'],
  sections: ['up'],
  reference: 'sql-refreshmaterializedview',
  knownAs: {
    pgls: ['requireConcurrentRefreshMatview'],
    pgfence: ['refresh-matview-blocking'],
    migrationpilot: ['MP033'],
  },
  statements: {
    *'refresh-materialized-view'(statement, context) {
      if (statement.concurrently || !statement.withData || context.isNew(statement.view)) return;
      const view = context.catalog.table(statement.view);
      if (view && !view.populated) return;
      const unique = context.catalog.indexesOf(statement.view).find(allowsConcurrentRefresh);
      const size = context.size(statement.view);
      const head = /^refresh\s+materialized\s+view/i.exec(
        context.text.slice(statement.span.start, statement.span.end),
      )?.[0];
      const at = statement.span.start + (head?.length ?? 0);
      yield {
        message: `Nobody can read ${quoted(statement.view)}${sizeNote(size)} while this refresh runs.`,
        advice: unique
          ? `REFRESH MATERIALIZED VIEW CONCURRENTLY ${qualified(statement.view)};`
          : `Create a unique index on ${quoted(statement.view)} first, then REFRESH MATERIALIZED VIEW CONCURRENTLY ${qualified(statement.view)};`,
        severity: severityFor(size),
        ...(unique && head !== undefined && !context.nested
          ? { fix: { title: 'Refresh concurrently', edits: [{ start: at, end: at, text: ' CONCURRENTLY' }] } }
          : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;',
      ],
      sql: 'REFRESH MATERIALIZED VIEW order_counts;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;\nCREATE UNIQUE INDEX idx_order_counts_user_id ON order_counts (user_id);',
      ],
      sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY order_counts;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id WITH NO DATA;',
      then: ['REFRESH MATERIALIZED VIEW order_counts;'],
      note: 'A view that was never filled cannot be read anyway.',
    },
  ],
};

function allowsConcurrentRefresh(index: CatalogIndex): boolean {
  return index.unique && !index.partial && index.columns.every(({ column }) => column !== undefined);
}
