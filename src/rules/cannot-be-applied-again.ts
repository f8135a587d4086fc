import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'cannot-be-applied-again',
  title: 'Migration that cannot be applied again after its rollback',
  severity: 'error',
  why: 'Up, down and up again were run one after the other, and the second up failed or made something else: after a rollback the corrected release cannot be deployed without somebody’s hand.',
  safeAlternative:
    'Let the down take back all that the up makes, and let the up depend on nothing that its down removes.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TYPE order_state AS ENUM ('open');",
      down: 'DROP TABLE orders;',
    },
  ],
  good: [
    {
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TYPE order_state AS ENUM ('open');",
      down: 'DROP TYPE order_state;\nDROP TABLE orders;',
    },
  ],
};
