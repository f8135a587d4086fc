import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'invalid-index-left',
  title: 'Invalid index left behind',
  severity: 'error',
  why: 'After the up there is an index that is not valid: no query uses it, every write keeps it up, and a unique one refuses values without having checked those that are there.',
  safeAlternative: 'Drop it with DROP INDEX CONCURRENTLY and build it again.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
      ],
      sql: 'CREATE INDEX idx_events_id ON ONLY events (id);',
      down: 'DROP INDEX idx_events_id;',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
      ],
      sql: 'CREATE INDEX idx_events_id ON events (id);',
      down: 'DROP INDEX idx_events_id;',
    },
  ],
};
