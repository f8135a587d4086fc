import type { ObjectName, StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'concurrent-index-invalid-retry',
  title: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS hides a failed build',
  severity: 'error',
  why: 'A concurrent build that fails (a duplicate value, a deadlock, a timeout) leaves its index behind, marked INVALID. IF NOT EXISTS looks at the name only: the next run says "already exists, skipping" and the migration counts as done. Queries do not use an invalid index, every write still pays for it, and a unique one guarantees nothing about the rows that were there.',
  safeAlternative:
    'Put DROP INDEX CONCURRENTLY IF EXISTS before it and leave IF NOT EXISTS out, so that every run builds the index anew; or check pg_index.indisvalid.',
  reference: 'sql-createindex',
  knownAs: {
    migrationpilot: ['MP070'],
    strong_migrations: ['remove_invalid_indexes'],
    'safe-pg-migrations': ['idempotent_statements'],
  },
  statements: {
    *'create-index'(statement, context) {
      const { index } = statement;
      if (
        !statement.concurrently ||
        !statement.ifNotExists ||
        index === undefined ||
        context.isNew(statement.table)
      )
        return;
      const { cleared, rebuilt, looksAtIndexes } = handled(context.section);
      const verify = context.migration.verify;
      if (looksAtIndexes || (verify && handled(verify).looksAtIndexes)) return;
      const name: ObjectName = { schema: statement.table.schema, name: index };
      if ((cleared.get(index) ?? context.index) < context.index) return;
      if ((rebuilt.get(index) ?? -1) > context.index) return;
      const fix = fixFor(statement, name, context);
      yield {
        message: `If an earlier build of ${quoted(index)} failed, its invalid index is still there, and this does nothing.`,
        // Tools that send a file as one query cannot drop concurrently in the same file.
        advice: context.section.execution.implicit
          ? `Leave IF NOT EXISTS out: run again after a failure it stops at the name, and DROP INDEX CONCURRENTLY ${qualified(name)} clears the way.`
          : `Put DROP INDEX CONCURRENTLY IF EXISTS ${qualified(name)} before it and leave IF NOT EXISTS out.`,
        // An invalid index that is not unique costs time, but no wrong row comes of it. Airlock's runner drops
        // what its own failed attempt left; an index that somebody else left stays.
        ...(statement.unique && context.section.execution.runner !== 'airlock'
          ? {}
          : { severity: 'warning' }),
        ...(fix ? { fix } : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS idx_users_email ON users (email);',
      runner: 'native',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'DROP INDEX CONCURRENTLY IF EXISTS idx_users_email;\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS idx_users_email ON users (email);',
      runner: 'native',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY idx_users_email ON users (email);',
      runner: 'native',
      noTransaction: true,
      note: 'Run again after a failure it stops at the name, and somebody looks.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS idx_users_email ON users (email);\nSELECT 1 / count(*) FROM pg_index WHERE indexrelid = 'idx_users_email'::regclass AND indisvalid;",
      runner: 'native',
      noTransaction: true,
      note: 'The division fails when the index is not valid.',
    },
  ],
};

/** What the file does about an index that is there: where it drops it first, where it builds it anew, or whether it asks pg_index. */
const handled = oncePerSection((section) => {
  const cleared = new Map<string, number>();
  const rebuilt = new Map<string, number>();
  let looksAtIndexes = false;
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind === 'drop' && statement.objectType === 'index')
      for (const { name } of statement.objects) if (!cleared.has(name)) cleared.set(name, index);
    if (statement.kind === 'reindex' && statement.target === 'index' && statement.relation)
      rebuilt.set(statement.relation.name, index);
    looksAtIndexes ||= statement.relations.some(({ name }) => name === 'pg_index');
  }
  return { cleared, rebuilt, looksAtIndexes };
});

/** An index that the history made may be in use: dropping it first is not for a program to decide. */
function fixFor(
  statement: StatementOf<'create-index'>,
  name: ObjectName,
  context: StatementContext,
): Fix | undefined {
  const { span } = statement;
  const head = /^create\s+(?:unique\s+)?index\s+concurrently(\s+if\s+not\s+exists)/i.exec(
    context.text.slice(span.start, span.end),
  );
  if (context.nested || !head?.[1] || context.catalog.index(name)) return undefined;
  const guardEnd = span.start + head[0].length;
  const guard = { start: guardEnd - head[1].length, end: guardEnd, text: '' };
  if (context.section.execution.implicit)
    return { title: 'Let the statement fail when the index is there', edits: [guard] };
  const clear = `DROP INDEX CONCURRENTLY IF EXISTS ${qualified(name)};\n`;
  return {
    title: 'Drop what a failed build left, then build the index',
    edits: [{ start: span.start, end: span.start, text: clear }, guard],
  };
}
