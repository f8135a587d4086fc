import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'configuration-changed',
  title: 'Change of the configuration that migrations are judged by',
  severity: 'warning',
  why: 'Rules that a change could loosen for itself would protect nothing, so a pull request is judged by the configuration of its base branch. What it changes there counts from the merge on, for everybody.',
  safeAlternative: 'Review the configuration on its own, or merge it in a change without migrations.',
  dialects: ['postgres', 'mysql'],
  firedBy: 'action',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: '-- The pull request adds this migration and edits migration.config.yml.\nCREATE TABLE orders (id bigint PRIMARY KEY);',
    },
  ],
  good: [
    {
      sql: '-- The pull request adds this migration and leaves the configuration alone.\nCREATE TABLE orders (id bigint PRIMARY KEY);',
    },
  ],
};
