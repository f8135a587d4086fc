import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'data-lost-by-rollback',
  title: 'Rows that a rollback does not bring back',
  severity: 'warning',
  why: 'Rows stood in the table before the up. After up and down they, or their values, are not what they were: a rollback restores the shape and not the contents.',
  safeAlternative:
    'Keep what is dropped until nobody needs to go back: rename it or copy it to a table of its own, and drop it in a later release; or say "rollbackStrategy": "backup" in the metadata.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, nickname text);'],
      sql: 'ALTER TABLE users DROP COLUMN nickname;',
      down: 'ALTER TABLE users ADD COLUMN nickname text;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, nickname text);'],
      sql: 'ALTER TABLE users RENAME COLUMN nickname TO old_nickname;',
      down: 'ALTER TABLE users RENAME COLUMN old_nickname TO nickname;',
    },
  ],
};
