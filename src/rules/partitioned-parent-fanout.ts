import { actionLock, blocksWrites } from '../sql/locks.ts';
import type { AlterTableAction, LockMode, Relation, Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { longLocks } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'partitioned-parent-fanout',
  title: 'Schema change on a partitioned table that locks all of its partitions',
  severity: 'warning',
  why: 'ALTER TABLE on a partitioned table goes on to every partition and takes its lock on each, one after the other, in one transaction: it waits for the longest transaction on any of them, all traffic queues behind it, and every partition stays locked until the last is done. What reads or writes rows does so for all partitions under these locks.',
  safeAlternative:
    'Set a lock_timeout and try again, let it stand alone in its migration, and do what takes time partition by partition before: indexes with ON ONLY and ATTACH, constraints NOT VALID and then VALIDATE.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'ddl-partitioning',
  knownAs: { migrationpilot: ['MP110'] },
  secondary: true,
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table' || statement.table.only) return;
      const modes = statement.actions.filter(goesOn).map(actionLock);
      const mode = modes.includes('ACCESS EXCLUSIVE') ? 'ACCESS EXCLUSIVE' : modes.find(blocksWrites);
      if (mode) yield* problem(statement, statement.table, mode, context);
    },
    *rename(statement, context) {
      if (statement.objectType === 'column' && statement.relation)
        yield* problem(statement, statement.relation, 'ACCESS EXCLUSIVE', context);
    },
    *'create-trigger'(statement, context) {
      if (statement.row) yield* problem(statement, statement.table, 'SHARE ROW EXCLUSIVE', context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL, note text) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      ],
      sql: 'ALTER TABLE events ALTER COLUMN note SET NOT NULL;',
      note: 'Reads every partition while all of them are locked.',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      ],
      sql: 'ALTER TABLE events ADD COLUMN note text;',
      runner: 'native',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      ],
      sql: 'ALTER TABLE events RENAME COLUMN id TO event_id;',
      note: 'With a lock timeout in force, as here, a short change is only mentioned.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      ],
      sql: 'ALTER TABLE events_2025 ADD CONSTRAINT events_2025_id CHECK (id > 0) NOT VALID;',
      note: 'One partition.',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      ],
      sql: 'ALTER TABLE events REPLICA IDENTITY FULL;',
      note: 'Does not go on to the partitions.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
    },
    {
      sql: "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');\nALTER TABLE events ADD COLUMN note text;",
      note: 'The table is new.',
    },
  ],
};

/** Actions that concern the partitioned table alone, or partitions that other rules speak of (ATPrepCmd of the server's sources). */
const STAYS: ReadonlySet<AlterTableAction['action']> = new Set([
  'attach-partition',
  'detach-partition',
  'set-options',
  'reset-options',
  'owner',
  'replica-identity',
  'enable-rls',
  'disable-rls',
  'force-rls',
  'no-force-rls',
  'set-tablespace',
  'set-access-method',
  'set-compression',
  'cluster-on',
  'drop-cluster',
  'set-logged',
  'set-unlogged',
  'inherit',
  'no-inherit',
  'other',
]);

function goesOn(action: AlterTableAction): boolean {
  return !STAYS.has(action.action) && blocksWrites(actionLock(action));
}

function* problem(
  statement: Statement,
  relation: Relation,
  mode: LockMode,
  context: StatementContext,
): Generator<Problem> {
  const table = context.catalog.table(relation);
  if (table?.kind !== 'partitioned' || table.partitions.size === 0 || context.isNew(relation)) return;
  const works = longLocks(statement, context.catalog).length > 0;
  const count = table.partitions.size;
  const { lock } = context.timeouts;
  const isShort = !works && lock !== undefined && lock > 0;
  yield {
    message: `This locks ${quoted(relation)} and each of its partitions (${count} ${count === 1 ? 'is' : 'are'} known) in mode ${mode}, all of them until the last is done.`,
    // Whoever waits for it does not wait long.
    ...(isShort ? { severity: 'info' as const } : {}),
  };
}
