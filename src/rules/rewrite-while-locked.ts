import { blocksWrites, locksTaken } from '../sql/locks.ts';
import type { LockMode, Relation, Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { quoted } from './shared/names.ts';
import { rewriteOf } from './shared/rewrites.ts';
import { oncePerSection, statementsOf, transactionsOf } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'rewrite-while-locked',
  title: 'Table written anew while another table is locked',
  severity: 'error',
  why: 'A lock is kept until the transaction ends. A statement that writes a whole table anew therefore also keeps every table that an earlier statement of the transaction locked: for as long as it runs, writes to those (and under ACCESS EXCLUSIVE reads, too) wait as well.',
  safeAlternative: 'Put the statement that writes the table anew into a migration of its own.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { eugene: ['E10'] },
  statements: { 'alter-table': check, cluster: check, 'refresh-materialized-view': check },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id integer PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nALTER TABLE orders ALTER COLUMN id TYPE bigint;',
      note: 'While "orders" is written anew, nobody can read "users" either.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\nALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();',
      note: 'The foreign key of the new table has locked "users" against writes.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id integer PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;',
      then: ['ALTER TABLE orders ALTER COLUMN id TYPE bigint;'],
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id integer PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nALTER TABLE orders ALTER COLUMN id TYPE bigint;',
      noTransaction: true,
      note: 'Each statement lets go of its locks.',
    },
    {
      history: ['CREATE TABLE orders (id integer PRIMARY KEY);'],
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN email text;\nALTER TABLE orders ALTER COLUMN id TYPE bigint;',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, title varchar(20));',
      ],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nALTER TABLE orders ALTER COLUMN title TYPE varchar(40);',
      note: 'A longer varchar writes nothing anew.',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  const rewrite = rewriteOf(statement, context);
  if (!rewrite || context.isNew(rewrite.relation)) return;
  const transaction = transactionsOf(context.section)[context.index];
  const own = context.catalog.key(rewrite.relation);
  const held = (strongLocks(context.section).get(transaction ?? -1) ?? []).find(
    (lock) =>
      lock.index < context.index &&
      context.catalog.key(lock.relation) !== own &&
      !context.isNew(lock.relation),
  );
  if (!held) return;
  const what = held.mode === 'ACCESS EXCLUSIVE' ? 'read or write' : 'write to';
  const size = context.size(rewrite.relation);
  yield {
    message: `While ${rewrite.cause} writes all of ${quoted(rewrite.relation)}${sizeNote(size)} anew, nobody can ${what} ${quoted(held.relation)} either: an earlier statement of this transaction locked it (${held.mode}).`,
    severity: severityFor(size),
  };
}

interface HeldLock {
  readonly index: number;
  readonly relation: Relation;
  readonly mode: LockMode;
}

/** By transaction: the first lock on each relation that keeps others from writing to it. */
const strongLocks = oncePerSection((section) => {
  const transactions = transactionsOf(section);
  const held = new Map<number, HeldLock[]>();
  const seen = new Set<string>();
  for (const { statement, index } of statementsOf(section)) {
    const transaction = transactions[index] ?? -1;
    for (const { relation, mode } of locksTaken(statement)) {
      const key = `${transaction} ${relation.schema ?? 'public'}.${relation.name}`;
      if (!blocksWrites(mode) || seen.has(key)) continue;
      seen.add(key);
      const locks = held.get(transaction) ?? [];
      locks.push({ index, relation, mode });
      held.set(transaction, locks);
    }
  }
  return held;
});
