import type { Constraint, ObjectName, Statement } from '../sql/statement.ts';
import { type ChangeContext, defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { statementsOf, statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'partition-key-not-in-pk',
  title: 'Primary key or UNIQUE of a partitioned table without its partition key',
  severity: 'error',
  why: 'Each partition has an index of its own and none looks into the others, so PostgreSQL can only keep unique what also decides about the partition. A primary key, UNIQUE constraint or unique index that leaves out a column of the partition key is refused (error 0A000), and so is any where the partition key is an expression: the migration fails.',
  safeAlternative:
    'Add the partition key to the columns: PRIMARY KEY (id, created_at) for PARTITION BY RANGE (created_at).',
  claims: ['fails'],
  sections: ['up'],
  reference: 'ddl-partitioning',
  knownAs: { migrationpilot: ['MP049'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    /** Partition keys by table; an empty one is an expression. */
    const partitioned = new Map<string, readonly string[]>();
    const someAre = context.all.some(({ up }) =>
      statementsOfKind(up, 'create-table').some(({ statement }) => statement.partitionBy),
    );
    if (!someAre) return problems;
    for (const migration of context.all) {
      for (const { statement } of statementsOf(migration.up)) {
        follow(statement, partitioned, context);
        if (!migration.changed) continue;
        for (const unique of keysOf(statement)) {
          const key = partitioned.get(context.after.key(unique.table));
          const missing = key?.filter((column) => !unique.columns.includes(column)) ?? [];
          if (key === undefined || (key.length > 0 && missing.length === 0)) continue;
          problems.push({
            migration,
            section: 'up',
            span: unique.span,
            message:
              key.length === 0
                ? `PostgreSQL refuses ${unique.what} on ${quoted(unique.table)}: its partition key is an expression.`
                : `PostgreSQL refuses ${unique.what} on ${quoted(unique.table)} without ${missing.map((column) => quoted(column)).join(', ')}, by which the table is partitioned.`,
            ...(key.length === 0
              ? { advice: 'Make the key on each partition, or partition by a column.' }
              : { advice: `(${[...unique.columns, ...missing].map(identifier).join(', ')})` }),
          });
        }
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE events (id bigint PRIMARY KEY, at date NOT NULL) PARTITION BY RANGE (at);' },
    {
      sql: 'CREATE TABLE events (id bigint, at date, slug text, PRIMARY KEY (id, at), UNIQUE (slug)) PARTITION BY RANGE (at);',
    },
    {
      history: ['CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: 'ALTER TABLE events ADD PRIMARY KEY (id);',
    },
    {
      history: ['CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: 'CREATE UNIQUE INDEX idx_events_id ON events (id);',
    },
    {
      sql: 'CREATE TABLE events (id bigint PRIMARY KEY, at timestamp NOT NULL) PARTITION BY RANGE (date(at));',
      note: 'The partition key is an expression: no key is possible.',
    },
  ],
  good: [
    { sql: 'CREATE TABLE events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);' },
    {
      history: ['CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: 'ALTER TABLE events ADD PRIMARY KEY (at, id);',
    },
    {
      history: [
        "CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      ],
      sql: 'CREATE UNIQUE INDEX idx_events_2025_id ON events_2025 (id);',
      note: 'A partition alone may have any key.',
    },
    {
      history: [
        'CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);',
        'ALTER TABLE events RENAME COLUMN at TO happened_on;',
      ],
      sql: 'ALTER TABLE events ADD PRIMARY KEY (id, happened_on);',
    },
  ],
};

/** Keeps the partition keys in step with what a statement makes, drops and renames. */
function follow(
  statement: Statement,
  partitioned: Map<string, readonly string[]>,
  { after }: ChangeContext,
): void {
  if (statement.kind === 'create-table') {
    const key = after.key(statement.table);
    if (statement.partitionBy) {
      if (!statement.ifNotExists || !partitioned.has(key))
        partitioned.set(key, statement.partitionBy.columns);
    } else if (!statement.ifNotExists) partitioned.delete(key);
  } else if (statement.kind === 'drop' && statement.objectType === 'table') {
    for (const table of statement.objects) partitioned.delete(after.key(table));
  } else if (statement.kind === 'rename' && statement.relation) {
    const old = after.key(statement.relation);
    const key = partitioned.get(old);
    if (!key) return;
    if (statement.objectType === 'column')
      partitioned.set(
        old,
        key.map((column) => (column === statement.from ? statement.to : column)),
      );
    if (statement.objectType === 'table') {
      partitioned.delete(old);
      partitioned.set(after.key({ schema: statement.relation.schema, name: statement.to }), key);
    }
  }
}

interface UniqueKey {
  readonly table: ObjectName;
  readonly columns: readonly string[];
  readonly span: Statement['span'];
  readonly what: string;
}

function* keysOf(statement: Statement): Generator<UniqueKey> {
  if (statement.kind === 'create-index') {
    if (!statement.unique) return;
    const columns = statement.columns.flatMap(({ column }) => (column === undefined ? [] : [column]));
    yield { table: statement.table, columns, span: statement.span, what: 'a unique index' };
    return;
  }
  if (statement.kind !== 'create-table' && statement.kind !== 'alter-table') return;
  for (const { type, columns, span } of constraintsOf(statement)) {
    if (type === 'primary-key' || type === 'unique')
      yield {
        table: statement.table,
        columns,
        span,
        what: type === 'unique' ? 'UNIQUE' : 'a primary key',
      };
  }
}

function constraintsOf(statement: Statement): readonly Constraint[] {
  if (statement.kind === 'create-table')
    return [...statement.columns.flatMap((column) => column.constraints), ...statement.constraints];
  if (statement.kind !== 'alter-table') return [];
  return statement.actions.flatMap((action) => {
    if (action.action === 'add-column') return [...action.column.constraints];
    // USING INDEX is refused for a partitioned table whatever the columns.
    return action.action === 'add-constraint' && action.constraint.usingIndex === undefined
      ? [action.constraint]
      : [];
  });
}
