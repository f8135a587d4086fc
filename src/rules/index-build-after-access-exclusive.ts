import type { Relation } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type PlacedProblem, type RuleExamples } from './rule.ts';
import { heldExclusively } from './shared/blocking-locks.ts';
import { longLocks } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';
import type { PlacedStatement } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { stepsByTransaction } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'index-build-after-access-exclusive',
  title: 'Index built while the transaction holds an ACCESS EXCLUSIVE lock',
  severity: 'error',
  why: 'CREATE INDEX by itself lets readers through. After an ALTER TABLE in the same transaction it does not: the ACCESS EXCLUSIVE lock is held until the transaction ends, so nobody can read or write the altered table for the whole build.',
  safeAlternative:
    'Build the index with CREATE INDEX CONCURRENTLY in a migration of its own, outside a transaction.',
  claims: ['scans'],
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { 'django-migration-linter': ['CREATE_INDEX_EXCLUSIVE'] },
  secondary: true,
  *migration(context) {
    for (const steps of stepsByTransaction(context.migration.up)) yield* inTransaction(steps, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'ALTER TABLE orders ADD COLUMN status text;\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'ALTER TABLE orders ADD COLUMN status text;\nCREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN status text;\nCREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint);\nCREATE INDEX idx_notes_order_id ON notes (order_id);',
      note: 'The index of a new table takes no time.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      note: 'Nothing is locked before: create-index-concurrently judges this.',
    },
  ],
};

function* inTransaction(
  steps: readonly PlacedStatement[],
  context: MigrationContext,
): Generator<PlacedProblem> {
  let held: Relation | undefined;
  for (const { statement } of steps) {
    const table = held
      ? longLocks(statement, context.before).find(({ work }) => work === 'builds')?.relation
      : undefined;
    if (held && table && !context.isNew(table)) {
      const size = context.size(table);
      const index =
        statement.kind === 'create-index' && statement.index !== undefined
          ? quoted(statement.index)
          : `an index of ${quoted(table)}`;
      yield {
        migration: context.migration,
        section: 'up',
        span: statement.span,
        message: `${quoted(held)} stays locked against reads and writes while ${index} is built${sizeNote(size)}.`,
        severity: severityFor(size),
      };
    }
    held ??= heldExclusively(statement, context);
  }
}
