import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { copiesToMethod } from './shared/rewrites.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'set-access-method-rewrite',
  title: 'SET ACCESS METHOD on a table in use',
  severity: 'error',
  why: 'SET ACCESS METHOD writes every row anew in the other format and builds all indexes again, under an ACCESS EXCLUSIVE lock: nobody can read or write the table until that is done. With the method that the table has already it does nothing.',
  safeAlternative:
    'Make a second table USING the other method, copy the rows in batches while a trigger keeps it up to date, and rename the two in one short transaction.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'set-access-method' || !copiesToMethod(action.method, table)) continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: `All of ${quoted(statement.table)}${sizeNote(size)} is written anew while nobody can read or write it${table ? '' : ', unless it has that method already'}.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb);'],
      sql: 'ALTER TABLE events SET ACCESS METHOD columnar;',
      note: 'Needs an extension that brings the method.',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb) USING columnar;'],
      sql: 'ALTER TABLE events SET ACCESS METHOD heap;',
      note: 'Needs an extension that brings the method.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb);'],
      sql: 'ALTER TABLE events SET ACCESS METHOD heap;',
      note: 'It is a heap already.',
    },
    {
      history: ['CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);'],
      sql: 'ALTER TABLE events SET ACCESS METHOD heap;',
      note: 'A partitioned table holds nothing itself (PostgreSQL 17).',
    },
    {
      sql: 'CREATE TABLE events (id bigint PRIMARY KEY);\nALTER TABLE events SET ACCESS METHOD columnar;',
      note: 'The table is new. Needs an extension that brings the method.',
    },
  ],
};
