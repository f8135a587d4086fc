import type { Relation, Statement } from '../sql/statement.ts';
import {
  defineRule,
  type Fix,
  type MigrationContext,
  type PlacedProblem,
  type RuleExamples,
} from './rule.ts';
import { heldExclusively } from './shared/blocking-locks.ts';
import { fileWords, removal } from './shared/moves.ts';
import { quoted } from './shared/names.ts';
import { type Reach, reachOf } from './shared/reach.ts';
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
  *migration(context) {
    for (const steps of stepsByTransaction(context.migration.up)) yield* inTransaction(steps, context);
  },
});

export const examples: RuleExamples = {
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
};

function* inTransaction(
  steps: readonly PlacedStatement[],
  context: MigrationContext,
): Generator<PlacedProblem> {
  const known = { ...context, catalog: context.before };
  const byTable = new Map<string, Change[]>();
  let held: Relation | undefined;
  for (const step of steps) {
    const { statement } = step;
    const reach = held ? reachOf(statement, known) : undefined;
    if (held && reach !== undefined && reach !== 'few-rows') {
      const table = changedTable(statement);
      const change = { held, table, step, reach };
      const key = table ? context.before.key(table) : '';
      const earlier = byTable.get(key);
      if (earlier) earlier.push(change);
      else byTable.set(key, [change]);
    }
    held ??= heldExclusively(statement, context);
  }
  for (const changes of byTable.values()) yield* problemOf(changes, context);
}

interface Change {
  readonly held: Relation;
  readonly table: Relation | undefined;
  readonly step: PlacedStatement;
  readonly reach: Reach;
}

/** Of the changes of one table, at the first that changes the most. */
function* problemOf(changes: readonly Change[], context: MigrationContext): Generator<PlacedProblem> {
  const [worst] = [...changes].sort((one, other) => weight(other) - weight(one));
  if (!worst) return;
  const { held, table, step } = worst;
  const size = table && context.size(table);
  const more =
    changes.length === 1
      ? ''
      : ` (and ${changes.length - 1} more ${changes.length === 2 ? 'statement' : 'statements'} like it)`;
  const fix = step.nested || changes.length > 1 ? undefined : moved(step, context);
  yield {
    migration: context.migration,
    section: 'up',
    span: step.statement.span,
    message: `${quoted(held)} is locked against reads and writes while this${more} changes ${table ? quoted(table) : 'rows'}${sizeNote(size)}: the transaction of its ALTER is still open.`,
    severity: severityFor(size) ?? (worst.reach === 'some-rows' ? 'warning' : undefined),
    ...(fix ? { fix } : {}),
  };
}

function weight({ reach }: Change): number {
  return reach === 'some-rows' ? 0 : 1;
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
