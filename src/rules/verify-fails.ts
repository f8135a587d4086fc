import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'verify-fails',
  title: 'Verification that fails',
  severity: 'error',
  why: 'After the up the VERIFY section was run, and it failed: either the up does not do what it is meant to, or the check is wrong. On the target it fails the run.',
  safeAlternative: 'Correct the up, or the check.',
  sections: ['up', 'down', 'verify'],
  keepSeverityInDown: true,
  firedBy: 'proof',
});

export const examples: RuleExamples = {
  bad: [
    {
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": []\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;\n-- VERIFY\nSELECT 1 / count(*) FROM pg_tables WHERE tablename = \'order\';\n',
      sql: "SELECT 1 / count(*) FROM pg_tables WHERE tablename = 'order';",
    },
  ],
  good: [
    {
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": []\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;\n-- VERIFY\nSELECT 1 / count(*) FROM pg_tables WHERE tablename = \'orders\';\n',
      sql: "SELECT 1 / count(*) FROM pg_tables WHERE tablename = 'orders';",
    },
  ],
};
