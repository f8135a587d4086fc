import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'duplicate-id',
  title: 'Two migrations with one id',
  severity: 'error',
  why: 'The history records ids. Once one of the two has run, the id counts as done and the other is never run; or the tool refuses both. It happens when two branches take the same next number.',
  safeAlternative: 'Give the newer of the two an id of its own, after every merged one.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
          '000001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);',
        },
      },
      note: 'The files are 000001_orders.up.sql and 000001_users.up.sql.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
          '000002_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);',
        },
      },
    },
  ],
};
