import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'missing-up-marker',
  title: 'File without the marker of its up',
  severity: 'error',
  why: 'The sections of a file are told apart by marker lines. Without the one for the up, goose, sql-migrate, dbmate and the like refuse the file or find nothing to run in it; Airlock takes everything above the other markers for the up, which may be more than was meant.',
  safeAlternative:
    'Write the marker of the up (-- UP in Airlock’s own format) on a line of its own before the first statement.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'goose',
        files: { '00001_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
      },
      note: 'goose refuses the file.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
    },
  ],
};
