import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'unknown-directive',
  title: 'Directive that does not exist',
  severity: 'warning',
  why: 'A comment of the form -- @word is an instruction to Airlock. One that is misspelt has no effect: the migration runs inside a transaction although it says @no-transactions, or a finding is reported although it is ignored with @ingore.',
  safeAlternative: 'Write the directive’s right name, or leave the @ out of a plain comment.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_note ON orders (note);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- @no-transactions\n-- UP\nCREATE INDEX CONCURRENTLY idx_orders_note ON orders (note);\n-- DOWN\nDROP INDEX CONCURRENTLY idx_orders_note;',
    },
  ],
  good: [
    {
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_note ON orders (note);',
      file: '-- @metadata {\n--   "author": "ada", "description": "add orders", "breakingChange": false,\n--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["feature"]\n-- }\n-- @no-transaction\n-- UP\nCREATE INDEX CONCURRENTLY idx_orders_note ON orders (note);\n-- DOWN\nDROP INDEX CONCURRENTLY idx_orders_note;',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': '-- @author ada\nCREATE TABLE orders (id bigint PRIMARY KEY);',
          '000001_orders.down.sql': 'DROP TABLE orders;',
        },
      },
      note: 'In files of other tools only what is nearly a directive is taken for one.',
    },
  ],
};
