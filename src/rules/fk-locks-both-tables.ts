import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { type ForeignKey, foreignKeysOf } from './shared/foreign-keys.ts';
import { qualified, quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'fk-locks-both-tables',
  title: 'Foreign key locks the referenced table, and nothing limits the wait',
  severity: 'warning',
  why: 'A foreign key takes a SHARE ROW EXCLUSIVE lock on the table it points to as well, even in CREATE TABLE and even with NOT VALID. Without a lock_timeout the statement waits for every transaction that has written to that table, and all later INSERT, UPDATE and DELETE on it queue behind; once taken, the lock is kept until the transaction ends.',
  safeAlternative:
    'SET lock_timeout before it, and add the foreign key NOT VALID in a short migration of its own.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'sql-createtable',
  knownAs: { migrationpilot: ['MP069'], gitlab: ['Migration/CreateTableWithForeignKeys'] },
  statements: {
    *'create-table'(statement, context) {
      if (statement.ifNotExists && context.catalog.table(statement.table)) return;
      yield* locked(statement, foreignKeysOf(statement), context);
    },
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table') return;
      const inUse = !context.isNew(statement.table);
      // One that is checked at once blocks for much longer: add-foreign-key-not-valid speaks of it.
      const brief = foreignKeysOf(statement).filter(
        ({ constraint, column }) =>
          !inUse ||
          constraint.notValid ||
          !constraint.enforced ||
          (column !== undefined && !column.default && !column.type?.serial),
      );
      yield* locked(statement, brief, context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      runner: 'native',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      runner: 'native',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET lock_timeout = '2s';\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));",
      runner: 'native',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      note: 'Airlock sets a lock timeout itself.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      runner: 'native',
    },
    {
      sql: 'CREATE TABLE categories (id bigint PRIMARY KEY, parent_id bigint REFERENCES categories (id));',
      runner: 'native',
      note: 'It points to itself.',
    },
  ],
};

/** The first statement of a file that points to a table: saying once that the table is locked is enough. */
const firstTo = oncePerSection((section) => {
  const first = new Map<string, Statement>();
  for (const { statement } of statementsOf(section))
    for (const { references } of foreignKeysOf(statement)) {
      const name = qualified(references.relation);
      if (!first.has(name)) first.set(name, statement);
    }
  return first;
});

function* locked(
  statement: Statement,
  keys: readonly ForeignKey[],
  context: StatementContext,
): Generator<Problem> {
  if ((context.timeouts.lock ?? 0) > 0) return;
  const first = firstTo(context.section);
  const seen = new Set<string>();
  for (const { table, references } of keys) {
    const key = context.catalog.key(references.relation);
    if (seen.has(key) || key === context.catalog.key(table) || context.isNew(references.relation)) continue;
    seen.add(key);
    if (first.get(qualified(references.relation)) !== statement) continue;
    const size = context.size(references.relation);
    yield {
      span: context.nested ? statement.span : references.relation.span,
      message: `This foreign key of ${quoted(table)} also blocks writes to ${quoted(references.relation)}${sizeNote(size)}, and no lock_timeout limits how long it waits for that lock while others queue behind it.`,
      severity: severityFor(size),
    };
  }
}
