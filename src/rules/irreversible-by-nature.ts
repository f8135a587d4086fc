import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'irreversible-by-nature',
  title: 'Change that PostgreSQL cannot take back',
  severity: 'warning',
  why: 'PostgreSQL can add a value to an enum and cannot take one out: whatever the down says, the value stays, and rows may hold it by then.',
  safeAlternative:
    'Add the value in a migration of its own that is meant to stay ("rollbackStrategy": "forward"), or keep the values in a table, or in a text column with a CHECK.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
  reference: 'sql-altertype',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ["CREATE TYPE mood AS ENUM ('glad', 'sad');"],
      sql: "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';",
      down: '-- The value stays.',
    },
  ],
  good: [
    {
      sql: "CREATE TYPE mood AS ENUM ('glad', 'sad');",
      down: 'DROP TYPE mood;',
    },
  ],
};
