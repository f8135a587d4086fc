import type { Relation, Statement } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type PlacedProblem, type RuleExamples } from './rule.ts';
import { blockingLocksBefore, dropsRelations } from './shared/blocking-locks.ts';
import { foreignKeysOf } from './shared/foreign-keys.ts';
import { tableOfIndex } from './shared/keys.ts';
import { quoted } from './shared/names.ts';
import type { PlacedStatement } from './shared/section-memo.ts';
import { stepsByTransaction } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'multi-table-lock-transaction',
  title: 'One transaction locks several tables against writes',
  severity: 'warning',
  why: 'Every lock is held until the transaction ends, so the first table stays blocked while the transaction waits for the second. A transaction of the application that uses the two the other way round ends in a deadlock, and one of them is rolled back.',
  safeAlternative: 'One table a migration: each lock is then given back before the next one is waited for.',
  sections: ['up'],
  secondary: true,
  reference: 'explicit-locking',
  options: {
    maxTables: { default: 1, description: 'How many tables in use one transaction may lock against writes.' },
  },
  knownAs: {
    pgls: ['avoidWideLockWindow'],
    pgfence: ['wide-lock-window'],
    migrationpilot: ['MP008'],
    gitlab: ['WithLockRetriesDisallowedMethod'],
  },
  *migration(context) {
    const most = typeof context.options['maxTables'] === 'number' ? context.options['maxTables'] : 1;
    for (const steps of stepsByTransaction(context.migration.up)) yield* inTransaction(steps, most, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;\nALTER TABLE orders ADD COLUMN note text;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;\nCREATE TABLE notes (id bigint PRIMARY KEY);\nALTER TABLE notes ADD COLUMN body text;',
      note: 'The second table is new.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;\nALTER TABLE users ADD COLUMN zone text;',
      note: 'One table.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;\nALTER TABLE orders ADD COLUMN note text;',
      noTransaction: true,
    },
  ],
};

function* inTransaction(
  steps: readonly PlacedStatement[],
  most: number,
  context: MigrationContext,
): Generator<PlacedProblem> {
  const locked = new Map<string, { readonly relation: Relation; readonly step: PlacedStatement }>();
  for (const step of steps) {
    const { statement } = step;
    // What goes away is out of use; tables that a foreign key references are judged with it.
    if (dropsRelations(statement) || isUnplacedIndexDrop(statement, context)) continue;
    const locks = blockingLocksBefore(statement, context);
    if (locks.length === 0) continue;
    const referenced = new Set(
      foreignKeysOf(statement).map(({ references }) => context.before.key(references.relation)),
    );
    for (const { relation } of locks) {
      const key = context.before.key(relation);
      if (!referenced.has(key) && !locked.has(key)) locked.set(key, { relation, step });
    }
  }
  const all = [...locked.values()];
  const over = all[most];
  if (!over || new Set(all.map(({ step }) => step.statement)).size === 1) return;
  const before = all.slice(0, most).map(({ relation }) => quoted(relation));
  const more = all.length > most + 1 ? `, and ${all.length - most - 1} more after it,` : '';
  yield {
    migration: context.migration,
    section: 'up',
    span: over.step.statement.span,
    message: `${before.slice(0, 5).join(', ')} ${before.length === 1 ? 'stays' : 'stay'} locked while this transaction waits for ${quoted(over.relation)}${more} and until it ends.`,
  };
}

/** Which table an unknown index stands on is not known, so neither is whether it is another one. */
function isUnplacedIndexDrop(statement: Statement, context: MigrationContext): boolean {
  return (
    statement.kind === 'drop' &&
    statement.objectType === 'index' &&
    !statement.objects.every((index) => tableOfIndex(context.before, index))
  );
}
