import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'repeated-marker',
  title: 'Section that is opened a second time',
  severity: 'warning',
  why: 'A second marker of the same kind is read as the continuation of the first section. After a -- DOWN in between, statements that look like part of the down belong to the up, or the other way round.',
  safeAlternative: 'Keep one marker of each kind and put together what follows them.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;\n-- UP\nCREATE INDEX idx_orders_id ON orders (id);',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
    },
  ],
};
