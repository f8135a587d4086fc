import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { blockingLocks } from './shared/blocking-locks.ts';
import { longLocks } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';
import { count, numberOption, statisticsOf } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'ddl-on-high-traffic-table',
  title: 'Blocking lock on a table under load',
  severity: 'warning',
  why: 'A blocking lock first waits for the transactions that use the table, and everybody who comes later waits behind it. On a table with hundreds of calls a second the connections of the application are used up within seconds, however short the change itself would be.',
  safeAlternative:
    'Use the form that takes a weak lock (CONCURRENTLY, NOT VALID and VALIDATE), set a short lock_timeout and try again when it strikes, and choose a quiet hour.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { migrationpilot: ['MP013'] },
  options: {
    callsPerSecond: {
      default: 100,
      description: 'Statements a second from which on a table counts as busy.',
    },
    writesPerSecond: { default: 50, description: 'Writes a second from which on it does.' },
  },
  secondary: true,
  statements: {
    'alter-table': check,
    'create-index': check,
    'create-table': check,
    drop: check,
    rename: check,
    'set-schema': check,
    truncate: check,
    'create-trigger': check,
    'create-rule': check,
    'create-policy': check,
    'lock-table': check,
    cluster: check,
    vacuum: check,
    reindex: check,
    'refresh-materialized-view': check,
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      target: { tables: { orders: { rows: 200_000, writesPerSecond: 400 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      runner: 'native',
      target: { tables: { orders: { rows: 200_000, callsPerSecond: 1500 } } },
      note: 'Nothing limits how long it waits for the lock while others queue behind it.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN note text;",
      runner: 'native',
      target: { tables: { orders: { rows: 200_000, callsPerSecond: 1500 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      target: { tables: { orders: { rows: 200_000, writesPerSecond: 400 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      target: { tables: { orders: { rows: 300, writesPerSecond: 400 } } },
      note: 'Three hundred rows are indexed at once.',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  if (context.target.tables.size === 0) return;
  const told = new Set<string>();
  for (const { relation, mode } of blockingLocks(statement, context)) {
    const key = context.catalog.key(relation);
    const figures = statisticsOf(relation, context.catalog, context.target);
    if (!figures || told.has(key)) continue;
    const { callsPerSecond: calls = 0, writesPerSecond: writes = 0 } = figures;
    const busy =
      (mode === 'ACCESS EXCLUSIVE' && calls >= numberOption(context.options, 'callsPerSecond', 100)) ||
      writes >= numberOption(context.options, 'writesPerSecond', 50);
    const long =
      longLocks(statement, context.catalog).some((lock) => context.catalog.key(lock.relation) === key) &&
      context.size(relation)?.volume !== 'small';
    const limited = context.timeouts.lock !== undefined && context.timeouts.lock > 0;
    if (!busy || (limited && !long)) continue;
    told.add(key);
    const load = calls >= writes ? `${count(calls)} calls` : `${count(writes)} writes`;
    yield {
      message: `${quoted(relation)} gets ${load} a second according to the sizes file; ${mode === 'ACCESS EXCLUSIVE' ? 'all of them wait' : 'its writes wait'} ${long ? 'until this is done' : 'for as long as this waits for its lock, which nothing limits'}.`,
    };
  }
}
