import { blocksWrites } from '../sql/locks.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'explicit-lock-table',
  title: 'LOCK TABLE in a migration',
  severity: 'warning',
  why: 'LOCK TABLE holds its lock until the transaction ends, whatever the statements after it need. SHARE and stronger modes keep out everybody who writes, ACCESS EXCLUSIVE, which is what LOCK TABLE takes when no mode is written, readers as well. Views are locked with all tables below them.',
  safeAlternative:
    'Leave it out: every statement takes the lock that it needs. Where the order of locks matters, take them in a transaction of its own with a short lock_timeout, with the weakest mode that serves.',
  claims: ['blocks-writes'],
  sections: ['up', 'down'],
  reference: 'sql-lock',
  knownAs: { migrationpilot: ['MP065'] },
  statements: {
    *'lock-table'(statement, context) {
      if (!blocksWrites(statement.mode)) return;
      for (const table of statement.tables) {
        if (context.isNew(table) || context.catalog.table(table)?.persistence === 'temporary') continue;
        yield {
          span: table.span,
          message: `Nobody can ${statement.mode === 'ACCESS EXCLUSIVE' ? 'read or write' : 'write to'} ${quoted(table)} from here to the end of the transaction.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: "LOCK TABLE orders;\nUPDATE orders SET note = '' WHERE id = 1;",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'LOCK TABLE orders IN SHARE MODE;',
      note: 'Writers wait, readers do not.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'LOCK TABLE orders IN ROW EXCLUSIVE MODE;',
      note: 'Keeps out other schema changes, not reads and writes.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);\nLOCK TABLE orders IN ACCESS EXCLUSIVE MODE;',
      note: 'The table is new.',
    },
  ],
};
