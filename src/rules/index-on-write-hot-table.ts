import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { count, numberOption, statisticsOf } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'index-on-write-hot-table',
  title: 'New index on a table that is written much',
  severity: 'info',
  why: 'Every INSERT writes an entry into every index. An UPDATE that changes an indexed column can no longer be done in place (HOT), so it writes an entry into each index of the table, and VACUUM has to clean all of them. On a table with many writes that is a lasting cost.',
  safeAlternative:
    'Weigh what the index gains against that: a partial index costs only the rows it holds, and an index that nobody reads can go (pg_stat_user_indexes).',
  sections: ['up'],
  reference: 'storage-hot',
  knownAs: { migrationpilot: ['MP101'] },
  options: {
    writesPerSecond: {
      default: 50,
      description: 'Writes a second from which on a table counts as written much.',
    },
  },
  statements: {
    *'create-index'(statement, context) {
      if (statement.where || context.isNew(statement.table)) return;
      const writes = statisticsOf(statement.table, context.catalog, context.target)?.writesPerSecond;
      if (writes === undefined || writes < numberOption(context.options, 'writesPerSecond', 50)) return;
      const others = context.catalog.indexesOf(statement.table).length;
      yield {
        message: `${quoted(statement.table)} gets ${count(writes)} writes a second according to the sizes file, and each of them has one index more to keep up${others > 0 ? ` (beside ${others} known)` : ''}.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, state text);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_state ON orders (state);',
      noTransaction: true,
      target: { tables: { orders: { rows: 2_000_000, writesPerSecond: 800 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, state text);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_state ON orders (state);',
      noTransaction: true,
      target: { tables: { orders: { rows: 2_000_000, writesPerSecond: 3 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, state text);'],
      sql: "CREATE INDEX CONCURRENTLY idx_orders_open ON orders (user_id) WHERE state = 'open';",
      noTransaction: true,
      target: { tables: { orders: { rows: 2_000_000, writesPerSecond: 800 } } },
      note: 'A partial index is written for the rows it holds.',
    },
  ],
};
