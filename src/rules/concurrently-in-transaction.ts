import { layouts } from '../migration/layouts/registry.ts';
import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { isAlone } from './shared/moves.ts';

export const rule = defineRule({
  id: 'concurrently-in-transaction',
  title: 'CONCURRENTLY inside a transaction',
  severity: 'error',
  why: 'CREATE INDEX, DROP INDEX and REINDEX with CONCURRENTLY, and DETACH PARTITION CONCURRENTLY, commit on their way and so refuse to run inside a transaction, a DO block or a function. PostgreSQL stops the migration with error 25001 (active_sql_transaction).',
  safeAlternative:
    'Put the statement in a migration of its own and mark that migration as one that runs outside a transaction.',
  keepSeverityInDown: true,
  reference: 'sql-createindex',
  knownAs: {
    squawk: ['ban-concurrent-index-creation-in-transaction'],
    pgls: ['banConcurrentIndexCreationInTransaction'],
    pgfence: ['concurrent-in-transaction'],
    migrationpilot: ['MP025'],
    'pg-migration-lint': ['PGM003'],
    atlas: ['PG103'],
  },
  statements: {
    *'create-index'(statement, context) {
      if (statement.concurrently) yield* refused('CREATE INDEX CONCURRENTLY', statement, context);
    },
    *drop(statement, context) {
      if (statement.concurrently) yield* refused('DROP INDEX CONCURRENTLY', statement, context);
    },
    *reindex(statement, context) {
      if (statement.concurrently) yield* refused('REINDEX CONCURRENTLY', statement, context);
    },
    *'alter-table'(statement, context) {
      if (statement.actions.some((action) => action.action === 'detach-partition' && action.concurrently))
        yield* refused('DETACH PARTITION CONCURRENTLY', statement, context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);\nCREATE INDEX CONCURRENTLY idx_orders_at ON orders (at);',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);',
          '000002_index.up.sql':
            'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);\nCREATE INDEX CONCURRENTLY idx_orders_at ON orders (at);',
        },
        merged: ['000001_orders.up.sql'],
      },
      runner: 'native',
      note: 'golang-migrate sends the file as it stands: PostgreSQL makes one transaction of two statements.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      runner: 'native',
      note: 'The tool that runs the files opens a transaction around each.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'BEGIN;\nCREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);\nCOMMIT;',
      noTransaction: true,
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      ],
      sql: 'DO $$\nBEGIN\n  DROP INDEX CONCURRENTLY idx_orders_user_id;\nEND\n$$;',
      noTransaction: true,
      note: 'A DO block is a transaction of its own.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      note: 'Airlock’s own runner sees what the statement needs and runs the file outside a transaction; the file should say so (a warning). Among other statements it is an error.',
    },
  ],
  good: [
    {
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
          '000002_index.up.sql': 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
        },
        merged: ['000001_orders.up.sql'],
      },
      note: 'golang-migrate sends a file as it stands, and a single statement runs outside a transaction.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      runner: 'native',
      noTransaction: true,
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE MATERIALIZED VIEW order_counts AS SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id;\nCREATE UNIQUE INDEX ON order_counts (user_id);',
      ],
      sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY order_counts;',
      runner: 'native',
      note: 'REFRESH MATERIALIZED VIEW CONCURRENTLY may run inside a transaction.',
    },
  ],
};

function* refused(what: string, statement: Statement, context: StatementContext): Generator<Problem> {
  const { execution } = context.section;
  if (context.nested) {
    yield {
      span: statement.span,
      message: `${what} fails inside a DO block (error 25001).`,
      claims: ['fails'],
      advice: 'Write it as a statement of its own, in a migration that runs outside a transaction.',
    };
    return;
  }
  if (!context.inTransaction) {
    if (execution.inferred) yield* unmarked(what, context);
    return;
  }
  const byRunner = execution.transaction;
  const who = byRunner
    ? execution.runner === 'native'
      ? `${execution.tool} runs this file in one transaction`
      : 'this file runs in one transaction'
    : 'a transaction that the file opened is still open here';
  const advice = byRunner ? wayOut(context) : undefined;
  const fix =
    byRunner && execution.optOut !== undefined && isAlone(context)
      ? { title: 'Run the file outside a transaction', edits: [], noTransaction: true }
      : undefined;
  yield {
    message: `${what} fails here (error 25001): ${who}.`,
    // An enclosing BEGIN … COMMIT is taken off where Airlock runs the file.
    ...(byRunner ? { claims: ['fails'] } : {}),
    ...(advice === undefined ? {} : { advice }),
    ...(fix ? { fix } : {}),
  };
}

/** How the statement gets out of the transaction that whoever runs the file opens around it. */
function wayOut({ section: { execution }, migration }: StatementContext): string {
  const layout = layouts.get(migration.migration.layout);
  // Where the tool has no word for it, being alone is the word.
  if (layout?.optOut === undefined && layout?.nativeTransaction === 'simple-query')
    return `Put it alone in its file: ${layout.title} sends a file as it stands, and a single statement runs outside a transaction.`;
  return execution.optOut === undefined
    ? `${execution.tool} runs every file in a transaction: run the statement by hand or with Airlock’s own runner, or leave CONCURRENTLY out while the table is small.`
    : `Move it to a file of its own and mark that with ${execution.optOut}.`;
}

/** Airlock's runner sees what the statement needs and runs the file outside a transaction; the file should say so. */
function* unmarked(what: string, context: StatementContext): Generator<Problem> {
  const { statements } = context.section.sql;
  if (statements.findIndex(({ needsAutocommit }) => needsAutocommit) !== context.index) return;
  const layout = layouts.get(context.migration.migration.layout);
  const byItself = layout?.optOut === undefined && layout?.nativeTransaction === 'simple-query';
  // Such a file says all that its layout can say.
  if (byItself && statements.length === 1) return;
  const optOut = context.section.execution.optOut ?? '-- @no-transaction';
  const alone = statements.every(({ needsAutocommit }) => needsAutocommit);
  yield {
    message: alone
      ? `${what} cannot run in a transaction, and this file does not say that it runs outside one.`
      : `${what} cannot run in a transaction, so the whole file runs outside one: when it fails half-way, what ran before stays.`,
    severity: alone ? 'warning' : 'error',
    advice: byItself || !alone ? wayOut(context) : `Mark the file with ${optOut}.`,
    ...(alone && !byItself
      ? { fix: { title: 'Say that the file runs outside a transaction', edits: [], noTransaction: true } }
      : {}),
  };
}
