import type { Relation, Statement } from '../sql/statement.ts';
import { defineRule, type Fix, type MigrationContext, type PlacedProblem } from './rule.ts';
import { heldExclusively } from './shared/blocking-locks.ts';
import { fileWords, removal } from './shared/moves.ts';
import { quoted } from './shared/names.ts';
import { reachOf } from './shared/reach.ts';
import type { PlacedStatement } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { stepsByTransaction } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'ddl-plus-backfill-same-transaction',
  title: 'Rows are changed while the transaction holds an ACCESS EXCLUSIVE lock',
  severity: 'error',
  why: 'A lock is held until its transaction ends. After an ALTER TABLE that takes ACCESS EXCLUSIVE, every row that the same transaction goes on to change is time in which nobody can read or write the altered table.',
  safeAlternative:
    'Keep the change of the schema in one migration and the change of the rows in a later one: the lock is then held for moments only.',
  sections: ['up'],
  reference: 'explicit-locking',
  examples: {
    bad: [
      {
        history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
        sql: "ALTER TABLE users ADD COLUMN locale text;\nUPDATE users SET locale = 'en';",
      },
      {
        history: [
          'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE TABLE audit (id bigint PRIMARY KEY, entry text);',
        ],
        sql: "BEGIN;\nALTER TABLE users ADD COLUMN locale text;\nDELETE FROM audit WHERE entry LIKE 'old%';\nCOMMIT;",
      },
    ],
    good: [
      {
        history: [
          'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
          'ALTER TABLE users ADD COLUMN locale text;',
        ],
        sql: "UPDATE users SET locale = 'en';",
        note: 'Two migrations, two transactions.',
      },
      {
        history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
        sql: "ALTER TABLE users ADD COLUMN locale text;\nUPDATE users SET locale = 'en';",
        noTransaction: true,
        note: 'Outside a transaction each statement ends its own locks.',
      },
      {
        sql: "CREATE TABLE roles (id bigint PRIMARY KEY);\nALTER TABLE roles ADD COLUMN label text;\nUPDATE roles SET label = 'none';",
        note: 'The table is new.',
      },
      {
        history: ['CREATE TABLE settings (key text PRIMARY KEY, value text);'],
        sql: "ALTER TABLE settings ADD COLUMN note text;\nUPDATE settings SET note = 'x' WHERE key = 'signup';",
        note: 'One row, by its key.',
      },
    ],
  },
  *migration(context) {
    for (const steps of stepsByTransaction(context.migration.up)) yield* inTransaction(steps, context);
  },
});

function* inTransaction(
  steps: readonly PlacedStatement[],
  context: MigrationContext,
): Generator<PlacedProblem> {
  const known = { ...context, catalog: context.before };
  let held: Relation | undefined;
  for (const step of steps) {
    const { statement } = step;
    const reach = held ? reachOf(statement, known) : undefined;
    if (held && reach !== undefined && reach !== 'few-rows') {
      const changed = changedTable(statement);
      const size = changed && context.size(changed);
      const fix = step.nested ? undefined : moved(step, context);
      yield {
        migration: context.migration,
        section: 'up',
        span: statement.span,
        message: `${quoted(held)} is locked against reads and writes while this changes ${changed ? quoted(changed) : 'rows'}${sizeNote(size)}: the transaction of its ALTER is still open.`,
        severity: severityFor(size) ?? (reach === 'some-rows' ? 'warning' : undefined),
        ...(fix ? { fix } : {}),
      };
    }
    held ??= heldExclusively(statement, known);
  }
}

function changedTable(statement: Statement): Relation | undefined {
  return statement.kind === 'update' ||
    statement.kind === 'delete' ||
    statement.kind === 'insert' ||
    statement.kind === 'merge'
    ? statement.table
    : undefined;
}

/** The last statement of a file can go to a migration of its own: nothing after it counts on its rows. */
function moved({ statement, index }: PlacedStatement, context: MigrationContext): Fix | undefined {
  const { sql, execution } = context.migration.up;
  if (!execution.transaction || index !== sql.statements.length - 1) return undefined;
  const up = `${context.text.slice(statement.span.start, statement.span.end)};`;
  return {
    title: 'Change the rows in a migration of its own',
    edits: [removal(statement, context.text)],
    newMigrations: [
      { name: fileWords('backfill', changedTable(statement)?.name ?? 'rows'), up, noTransaction: false },
    ],
  };
}
