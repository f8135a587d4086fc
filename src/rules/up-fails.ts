import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'up-fails',
  title: 'Migration that fails',
  severity: 'error',
  why: 'The up was run on a real PostgreSQL, in the schema that the earlier migrations make, and the server refused a statement. On the target it stops the same way: the deployment stands still, and outside a transaction what ran before the statement stays.',
  safeAlternative: 'Correct the statement at the place that is marked; the message is the server’s own.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users DROP COLUMN email;',
      down: 'SELECT 1;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users DROP COLUMN email;',
      down: 'ALTER TABLE users ADD COLUMN email text;',
    },
  ],
};
