import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'merged-migration-edited',
  title: 'Merged migration that was edited',
  severity: 'error',
  why: 'A database that has run the migration keeps what its old text did; one that is set up later gets what the new text does. The two differ from then on, and tools that keep a checksum of what they ran (Airlock, Flyway, sqlx) refuse to go on.',
  safeAlternative: 'Put the file back as it was merged, and write what should change into a new migration.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  change: ({ changed, git }) => {
    const problems: PlacedProblem[] = [];
    if (!git) return problems;
    for (const checked of changed) {
      const { up, down, repeatable } = checked.migration;
      if (repeatable) continue;
      if (git.edited.has(up.file.path)) {
        problems.push({
          migration: checked,
          section: 'up',
          message:
            'This migration was merged before this change edits it: databases that ran it keep what the old text did.',
        });
      } else if (down && git.edited.has(down.file.path)) {
        problems.push({
          migration: checked,
          section: 'down',
          message:
            'The down of a merged migration is edited: see that it takes back what the up did where it has run.',
        });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders ADD COLUMN total numeric;',
      git: { edited: [0] },
      note: 'The earlier migration was edited in this change.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      git: { edited: [] },
    },
  ],
};
