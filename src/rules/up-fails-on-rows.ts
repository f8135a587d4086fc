import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'up-fails-on-rows',
  title: 'Migration that fails on a table with rows',
  severity: 'error',
  why: 'On empty tables the up runs; with rows in them the server refused a statement. A development database is often empty and production never is, so this is found at the deployment.',
  safeAlternative:
    'Bring the rows into shape first: a default or a backfill before NOT NULL, a USING expression that holds for every value, NOT VALID and a later VALIDATE for a constraint.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text);'],
      sql: 'ALTER TABLE users ADD COLUMN email text NOT NULL;',
      down: 'ALTER TABLE users DROP COLUMN email;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text);'],
      sql: "ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '';",
      down: 'ALTER TABLE users DROP COLUMN email;',
    },
  ],
};
