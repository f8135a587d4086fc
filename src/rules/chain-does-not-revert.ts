import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'chain-does-not-revert',
  title: 'Change that cannot be taken back as a whole',
  severity: 'error',
  why: 'Each migration of the change was rolled back by itself; all of them together, in reverse order, fail or leave something behind. A release is taken back as a whole.',
  safeAlternative: 'Let each down leave exactly what the migration before it made.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'ALTER TABLE users ADD COLUMN name text;',
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      down: 'ALTER TABLE users DROP COLUMN IF EXISTS name;',
      then: ['ALTER TABLE users RENAME COLUMN name TO full_name;'],
    },
  ],
  good: [
    {
      sql: 'ALTER TABLE users ADD COLUMN name text;',
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      down: 'ALTER TABLE users DROP COLUMN name;',
    },
  ],
};
