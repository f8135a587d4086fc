import type { ObjectName, Statement } from '../sql/statement.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { longLocks } from './shared/long-locks.ts';
import { madeInChange } from './shared/made-in-change.ts';
import { quoted } from './shared/names.ts';
import { statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'create-then-rewrite',
  title: 'Index built, and its table written anew or dropped afterwards',
  severity: 'warning',
  why: 'Building an index or validating a constraint reads the whole table. A later statement of the same deployment that writes the table anew builds every index a second time, under ACCESS EXCLUSIVE; one that drops what was built makes all of the work vain.',
  safeAlternative:
    'Put what writes the table anew first and build the index after it; leave out what is dropped again.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['SQ003'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const { before } = context;
    const made = madeInChange(context.changed, before);
    /** Name of what was built last, by the key of its table. */
    const built = new Map<string, { readonly what: string; readonly columns: readonly string[] }>();
    for (const migration of context.changed) {
      for (const { statement } of statementsOfKind(
        migration.up,
        'create-index',
        'alter-table',
        'drop',
        'truncate',
        'cluster',
        'vacuum',
        'reindex',
        'refresh-materialized-view',
      )) {
        for (const { table, after } of undone(
          statement,
          built,
          (name) => before.key(name),
          () => longLocks(statement, before).find(({ work }) => work === 'writes')?.relation,
        )) {
          const key = before.key(table);
          const what = built.get(key)?.what ?? 'an index';
          built.delete(key);
          problems.push({
            migration,
            section: 'up',
            span: statement.span,
            message:
              after === 'rewritten'
                ? `This writes all of ${quoted(table)} anew, and ${what}, which the same change built before, a second time.`
                : `This drops ${what}, which the same change built on ${quoted(table)} before.`,
            ...(after === 'rewritten' ? { claims: ['rewrites'] } : {}),
          });
        }
        const work = builds(statement);
        if (work && !made.has(before.key(work.table))) built.set(before.key(work.table), work);
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, number integer, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      then: ['ALTER TABLE orders ALTER COLUMN number TYPE bigint;'],
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);\nDROP TABLE orders;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, number integer, user_id bigint);'],
      sql: 'ALTER TABLE orders ALTER COLUMN number TYPE bigint;',
      then: ['CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);'],
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, number integer);\nCREATE INDEX idx_orders_number ON orders (number);',
      then: ['ALTER TABLE orders ALTER COLUMN number TYPE bigint;'],
      note: 'The table is new and empty.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      then: ['ALTER TABLE orders ADD COLUMN note text;'],
    },
  ],
};

function builds(
  statement: Statement,
): { readonly table: ObjectName; readonly what: string; readonly columns: readonly string[] } | undefined {
  if (statement.kind === 'create-index') {
    return {
      table: statement.table,
      what: statement.index === undefined ? 'an index' : quoted(statement.index),
      columns: statement.columns.flatMap(({ column }) => column ?? []),
    };
  }
  if (statement.kind !== 'alter-table') return undefined;
  for (const action of statement.actions) {
    if (action.action === 'validate-constraint')
      return { table: statement.table, what: quoted(action.constraint), columns: [] };
    if (
      action.action !== 'add-constraint' ||
      action.constraint.usingIndex !== undefined ||
      !['unique', 'primary-key', 'exclusion'].includes(action.constraint.type)
    )
      continue;
    return {
      table: statement.table,
      what: action.constraint.name === undefined ? 'a constraint' : quoted(action.constraint.name),
      columns: action.constraint.columns,
    };
  }
  return undefined;
}

function* undone(
  statement: Statement,
  built: ReadonlyMap<string, { readonly what: string; readonly columns: readonly string[] }>,
  key: (name: ObjectName) => string,
  rewritten: () => ObjectName | undefined,
): Generator<{ readonly table: ObjectName; readonly after: 'rewritten' | 'dropped' }> {
  if (built.size === 0) return;
  if (statement.kind === 'drop') {
    if (statement.objectType === 'table')
      for (const table of statement.objects) if (built.has(key(table))) yield { table, after: 'dropped' };
    return;
  }
  if (statement.kind === 'alter-table') {
    const own = built.get(key(statement.table));
    if (!own) return;
    if (
      statement.actions.some(
        (action) => action.action === 'drop-column' && own.columns.includes(action.column),
      )
    ) {
      yield { table: statement.table, after: 'dropped' };
      return;
    }
  }
  const table = rewritten();
  if (table && built.has(key(table))) yield { table, after: 'rewritten' };
}
