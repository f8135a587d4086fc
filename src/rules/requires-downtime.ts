import { defineRule, type RuleExamples } from './rule.ts';
import { metadataPlace } from './shared/metadata-place.ts';

export const rule = defineRule({
  id: 'requires-downtime',
  title: 'Migration that asks for downtime',
  severity: 'info',
  why: 'The metadata says that the application has to be stopped while this migration runs: whoever decides when it runs has to know that before.',
  safeAlternative:
    'Plan the stop; or split the change so that old and new code can use the schema at the same time.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  migration: ({ migration }) =>
    migration.migration.metadata?.requiresDowntime === true
      ? [
          {
            migration,
            section: 'up',
            span: metadataPlace(migration.migration, 'requiresDowntime'),
            message:
              'This migration needs downtime, says its metadata: the application has to be stopped while it runs.',
          },
        ]
      : [],
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id integer PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ALTER COLUMN id TYPE bigint;',
      metadata: { requiresDowntime: true },
    },
  ],
  good: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);', metadata: { requiresDowntime: false } },
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
  ],
};
