import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'order-file',
  title: 'File that the list of migrations does not name',
  severity: 'error',
  why: 'Sqitch runs what sqitch.plan names, Drizzle what its journal names, and nothing else. A file that is not on the list is never run; a name without a file stops the tool; a list that cannot be read leaves the order to a guess.',
  safeAlternative:
    'Let the tool that keeps the list make the migration (sqitch add, drizzle-kit generate), and commit list and files together.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  firedBy: 'reading',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      folder: {
        layout: 'sqitch',
        files: {
          'sqitch.plan':
            '%syntax-version=1.0.0\n%project=shop\n\norders 2026-01-01T00:00:00Z Ada <ada@example.com> # orders\n',
          'deploy/orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
          'deploy/users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);',
        },
      },
      note: 'sqitch.plan does not name deploy/users.sql.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'sqitch',
        files: {
          'sqitch.plan':
            '%syntax-version=1.0.0\n%project=shop\n\norders 2026-01-01T00:00:00Z Ada <ada@example.com> # orders\n',
          'deploy/orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
        },
      },
    },
  ],
};
