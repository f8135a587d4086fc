import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'empty-down',
  title: 'Rollback that does nothing',
  severity: 'error',
  why: 'The up changes the schema, and its down holds no statement: a rollback succeeds and takes nothing back.',
  safeAlternative:
    'Write the down that takes the up back, or say in the metadata that there is none: "rollbackStrategy": "backup" or "forward".',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [{ sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);', down: '-- later' }],
  good: [{ sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);', down: 'DROP TABLE orders;' }],
};
