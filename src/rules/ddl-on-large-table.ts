import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { longLocks, WORK } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';
import { numberOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'ddl-on-large-table',
  title: 'Lock held while all of a large table is worked through',
  severity: 'warning',
  why: 'Building an index, checking a constraint and writing a table anew take time that grows with the rows, and the lock is held all that time: SHARE and SHARE ROW EXCLUSIVE keep out writers, ACCESS EXCLUSIVE keeps out readers, too. On millions of rows that is minutes.',
  safeAlternative:
    'Split the work so that the long part runs under a weak lock: CREATE INDEX CONCURRENTLY, NOT VALID and VALIDATE CONSTRAINT, a new column that is filled in batches.',
  claims: ['scans', 'rewrites'],
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { migrationpilot: ['MP014'] },
  options: { rows: { default: 1_000_000, description: 'Rows from which on a table counts as large.' } },
  secondary: true,
  statements: {
    'alter-table': check,
    'create-index': check,
    cluster: check,
    vacuum: check,
    reindex: check,
    'refresh-materialized-view': check,
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      target: { tables: { orders: { rows: 12_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL;',
      metadata: { dataVolume: 'large' },
      note: 'The metadata says that the data is large.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      target: { tables: { orders: { rows: 900 } } },
      metadata: { dataVolume: 'large' },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      target: { tables: { orders: { rows: 12_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      target: { tables: { orders: { rows: 12_000_000 } } },
      note: 'The lock is strong and short.',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  for (const { relation, mode, work, cause } of longLocks(statement, context.catalog)) {
    if (context.isNew(relation)) continue;
    const size = context.size(relation);
    const large = size?.measured
      ? (size.rows ?? 0) >= numberOption(context.options, 'rows', 1_000_000)
      : size?.volume === 'large';
    if (!large) continue;
    const kept = mode === 'ACCESS EXCLUSIVE' ? 'nobody can read or write it' : 'nobody can write to it';
    yield {
      message: `${cause} ${WORK[work]} ${quoted(relation)}${sizeNote(size)} under a lock of mode ${mode}: ${kept} until that is done.`,
    };
  }
}
