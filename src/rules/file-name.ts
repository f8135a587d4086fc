import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'file-name',
  title: 'File name that does not fit its layout',
  severity: 'warning',
  why: 'Migrations run in the order of the ids in their file names. A file without an id has no place in that order, and one whose id the tool cannot read stops it.',
  safeAlternative:
    'Name the file <id>_<snake_case_name>.sql, with an id after the last one; airlock create does.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'airlock',
        files: {
          'Add Orders.sql':
            '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
        },
      },
      note: 'The file is called "Add Orders.sql".',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'airlock',
        files: {
          '20260101000000_add_orders.sql':
            '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
        },
      },
      note: 'The file is called 20260101000000_add_orders.sql.',
    },
  ],
};
