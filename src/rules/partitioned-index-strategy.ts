import { defineRule, type RuleExamples } from './rule.ts';
import { nameOfKey } from './shared/keys.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'partitioned-index-strategy',
  title: 'Index on a partitioned table in one statement',
  severity: 'error',
  why: 'CREATE INDEX on a partitioned table takes a SHARE lock on the table and on every partition and builds one index after the other: all writes wait until the last is done. CONCURRENTLY is no way out, PostgreSQL refuses it for a partitioned table.',
  safeAlternative:
    'CREATE INDEX … ON ONLY the partitioned table, then per partition CREATE INDEX CONCURRENTLY (outside a transaction) and ALTER INDEX … ATTACH PARTITION. The parent index becomes valid when the last one is attached.',
  claims: ['blocks-writes', 'fails'],
  sections: ['up'],
  reference: 'ddl-partitioning',
  knownAs: { migrationpilot: ['MP092'] },
  statements: {
    *'create-index'(statement, context) {
      const table = context.catalog.table(statement.table);
      if (table?.kind !== 'partitioned' || statement.table.only) return;
      const index = statement.index ?? shortened(`${statement.table.name}_idx`);
      const [first] = table.partitions;
      const partition = first === undefined ? undefined : nameOfKey(first);
      const one = partition && identifier(shortened(`${index}_${partition.name}`));
      const steps =
        partition && one
          ? ` Then for each partition, as for ${quoted(partition)}: CREATE INDEX CONCURRENTLY ${one} ON ${qualified(partition)} …; ALTER INDEX ${qualified({ schema: statement.table.schema, name: index })} ATTACH PARTITION ${partition.schema === undefined ? '' : `${identifier(partition.schema)}.`}${one};`
          : '';
      const advice = `CREATE INDEX ${identifier(index)} ON ONLY ${qualified(statement.table)} …;${steps}`;
      if (statement.concurrently) {
        yield {
          message: `PostgreSQL refuses CREATE INDEX CONCURRENTLY on the partitioned table ${quoted(statement.table)}.`,
          advice,
        };
        return;
      }
      if (context.isNew(statement.table)) return;
      const count = table.partitions.size;
      yield {
        message: `Building this index blocks every write to ${quoted(statement.table)}${sizeNote(context.size(statement.table))} and all its partitions${count > 1 ? ` (${count} are known)` : ''} until the last one is done.`,
        advice,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'CREATE INDEX idx_events_id ON events (id);',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_events_id ON events (id);',
      noTransaction: true,
      note: 'PostgreSQL refuses this one (error 0A000).',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'CREATE INDEX idx_events_id ON ONLY events (id);',
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_events_2024_id ON events_2024 (id);',
      noTransaction: true,
    },
    {
      sql: 'CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE INDEX idx_events_id ON events (id);',
      note: 'Nobody uses a table that the same migration made.',
    },
  ],
};
