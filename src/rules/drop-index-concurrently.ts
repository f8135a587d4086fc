import { locksTaken } from '../sql/locks.ts';
import type { ObjectName, Relation, StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { isOwn } from './shared/in-use.ts';
import { nameOfKey } from './shared/keys.ts';
import { fileWords, isAlone, removal } from './shared/moves.ts';
import { qualified, quoted } from './shared/names.ts';
import { oncePerSection, sameTransaction, statementsOf } from './shared/section-memo.ts';
import { severityFor } from './shared/size.ts';

export const rule = defineRule({
  id: 'drop-index-concurrently',
  title: 'Index dropped without CONCURRENTLY',
  severity: 'warning',
  why: 'DROP INDEX takes an ACCESS EXCLUSIVE lock on the table that the index belongs to. Dropping is quick, but the lock waits for every query that already uses the table, and all new reads and writes queue behind it; it is kept until the transaction ends.',
  safeAlternative:
    'DROP INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction. It takes one index at a time and no CASCADE.',
  claims: ['blocks-reads'],
  reference: 'sql-dropindex',
  knownAs: {
    squawk: ['require-concurrent-index-deletion'],
    pgls: ['requireConcurrentIndexDeletion'],
    pgfence: ['drop-index-not-concurrent'],
    migrationpilot: ['MP009'],
    'pg-migration-lint': ['PGM002'],
    strong_migrations: ['remove_index'],
    atlas: ['PG102'],
    'django-migration-linter': ['DROP_INDEX'],
    'eslint-plugin-postgresql': ['consistent-drop-index-concurrently'],
    gitlab: ['Migration/RemoveIndex'],
  },
  statements: {
    *drop(statement, context) {
      if (statement.objectType !== 'index' || statement.concurrently) return;
      const byTable = new Map<string, Relation[]>();
      for (const object of statement.objects) {
        const index = context.catalog.index(object);
        const table = index && nameOfKey(index.table);
        if (table && (isOwn(table, context) || isLockedAnyway(table, context))) continue;
        // A down that takes back what was built while everybody waited.
        if (context.section.name === 'down' && !builtConcurrently(context.migration.up).has(object.name))
          continue;
        const others = byTable.get(index?.table ?? '');
        if (others) others.push(object);
        else byTable.set(index?.table ?? '', [object]);
      }
      for (const [table, indexes] of byTable)
        yield problemOf(statement, indexes, table === '' ? undefined : nameOfKey(table), context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      ],
      sql: 'DROP INDEX idx_orders_user_id;',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\nCREATE INDEX idx_events_at ON events (at);",
      ],
      sql: 'DROP INDEX idx_events_at;',
      note: 'The index of a partitioned table cannot be dropped concurrently; the lock falls on every partition.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      down: 'DROP INDEX idx_orders_user_id;',
      note: 'The up blocks nobody; the down does.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      ],
      sql: 'DROP INDEX CONCURRENTLY idx_orders_user_id;',
      noTransaction: true,
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE INDEX idx_orders_user_id ON orders (user_id);\nDROP INDEX idx_orders_user_id;',
      note: 'Nobody uses a table that the same migration made.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, slug text);\nCREATE INDEX idx_orders_slug ON orders (slug);',
      ],
      sql: 'DROP INDEX idx_orders_slug;\nALTER TABLE orders DROP COLUMN slug;',
      note: 'The same transaction keeps everybody off the table for the column.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      down: 'DROP INDEX idx_orders_user_id;',
      note: 'A down that takes back what the up built, waiting no more than the up did.',
    },
  ],
};

/** Of the indexes of one table, which a statement locks once. */
function problemOf(
  statement: StatementOf<'drop'>,
  indexes: readonly Relation[],
  table: ObjectName | undefined,
  context: StatementContext,
): Problem {
  const of = table ? quoted(table) : 'its table';
  const names = indexes.map(quoted).join(', ');
  const severity = severityFor(table && context.size(table));
  if (table && context.catalog.table(table)?.kind === 'partitioned')
    return {
      span: indexes[0]?.span,
      message: `Dropping ${names} locks ${of} and all its partitions against reads and writes.`,
      advice:
        'CONCURRENTLY is refused for the index of a partitioned table: drop it in a migration of its own, with a short lock_timeout, and try again when it fails.',
      severity,
    };
  const fix = fixFor(statement, context);
  const steps = indexes.map((index) => `DROP INDEX CONCURRENTLY ${qualified(index)};`).join(' ');
  return {
    span: indexes[0]?.span,
    message: `Dropping ${names} takes an ACCESS EXCLUSIVE lock on ${of}: reads and writes wait for it.`,
    advice: `${steps} in a migration of its own that runs outside a transaction.`,
    severity,
    ...(fix ? { fix } : {}),
  };
}

/** Another statement of the same transaction keeps readers and writers off the table, too: one wait is no worse than the other. */
function isLockedAnyway(table: ObjectName, context: StatementContext): boolean {
  return (alteredIn(context.section).get(table.name) ?? []).some(
    (other) =>
      context.catalog.key(other.table) === context.catalog.key(table) &&
      sameTransaction(context.section, other.index, context.index),
  );
}

const alteredIn = oncePerSection((section) => {
  const altered = new Map<string, { readonly table: ObjectName; readonly index: number }[]>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind !== 'alter-table') continue;
    const { table } = statement;
    if (
      !locksTaken(statement).some(({ relation, mode }) => relation === table && mode === 'ACCESS EXCLUSIVE')
    )
      continue;
    const known = altered.get(table.name);
    if (known) known.push({ table, index });
    else altered.set(table.name, [{ table, index }]);
  }
  return altered;
});

/** Names of the indexes that a section builds without blocking anybody. */
const builtConcurrently = oncePerSection((section) => {
  const built = new Set<string>();
  for (const { statement } of statementsOf(section))
    if (statement.kind === 'create-index' && statement.concurrently && statement.index !== undefined)
      built.add(statement.index);
  return built;
});

function fixFor(statement: StatementOf<'drop'>, context: StatementContext): Fix | undefined {
  const { text } = context;
  const [object, ...others] = statement.objects;
  const head = /^drop\s+index/i.exec(text.slice(statement.span.start, statement.span.end))?.[0];
  if (
    !object ||
    others.length > 0 ||
    statement.cascade ||
    context.nested ||
    context.section.name !== 'up' ||
    head === undefined
  )
    return undefined;
  const at = statement.span.start + head.length;
  if (isAlone(context))
    return {
      title: 'Drop the index concurrently, outside a transaction',
      edits: [{ start: at, end: at, text: ' CONCURRENTLY' }],
      noTransaction: true,
    };
  return {
    title: 'Drop the index concurrently in a migration of its own',
    edits: [removal(statement, text)],
    newMigrations: [
      {
        name: fileWords('drop', object.name),
        up: `DROP INDEX CONCURRENTLY ${statement.ifExists ? 'IF EXISTS ' : ''}${qualified(object)};`,
        noTransaction: true,
      },
    ],
  };
}
