import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'metadata',
  title: 'Metadata that is missing or wrong',
  severity: 'error',
  why: 'Reviewers, approvals and the order of execution go by the metadata: what a migration changes, how long it takes, whether it breaks running code, what it depends on. A field that is missing, misspelt or of the wrong kind is one that nobody can go by. Metadata that is missing altogether is a warning.',
  safeAlternative:
    'Begin the file with a block "-- @metadata { … }" that has author, description, breakingChange, estimatedDuration, dataVolume, risk and tags; airlock create writes one.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
      note: 'No metadata: a warning.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "tiny", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
      note: '"tiny" is no volume of data.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata { author: ada }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
      note: 'No JSON: keys and texts have to stand in double quotes.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE IF EXISTS orders;',
    },
  ],
};
