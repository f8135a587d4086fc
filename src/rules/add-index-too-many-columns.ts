import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { numberOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'add-index-too-many-columns',
  title: 'Index over many columns',
  severity: 'off',
  why: 'An index is of use for conditions on its first columns; columns far behind seldom narrow a search down any further. Each of them makes the index larger and takes away the cheap in-place (HOT) update of every UPDATE that changes it.',
  safeAlternative:
    'Index the one to three columns that narrow the rows down most; put columns that are only read into INCLUDE.',
  sections: ['up'],
  reference: 'indexes-multicolumn',
  knownAs: { strong_migrations: ['add_index_columns'] },
  options: {
    columns: { default: 3, description: 'Columns that an index which is not unique may have.' },
  },
  statements: {
    *'create-index'(statement, { options }) {
      if (statement.unique || statement.method !== 'btree') return;
      if (statement.columns.length > numberOption(options, 'columns', 3))
        yield {
          message: `${statement.index === undefined ? 'This index' : quoted(statement.index)} has ${statement.columns.length} columns; the last of them hardly narrow a search down.`,
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, shop_id bigint, state text, at date);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_lookup ON orders (user_id, shop_id, state, at);',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, shop_id bigint, state text, at date);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_lookup ON orders (user_id, shop_id) INCLUDE (state, at);',
      noTransaction: true,
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, shop_id bigint, state text, at date);',
      ],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY idx_orders_once ON orders (user_id, shop_id, state, at);',
      noTransaction: true,
      note: 'What has to be unique decides on the columns.',
    },
  ],
};
