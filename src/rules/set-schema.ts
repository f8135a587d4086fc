import { defineRule, type RuleExamples } from './rule.ts';
import { isNewType } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'set-schema',
  title: 'Object moved to another schema',
  severity: 'warning',
  why: 'ALTER … SET SCHEMA takes effect for everybody when it commits: queries that name the old schema, or whose search_path does not hold the new one, fail with "does not exist". On a table it also takes an ACCESS EXCLUSIVE lock. Views keep finding the table; the text of functions does not.',
  safeAlternative:
    'Leave a view of the old name in the old schema, in the same transaction, until no code names it any more; or put the new schema into search_path first.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP098'] },
  statements: {
    *'set-schema'(statement, context) {
      const { object, objectType, to } = statement;
      if (context.isNew(object) || isNewType(context, object) || object.schema === to) return;
      const locked =
        objectType === 'table' ? '; the move itself keeps everybody off the table until it commits' : '';
      yield {
        message: `After this, nobody who names ${quoted(object)} as before finds it: it is in the schema ${quoted(to)}${locked}.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY);', 'CREATE SCHEMA billing;'],
      sql: 'ALTER TABLE invoices SET SCHEMA billing;',
    },
    {
      history: ["CREATE TYPE order_status AS ENUM ('open', 'paid');", 'CREATE SCHEMA sales;'],
      sql: 'ALTER TYPE order_status SET SCHEMA sales;',
    },
  ],
  good: [
    {
      sql: 'CREATE SCHEMA billing;\nCREATE TABLE invoices (id bigint PRIMARY KEY);\nALTER TABLE invoices SET SCHEMA billing;',
      note: 'Nobody uses a table that the same migration made.',
    },
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY);', 'CREATE SCHEMA billing;'],
      sql: 'CREATE VIEW billing.invoices AS SELECT id FROM public.invoices;',
      note: 'The new name exists beside the old one.',
    },
  ],
};
