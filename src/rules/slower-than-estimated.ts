import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'slower-than-estimated',
  title: 'Estimated time more than twice the estimatedDuration of the metadata',
  severity: 'warning',
  why: 'What the statements were seen to read, build and write anew takes, at the row counts of the sizes file, more than twice as long as the metadata says. Reviewers and deployment windows go by the metadata. The estimate counts one time through each table that is read whole and two for one that is written anew or gets an index; its basis is told with it.',
  safeAlternative:
    'Correct "estimatedDuration", or do the work in a way that takes less: NOT VALID constraints, CONCURRENTLY, batches.',
  sections: ['up'],
  firedBy: 'proof',
  ignorable: true,
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;',
      metadata: { estimatedDuration: 1000 },
      target: { tables: { 'public.orders': { rows: 12_000_000 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;',
      metadata: { estimatedDuration: 60_000 },
      target: { tables: { 'public.orders': { rows: 12_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      metadata: { estimatedDuration: 10 },
      target: { tables: { 'public.orders': { rows: 12_000_000 } } },
      note: 'It reads and writes no row.',
    },
  ],
};
