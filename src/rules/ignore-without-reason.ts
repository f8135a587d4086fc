import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'ignore-without-reason',
  title: 'Ignore comment that gives no reason',
  severity: 'warning',
  why: 'Whoever reads the file later cannot tell whether the finding was wrong, was accepted, or was in the way. The reason stands in every report beside the ignore.',
  safeAlternative: 'Write -- @ignore <rule-id> <reason>.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'suppressions',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: '-- @ignore create-index-concurrently\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: '-- @ignore\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: '-- @ignore create-index-concurrently the shop is closed while this runs\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: '-- squawk-ignore require-concurrent-index-creation\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      note: 'The comments of other linters have no place for a reason.',
    },
  ],
};
