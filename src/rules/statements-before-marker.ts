import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'statements-before-marker',
  title: 'SQL above the first marker',
  severity: 'error',
  why: 'What stands above the first section marker belongs to no section: neither an up nor a rollback runs it. The migration counts as done without it.',
  safeAlternative: 'Move the statements below the marker of the up.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: "CREATE TYPE state AS ENUM ('open');",
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\nCREATE TYPE state AS ENUM (\'open\');\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- orders of the shop\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
      note: 'Comments may stand there.',
    },
  ],
};
