import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'table-rewritten',
  title: 'Existing table written anew',
  severity: 'warning',
  why: 'The statement gave an existing table a new file: every row was copied and every index built again while ACCESS EXCLUSIVE kept everybody out, reads included. It takes as long as the table is large, and as much room again.',
  safeAlternative: 'Add a new column or table beside the old one, fill it in batches, and change over.',
  sections: ['up', 'down', 'verify'],
  firedBy: 'proof',
  ignorable: true,
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;',
      down: 'ALTER TABLE orders ALTER COLUMN total TYPE integer;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10));'],
      sql: 'ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);',
      down: 'ALTER TABLE orders ALTER COLUMN code TYPE varchar(10);',
    },
  ],
};
