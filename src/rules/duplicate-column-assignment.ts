import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { dataChecks } from './shared/data-checks.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'duplicate-column-assignment',
  title: 'The same column assigned twice',
  severity: 'error',
  why: 'UPDATE … SET that assigns a column twice fails with "multiple assignments to same column", and an INSERT that lists a column twice with "column specified more than once": the migration stops there.',
  safeAlternative: 'Keep the assignment that is meant and remove the other.',
  claims: ['fails'],
  keepSeverityInDown: true,
  reference: 'sql-update',
  knownAs: { squawk: ['ban-duplicate-column-assignments'] },
  statements: dataChecks({
    *update(statement, context) {
      yield* repeated(statement, statement.assigned, context);
    },
    *insert(statement, context) {
      yield* repeated(statement, statement.columns, context);
      yield* repeated(statement, statement.assigned, context);
    },
  }),
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text, email text);'],
      sql: "UPDATE users SET name = 'a', email = 'b', name = 'c' WHERE id = 1;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text);'],
      sql: "INSERT INTO users (id, name, name) VALUES (1, 'a', 'b');",
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text, email text);'],
      sql: "UPDATE users SET name = 'a', email = 'b' WHERE id = 1;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, tags text[]);'],
      sql: "UPDATE users SET tags[1] = 'a', tags[2] = 'b' WHERE id = 1;",
      note: 'Two elements of one array.',
    },
  ],
};

function* repeated(
  statement: StatementOf<'update' | 'insert'>,
  columns: readonly string[],
  context: StatementContext,
): Generator<Problem> {
  const seen = new Set<string>();
  const told = new Set<string>();
  for (const column of columns) {
    if (seen.has(column) && !told.has(column) && !takenApart(statement, column, context.text)) {
      told.add(column);
      yield {
        message: `${quoted(column)} of ${quoted(statement.table)} is assigned twice: the statement fails.`,
      };
    }
    seen.add(column);
  }
}

/** Elements of an array and fields of a composite (a[1], a.x) may each be assigned. */
function takenApart(statement: StatementOf<'update' | 'insert'>, column: string, text: string): boolean {
  const name = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$])"?${name}"?\\s*[.[]`, 'i').test(
    text.slice(statement.span.start, statement.span.end),
  );
}
