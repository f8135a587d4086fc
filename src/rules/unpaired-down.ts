import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'unpaired-down',
  title: 'Down that belongs to no up',
  severity: 'warning',
  aside: true,
  why: 'A down is run for the up that has its id. One whose id no up has is never run, and most often the up it was written for has none.',
  safeAlternative: 'Give it the id of the up it takes back, or remove it.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'DROP TABLE orders;',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
          '000002_orders.down.sql': 'DROP TABLE orders;',
        },
      },
      note: 'The files are 000001_orders.up.sql and 000002_orders.down.sql.',
    },
  ],
  good: [
    {
      sql: 'DROP TABLE orders;',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
          '000001_orders.down.sql': 'DROP TABLE orders;',
        },
      },
    },
  ],
};
