import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'syntax-error',
  title: 'Statement that PostgreSQL cannot parse',
  severity: 'error',
  why: 'The server refuses the statement. Inside a transaction everything before it is taken back; outside one, what ran before stays and the migration is left half done. What cannot be parsed was not checked by any other rule.',
  safeAlternative: 'Correct the statement at the place that is marked.',
  claims: ['fails'],
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  dialects: ['postgres', 'mysql'],
  reference: 'sql-syntax',
  knownAs: { squawk: ['syntax-error'], 'eslint-plugin-postgresql': ['no-syntax-error'] },
  firedBy: 'parser',
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABEL orders (id bigint PRIMARY KEY);' },
    { sql: 'ALTER TABLE orders ADD COLUMN note text,;' },
  ],
  good: [{ sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);' }],
};
