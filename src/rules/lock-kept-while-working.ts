import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'lock-kept-while-working',
  title: 'Lock on an existing table kept while later statements work',
  severity: 'warning',
  why: 'A lock is held until its transaction ends. Statements of the same transaction that read or write whole tables after it was taken are time in which everybody who needs the locked table waits, although the statement that took the lock is long done.',
  safeAlternative:
    'Put the statement that takes the lock last, or put what takes long into a migration of its own.',
  sections: ['up'],
  firedBy: 'proof',
  ignorable: true,
  reference: 'explicit-locking',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, total integer);',
      ],
      sql: "ALTER TABLE users ADD COLUMN email text;\nDO $$ BEGIN EXECUTE 'UPDATE ' || 'orders SET total = 0'; END $$;",
      note: '"users" is locked until all of "orders" has been changed.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, total integer);',
      ],
      sql: "DO $$ BEGIN EXECUTE 'UPDATE ' || 'orders SET total = 0'; END $$;\nALTER TABLE users ADD COLUMN email text;",
      note: 'The lock comes last.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      note: 'What follows takes no time.',
    },
  ],
};
