import type { Relation, Statement } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type PlacedProblem, type RuleExamples } from './rule.ts';
import { heldExclusively } from './shared/blocking-locks.ts';
import { quoted } from './shared/names.ts';
import type { PlacedStatement } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { stepsByTransaction } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'statement-after-access-exclusive',
  title: 'A query that takes its time runs while the transaction holds an ACCESS EXCLUSIVE lock',
  severity: 'warning',
  why: 'A lock is held until its transaction ends. Whatever reads a table, validates a constraint or calls a procedure after an ALTER TABLE in the same transaction is time in which nobody can read or write the altered table.',
  safeAlternative: 'Put the statement that takes the lock last, or into a migration of its own.',
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: {
    pgls: ['runningStatementWhileHoldingAccessExclusive'],
    eugene: ['E4'],
    pgfence: ['statement-after-access-exclusive'],
  },
  *migration(context) {
    for (const steps of stepsByTransaction(context.migration.up)) yield* inTransaction(steps, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE authors (id bigint PRIMARY KEY, name text);'],
      sql: 'ALTER TABLE authors ADD COLUMN email text;\nSELECT count(*) FROM authors;',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, total integer);',
        'ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;',
      ],
      sql: 'ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders VALIDATE CONSTRAINT total_positive;',
      note: 'VALIDATE alone would let reads and writes through.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE authors (id bigint PRIMARY KEY, name text);'],
      sql: 'SELECT count(*) FROM authors;\nALTER TABLE authors ADD COLUMN email text;',
      note: 'The lock comes last.',
    },
    {
      history: ['CREATE TABLE authors (id bigint PRIMARY KEY, name text);'],
      sql: "ALTER TABLE authors ADD COLUMN email text;\nCOMMENT ON COLUMN authors.email IS 'work address';\nCREATE TABLE books (id bigint PRIMARY KEY);",
      note: 'What follows takes no time.',
    },
    {
      sql: 'CREATE TABLE authors (id bigint PRIMARY KEY);\nALTER TABLE authors ADD COLUMN email text;\nSELECT count(*) FROM authors;',
      note: 'The table is new.',
    },
    {
      history: ['CREATE TABLE authors (id bigint PRIMARY KEY, name text);'],
      sql: 'ALTER TABLE authors ADD COLUMN email text;\nSELECT count(*) FROM authors;',
      noTransaction: true,
    },
  ],
};

function* inTransaction(
  steps: readonly PlacedStatement[],
  context: MigrationContext,
): Generator<PlacedProblem> {
  let held: Relation | undefined;
  for (const { statement } of steps) {
    const work = held ? workOf(statement, context) : undefined;
    if (held && work) {
      const size = context.size(work.on);
      yield {
        migration: context.migration,
        section: 'up',
        span: statement.span,
        message: `${quoted(held)} stays locked against reads and writes while this ${work.does}${sizeNote(size)}.`,
        severity: severityFor(size),
      };
    }
    held ??= heldExclusively(statement, context);
  }
}

/** What takes time in a statement: index builds and changes of rows are judged by rules of their own. */
function workOf(
  statement: Statement,
  context: MigrationContext,
): { readonly does: string; readonly on: Relation } | undefined {
  switch (statement.kind) {
    case 'select':
    case 'create-table-as': {
      const read = statement.kind === 'select' || statement.withData ? readBy(statement, context) : undefined;
      return read && { does: `reads ${quoted(read)}`, on: read };
    }
    case 'create-materialized-view': {
      const read = statement.withData ? readBy(statement, context) : undefined;
      return read && { does: `fills ${quoted(statement.view)} from ${quoted(read)}`, on: read };
    }
    case 'refresh-materialized-view':
      return { does: `fills ${quoted(statement.view)}`, on: statement.view };
    case 'call':
      return {
        does: `runs the procedure ${quoted(statement.procedure)}`,
        on: { ...statement.procedure, span: statement.span },
      };
    case 'alter-table': {
      if (context.isNew(statement.table)) return undefined;
      // Added in this very change it is validate-in-same-transaction.
      const validated = statement.actions.find(
        (action) =>
          action.action === 'validate-constraint' &&
          context.before.constraint(statement.table, action.constraint)?.validated === false,
      );
      return (
        validated && { does: `validates a constraint of ${quoted(statement.table)}`, on: statement.table }
      );
    }
    default:
      return undefined;
  }
}

/** A relation in use that the statement reads; the system catalogs are small. */
function readBy(statement: Statement, context: MigrationContext): Relation | undefined {
  const target =
    statement.kind === 'create-table-as'
      ? statement.table
      : statement.kind === 'create-materialized-view'
        ? statement.view
        : undefined;
  return statement.relations.find(
    (relation) =>
      relation.name !== target?.name &&
      !/^(?:pg_catalog|information_schema)$/.test(relation.schema ?? '') &&
      !relation.name.startsWith('pg_') &&
      !context.isNew(relation),
  );
}
