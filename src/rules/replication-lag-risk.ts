import type { ObjectName, Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { dataChecks } from './shared/data-checks.ts';
import { longLocks } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';
import { reachOf } from './shared/reach.ts';
import { count, numberOption, statisticsOf } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'replication-lag-risk',
  title: 'Much WAL at once while replicas follow',
  severity: 'info',
  why: 'Writing a large table anew, building an index on it and changing most of its rows put all of that into the write-ahead log at once. Replicas have to receive and replay it: reads from them are stale meanwhile, and with synchronous replication commits wait.',
  safeAlternative:
    'Change rows in batches with pauses, build large indexes one at a time, and watch pg_stat_replication while it runs.',
  sections: ['up'],
  reference: 'warm-standby',
  knownAs: { migrationpilot: ['MP103'] },
  options: {
    rows: { default: 1_000_000, description: 'Rows of the table from which on it is reported.' },
    bytes: { default: 1_073_741_824, description: 'Bytes of the table from which on it is.' },
  },
  statements: dataChecks({
    'alter-table': check,
    'create-index': check,
    cluster: check,
    vacuum: check,
    reindex: check,
    'refresh-materialized-view': check,
    update: check,
    delete: check,
    merge: check,
    insert: check,
  }),
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, status text);'],
      sql: "UPDATE orders SET status = 'open';",
      target: { replicas: 2, tables: { orders: { rows: 8_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, status text);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_status ON orders (status);',
      noTransaction: true,
      target: { replicas: 1, tables: { orders: { rows: 8_000_000 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, status text);'],
      sql: "UPDATE orders SET status = 'open';",
      target: { replicas: 0, tables: { orders: { rows: 8_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, status text);'],
      sql: "UPDATE orders SET status = 'open' WHERE id BETWEEN 1 AND 1000;",
      target: { replicas: 2, tables: { orders: { rows: 8_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      target: { replicas: 2, tables: { orders: { rows: 8_000_000 } } },
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  const replicas = context.target.replicas ?? 0;
  if (replicas === 0) return;
  for (const { relation, does } of heavyWrites(statement, context)) {
    const figures = statisticsOf(relation, context.catalog, context.target);
    const large =
      (figures?.rows ?? 0) >= numberOption(context.options, 'rows', 1_000_000) ||
      (figures?.bytes ?? 0) >= numberOption(context.options, 'bytes', 1_073_741_824);
    if (!large || context.catalog.table(relation)?.persistence === 'unlogged' || context.isNew(relation))
      continue;
    const size =
      figures?.rows === undefined ? `${count(figures?.bytes ?? 0)} bytes` : `${count(figures.rows)} rows`;
    yield {
      message: `This ${does} ${quoted(relation)} (${size} according to the sizes file) in one go, and ${replicas === 1 ? 'one replica has' : `${count(replicas)} replicas have`} to replay it.`,
    };
  }
}

function heavyWrites(
  statement: Statement,
  context: StatementContext,
): readonly { readonly relation: ObjectName; readonly does: string }[] {
  if (statement.kind === 'create-index') return [{ relation: statement.table, does: 'builds an index on' }];
  if (statement.kind === 'reindex' && statement.relation && statement.target === 'table')
    return [{ relation: statement.relation, does: 'builds the indexes anew of' }];
  if (
    statement.kind === 'update' ||
    statement.kind === 'delete' ||
    statement.kind === 'merge' ||
    statement.kind === 'insert'
  ) {
    const reach = reachOf(statement, context);
    return reach === 'every-row' || reach === 'many-rows'
      ? [
          {
            relation: statement.table,
            does: statement.kind === 'insert' ? 'copies many rows into' : 'changes most rows of',
          },
        ]
      : [];
  }
  return longLocks(statement, context.catalog)
    .filter(({ work, cause }) => work !== 'reads' && cause !== 'SET UNLOGGED')
    .map(({ relation, work }) => ({
      relation,
      does: work === 'writes' ? 'writes anew' : 'builds an index on',
    }));
}
