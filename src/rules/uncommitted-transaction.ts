import type { StatementOf } from '../sql/statement.ts';
import {
  type CheckedSection,
  defineRule,
  type MigrationContext,
  type PlacedProblem,
  type RuleExamples,
} from './rule.ts';

export const rule = defineRule({
  id: 'uncommitted-transaction',
  title: 'BEGIN without COMMIT or ROLLBACK',
  severity: 'error',
  why: 'A transaction that is still open at the end of the file is rolled back when the session ends: nothing of it stays, and nobody is told. Until then all its locks are held.',
  safeAlternative: 'End the file with COMMIT, or leave BEGIN out and let the runner open the transaction.',
  keepSeverityInDown: true,
  reference: 'sql-begin',
  knownAs: {
    squawk: ['ban-uncommitted-transaction'],
    pgfence: ['unclosed-transaction'],
    migrationpilot: ['MP053'],
  },
  *migration(context) {
    yield* inSection(context.migration.up, context);
    if (context.migration.down) yield* inSection(context.migration.down, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'BEGIN;\nALTER TABLE users ADD COLUMN locale text;',
    },
    {
      sql: 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;\nBEGIN;\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'BEGIN;\nALTER TABLE users ADD COLUMN locale text;\nCOMMIT;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;',
      note: 'The runner opens the transaction and commits it.',
    },
  ],
};

function* inSection(section: CheckedSection, context: MigrationContext): Generator<PlacedProblem> {
  const { execution, sql } = section;
  // A BEGIN inside the tool's own transaction does nothing, and the tool commits: transaction-nesting tells.
  if (execution.transaction && execution.implicit !== true) return;
  let open: StatementOf<'transaction'> | undefined;
  for (const statement of sql.statements) {
    if (statement.kind !== 'transaction') continue;
    if (statement.command === 'begin') open ??= statement;
    else if (
      statement.command === 'commit' ||
      statement.command === 'rollback' ||
      statement.command === 'prepare'
    )
      open = undefined;
  }
  const last = sql.statements.at(-1);
  const file =
    section.name === 'down' ? context.migration.migration.down?.file : context.migration.migration.up.file;
  if (!open || !last || !file) return;
  const semicolon = file.text[last.span.end] === ';';
  const at = semicolon ? last.span.end + 1 : last.span.end;
  yield {
    migration: context.migration,
    section: section.name,
    span: open.span,
    message:
      'The transaction that this BEGIN opens is never committed: all of it is rolled back when the session ends.',
    fix: {
      title: 'Commit at the end',
      edits: [{ start: at, end: at, text: `${semicolon ? '' : ';'}\nCOMMIT;` }],
    },
  };
}
