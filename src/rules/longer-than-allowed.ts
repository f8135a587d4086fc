import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'longer-than-allowed',
  title: 'Estimated time above the maxDuration of an environment',
  severity: 'warning',
  why: 'An environment limits how long one migration may take, and a run that takes longer is ended. What the statements were seen to read, build and write anew takes longer than that at the row counts of the sizes file; the basis of the estimate is told with it.',
  safeAlternative:
    'Divide the work over several migrations or batches, or raise maxDuration for the environment in migration.config.yml on the base branch.',
  sections: ['up'],
  firedBy: 'proof',
  ignorable: true,
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;',
      target: { tables: { 'public.orders': { rows: 12_000_000 } } },
      note: 'With environments: { production: { maxDuration: 30s } }: some 48 seconds at 500,000 rows a second, twice through.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      target: { tables: { 'public.orders': { rows: 12_000_000 } } },
    },
  ],
};
