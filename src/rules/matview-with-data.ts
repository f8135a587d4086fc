import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { fileWords, isUsedLater } from './shared/moves.ts';
import { qualified, quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'matview-with-data',
  title: 'Materialized view filled when it is created',
  severity: 'info',
  why: 'CREATE MATERIALIZED VIEW runs its query at once, so the migration takes as long as the query. The locks that the transaction already holds are kept all that time.',
  safeAlternative:
    'Create it WITH NO DATA and run REFRESH MATERIALIZED VIEW in a migration or job of its own.',
  sections: ['up'],
  reference: 'sql-creatematerializedview',
  knownAs: { migrationpilot: ['MP096'] },
  statements: {
    *'create-materialized-view'(statement, context) {
      if (!statement.withData || (statement.ifNotExists && context.catalog.table(statement.view))) return;
      const own = context.catalog.key(statement.view);
      const read = statement.relations.filter(
        (relation) => context.catalog.key(relation) !== own && !context.isNew(relation),
      );
      const heavy = read.filter((relation) => {
        const size = context.size(relation);
        return !(size?.measured && size.volume === 'small');
      });
      const [first] = heavy;
      if (!first) return;
      const fix = fixFor(statement, context);
      yield {
        message: `The query of ${quoted(statement.view)} runs now and reads ${quoted(first)}${sizeNote(context.size(first))}${heavy.length > 1 ? ' and others' : ''}.`,
        advice: `Add WITH NO DATA here and REFRESH MATERIALIZED VIEW ${qualified(statement.view)}; in a migration or job of its own.`,
        ...(fix ? { fix } : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id WITH NO DATA;',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;',
      note: 'There is nothing to read yet.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;',
      target: { tables: { 'public.orders': { rows: 300 } } },
      note: 'The query reads a table that is known to be small.',
    },
  ],
};

function fixFor(
  statement: StatementOf<'create-materialized-view'>,
  context: StatementContext,
): Fix | undefined {
  // Something later may read the view, which cannot be done before it is filled.
  if (context.nested || isUsedLater(statement.view.name, context)) return undefined;
  const { start, end } = statement.span;
  const explicit = /\s+with\s+data$/i.exec(context.text.slice(Math.max(start, end - 80), end))?.[0];
  return {
    title: 'Create the view empty and fill it in a migration of its own',
    edits: [{ start: end - (explicit?.length ?? 0), end, text: ' WITH NO DATA' }],
    newMigrations: [
      {
        name: fileWords('fill', statement.view.name),
        up: `REFRESH MATERIALIZED VIEW ${qualified(statement.view)};`,
        noTransaction: false,
      },
    ],
  };
}
