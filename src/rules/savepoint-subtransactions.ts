import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'savepoint-subtransactions',
  title: 'SAVEPOINT opens a subtransaction',
  severity: 'off',
  why: 'Every savepoint after which something is written uses a transaction id of its own. With more than 64 of them in one transaction the server has to look them up in pg_subtrans for every snapshot, which slows down every session that looks at its rows.',
  safeAlternative: 'Split the file into migrations that succeed or fail as a whole.',
  reference: 'subxacts',
  knownAs: { migrationpilot: ['MP076'] },
  statements: {
    *transaction(statement) {
      if (statement.command === 'savepoint')
        yield {
          message:
            'What is written after this savepoint is a subtransaction with a transaction id of its own.',
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nSAVEPOINT before_orders;\nCREATE TABLE orders (id bigint PRIMARY KEY);\nRELEASE SAVEPOINT before_orders;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);' },
  ],
};
