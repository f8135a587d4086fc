import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'down-does-not-revert-up',
  title: 'Rollback that does not restore the schema',
  severity: 'error',
  why: 'Up and down were run one after the other, and the schema is not what it was: what differs stays behind after a rollback, and the next attempt at the migration meets it.',
  safeAlternative: 'Undo in the down everything that the up does, in reverse order.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX idx_orders_note ON orders (note);\nCREATE TABLE notes (id bigint PRIMARY KEY);',
      down: 'ALTER TABLE orders DROP COLUMN note;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX idx_orders_note ON orders (note);\nCREATE TABLE notes (id bigint PRIMARY KEY);',
      down: 'DROP TABLE notes;\nALTER TABLE orders DROP COLUMN note;',
    },
  ],
};
