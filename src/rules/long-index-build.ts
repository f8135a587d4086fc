import type { Relation } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';
import { numberOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'long-index-build',
  title: 'Index build on a very large table',
  severity: 'info',
  why: 'Building an index reads the whole table, with CONCURRENTLY twice, and sorts what it reads: minutes to hours on a very large table, with much reading and writing for every replica, too. A statement_timeout or a deployment that gives up earlier ends it; a concurrent build that was ended leaves an INVALID index behind.',
  safeAlternative:
    'Build it apart from the deployment in a quiet hour, without statement_timeout, with more maintenance_work_mem and max_parallel_maintenance_workers for the session, and watch pg_stat_progress_create_index.',
  sections: ['up'],
  reference: 'progress-reporting',
  knownAs: { migrationpilot: ['MP104'] },
  options: { rows: { default: 10_000_000, description: 'Rows from which on a table counts as very large.' } },
  statements: {
    *'create-index'(statement, context) {
      // ON ONLY a partitioned table builds nothing.
      if (statement.table.only && context.catalog.table(statement.table)?.kind === 'partitioned') return;
      yield* check(statement.table, statement.concurrently, context);
    },
    *reindex(statement, context) {
      if (statement.target === 'table' && statement.relation)
        yield* check(statement.relation, statement.concurrently, context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_events_user_id ON events (user_id);',
      noTransaction: true,
      target: { tables: { events: { rows: 400_000_000 } } },
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, user_id bigint);'],
      sql: "SET statement_timeout = '5min';\nCREATE INDEX CONCURRENTLY idx_events_user_id ON events (user_id);",
      noTransaction: true,
      target: { tables: { events: { rows: 400_000_000 } } },
      note: 'Here the timeout is likely to end it.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_events_user_id ON events (user_id);',
      noTransaction: true,
      target: { tables: { events: { rows: 40_000 } } },
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_events_user_id ON events (user_id);',
      noTransaction: true,
      note: 'Nothing is known of its size.',
    },
  ],
};

function* check(table: Relation, concurrently: boolean, context: StatementContext): Generator<Problem> {
  const size = context.size(table);
  if (context.isNew(table) || (size?.rows ?? 0) < numberOption(context.options, 'rows', 10_000_000)) return;
  const limit = context.timeouts.statement ?? 0;
  const ended =
    limit > 0
      ? ` The statement timeout of ${limit / 1000} s ends it${concurrently ? ' and leaves an invalid index' : ''} if it takes longer.`
      : '';
  yield {
    message: `This build works through all of ${quoted(table)}${sizeNote(size)} and takes long.${ended}`,
  };
}
