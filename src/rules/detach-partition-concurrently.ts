import { defineRule, type RuleExamples } from './rule.ts';
import { isOwn } from './shared/in-use.ts';
import { isAlone } from './shared/moves.ts';
import { qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'detach-partition-concurrently',
  title: 'Partition detached without CONCURRENTLY',
  severity: 'error',
  why: 'DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the partitioned table, on the partition and on the default partition. It waits for every query on any partition, and everything that comes later waits behind it.',
  safeAlternative:
    'ALTER TABLE … DETACH PARTITION … CONCURRENTLY (PostgreSQL 14 and later), in a migration of its own that runs outside a transaction. It takes only SHARE UPDATE EXCLUSIVE on the partitioned table.',
  claims: ['blocks-reads'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['require-concurrent-partition-detach'],
    pgls: ['requireConcurrentDetachPartition'],
    pgfence: ['detach-partition'],
    migrationpilot: ['MP046'],
    'pg-migration-lint': ['PGM004'],
  },
  statements: {
    *'alter-table'(statement, context) {
      if (isOwn(statement.table, context)) return;
      const parent = context.catalog.table(statement.table);
      for (const action of statement.actions) {
        if (action.action !== 'detach-partition' || action.concurrently || action.finalize) continue;
        const byDefault = parent?.defaultPartition !== undefined;
        const tooOld = context.target.major !== undefined && context.target.major < 14;
        const message = `Detaching ${quoted(action.partition)} blocks all reads and writes of ${quoted(statement.table)} and its partitions from the moment the lock is asked for.`;
        if (byDefault || tooOld) {
          const reason = tooOld
            ? `PostgreSQL ${context.target.major} has no DETACH … CONCURRENTLY`
            : `${quoted(statement.table)} has a default partition, and then PostgreSQL refuses DETACH … CONCURRENTLY`;
          yield {
            span: action.span,
            message,
            advice: `${reason}: detach in a migration of its own, with a short lock_timeout, and try again when it fails.`,
            severity: 'warning',
          };
          continue;
        }
        const fix =
          isAlone(context) && statement.actions.length === 1
            ? {
                title: 'Detach concurrently, outside a transaction',
                edits: [{ start: action.span.end, end: action.span.end, text: ' CONCURRENTLY' }],
                noTransaction: true,
              }
            : undefined;
        yield {
          span: action.span,
          message,
          advice: `ALTER TABLE ${qualified(statement.table)} DETACH PARTITION ${qualified(action.partition)} CONCURRENTLY; in a migration of its own that runs outside a transaction.`,
          ...(fix ? { fix } : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'ALTER TABLE events DETACH PARTITION events_2024;',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\nCREATE TABLE events_rest PARTITION OF events DEFAULT;",
      ],
      sql: 'ALTER TABLE events DETACH PARTITION events_2024;',
      note: 'With a default partition there is no concurrent form: a warning, because there is no better way.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;',
      noTransaction: true,
    },
    {
      sql: "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\nALTER TABLE events DETACH PARTITION events_2024;",
    },
  ],
};
