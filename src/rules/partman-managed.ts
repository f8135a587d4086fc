import type { ObjectName, Statement } from '../sql/statement.ts';
import { type ChangeContext, defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { PARTMAN_ENDS, PARTMAN_FUNCTIONS, tablesTakenOver } from './shared/extension-tables.ts';
import { nameOfKey } from './shared/keys.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'partman-managed',
  title: 'Partitions of pg_partman changed by hand',
  severity: 'info',
  why: 'The extension pg_partman makes and drops the partitions of the tables that it manages and finds them by their names and bounds. A partition that is made, attached or detached by hand may have a name that it does not know or a bound that collides with the next one it makes; then its maintenance fails, and rows end up in the default partition. It finds the table by the name in its configuration, which a rename does not change.',
  safeAlternative:
    'Let run_maintenance() make partitions and the retention of part_config drop them; call undo_partition() or config_cleanup() before the table is dropped or renamed.',
  sections: ['up'],
  knownAs: { migrationpilot: ['MP108'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const managed = managedTables(context);
    if (managed.size === 0) return problems;
    const partitions = partitionsOf(managed, context);
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        for (const message of messages(statement, managed, partitions, context))
          problems.push({ migration, section: 'up', span: statement.span, message });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nSELECT partman.create_parent(p_parent_table := 'public.events', p_control := 'at', p_interval := '1 month');",
      ],
      sql: "CREATE TABLE events_extra PARTITION OF events FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');",
      note: 'Needs the extension pg_partman.',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nSELECT partman.create_parent('public.events', 'at', '1 month');",
      ],
      sql: 'ALTER TABLE events RENAME TO old_events;',
      note: 'Needs the extension pg_partman.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nSELECT partman.create_parent('public.events', 'at', '1 month');",
      ],
      sql: 'ALTER TABLE events ADD COLUMN note text;',
      note: 'Columns reach the partitions by themselves. Needs the extension pg_partman.',
    },
    {
      sql: "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_p20240101 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');\nSELECT partman.create_parent('public.events', 'at', '1 month');",
      note: 'It was not managed before. Needs the extension pg_partman.',
    },
    {
      history: ['CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
    },
  ],
};

/** Keys of the tables that pg_partman managed before this change and does not give up in it. */
function managedTables(context: ChangeContext): ReadonlySet<string> {
  const managed = new Set<string>();
  const taken = tablesTakenOver(context, PARTMAN_FUNCTIONS, undefined);
  if (taken.size === 0) return managed;
  const given = tablesTakenOver(context, PARTMAN_ENDS, undefined);
  for (const [key, { changed }] of taken) if (!changed && !given.has(key)) managed.add(key);
  return managed;
}

/** Parents by the keys of the partitions that migrations made. */
function partitionsOf(managed: ReadonlySet<string>, { before }: ChangeContext): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const parent of managed)
    for (const partition of before.table(nameOfKey(parent))?.partitions ?? []) parents.set(partition, parent);
  return parents;
}

function* messages(
  statement: Statement,
  managed: ReadonlySet<string>,
  partitions: ReadonlyMap<string, string>,
  { after }: ChangeContext,
): Generator<string> {
  const isManaged = (name: ObjectName): boolean => managed.has(after.key(name));
  if (statement.kind === 'create-table' && statement.partitionOf && isManaged(statement.partitionOf))
    yield `pg_partman makes the partitions of ${quoted(statement.partitionOf)}; ${quoted(statement.table)} is made beside it.`;
  if (statement.kind === 'alter-table' && isManaged(statement.table)) {
    for (const action of statement.actions) {
      if (action.action === 'attach-partition' || action.action === 'detach-partition')
        yield `pg_partman manages the partitions of ${quoted(statement.table)}; ${quoted(action.partition)} is ${action.action === 'attach-partition' ? 'attached' : 'detached'} beside it.`;
    }
  }
  if (statement.kind === 'rename' && statement.objectType === 'table' && statement.relation) {
    if (isManaged(statement.relation))
      yield `pg_partman goes on looking for ${quoted(statement.relation)} under its old name, and makes no partition for ${quoted(statement.to)}.`;
  }
  if (statement.kind === 'set-schema' && statement.objectType === 'table' && isManaged(statement.object))
    yield `pg_partman goes on looking for ${quoted(statement.object)} in its old schema.`;
  if (statement.kind !== 'drop' || statement.objectType !== 'table') return;
  for (const table of statement.objects) {
    const parent = partitions.get(after.key(table)) ?? madeByPartman(after.key(table), managed);
    if (parent !== undefined)
      yield `${quoted(table)} is a partition of ${quoted(nameOfKey(parent))}, whose partitions pg_partman drops by its retention.`;
    else if (isManaged(table))
      yield `pg_partman keeps ${quoted(table)} in its configuration, and its maintenance fails when the table is gone.`;
  }
}

/** pg_partman puts `_p` and the bound behind the name of the table. */
function madeByPartman(key: string, managed: ReadonlySet<string>): string | undefined {
  const parent = /^(.+)_p\d[\d_]*$/.exec(key)?.[1];
  return parent !== undefined && managed.has(parent) ? parent : undefined;
}
