import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'create-temporary-table',
  title: 'Temporary table in a migration',
  severity: 'off',
  why: 'A temporary table exists in its session only: the next migration may run in another one and not find it, and behind a pooler the session with the table goes on to somebody else, whose queries of that name then meet the wrong table. Autovacuum never looks at it.',
  safeAlternative:
    'Use a CTE within one statement, or CREATE TEMPORARY TABLE … ON COMMIT DROP within one transaction.',
  sections: ['up', 'down'],
  reference: 'sql-createtable',
  knownAs: { 'eslint-plugin-postgresql': ['no-temporary-table'] },
  statements: { 'create-table': check, 'create-table-as': check },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TEMPORARY TABLE picked (id bigint PRIMARY KEY);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TEMP TABLE picked AS SELECT id FROM orders;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE picked (id bigint PRIMARY KEY);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TEMPORARY TABLE picked ON COMMIT DROP AS SELECT id FROM orders;',
      note: 'It is gone with the transaction.',
    },
  ],
};

function* check(
  statement: StatementOf<'create-table'> | StatementOf<'create-table-as'>,
  context: StatementContext,
): Generator<Problem> {
  if (statement.persistence !== 'temporary') return;
  const words = context.text.slice(statement.span.start, statement.span.end);
  if (context.inTransaction && /\bon\s+commit\s+drop\b/i.test(words)) return;
  yield {
    message: `${quoted(statement.table)} lives as long as the session that runs this, and only there.`,
  };
}
