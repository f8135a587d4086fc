import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'table-read-under-lock',
  title: 'Existing table read whole while nobody can write to it',
  severity: 'warning',
  why: 'The statement went through every row of an existing table while its transaction held a lock on it that blocks writes: every INSERT, UPDATE and DELETE waits for as long as that takes, and under ACCESS EXCLUSIVE every SELECT too. It takes as long as the table is large.',
  safeAlternative:
    'Build indexes CONCURRENTLY; add constraints NOT VALID and validate them in a later migration, which lets reads and writes through.',
  sections: ['up'],
  firedBy: 'proof',
  ignorable: true,
  reference: 'explicit-locking',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: "DO $$ BEGIN EXECUTE 'CREATE INDEX idx_orders_total ON ' || 'orders (total)'; END $$;",
      note: 'What a body builds as text no rule can read.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, total integer);\nALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;',
      ],
      sql: 'ALTER TABLE orders VALIDATE CONSTRAINT total_positive;',
      note: 'It reads the whole table too, and lets reads and writes through.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, total integer);\nCREATE INDEX idx_orders_total ON orders (total);',
      note: 'Nobody uses the table yet.',
    },
  ],
};
