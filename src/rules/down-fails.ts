import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'down-fails',
  title: 'Rollback that fails',
  severity: 'error',
  why: 'The down was run right after the up, and the server refused a statement. When the release has to be taken back, the rollback stops there.',
  safeAlternative: 'Correct the statement at the place that is marked; undo in the reverse order of the up.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE VIEW open_orders AS SELECT id FROM orders;',
      down: 'DROP TABLE orders;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE VIEW open_orders AS SELECT id FROM orders;',
      down: 'DROP VIEW open_orders;\nDROP TABLE orders;',
    },
  ],
};
