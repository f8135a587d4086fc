import type { ObjectName } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'default-partition',
  title: 'DEFAULT partition',
  severity: 'info',
  why: 'Rows that no other partition takes collect in the default partition, unnoticed. Each new partition then reads all of it under an ACCESS EXCLUSIVE lock to see that no row belongs to the new one, and fails when one does; rows have to be moved out by hand first. While there is a default partition, DETACH PARTITION CONCURRENTLY is refused.',
  safeAlternative:
    'Make partitions ahead of time and let a row without one fail. Where a default is needed, watch that it stays empty, and give it a CHECK that excludes the new bound before a partition is added.',
  sections: ['up'],
  reference: 'ddl-partitioning',
  knownAs: { migrationpilot: ['MP093'] },
  statements: {
    *'create-table'(statement) {
      if (!statement.isDefaultPartition || !statement.partitionOf) return;
      yield { span: statement.table.span, message: message(statement.table, statement.partitionOf) };
    },
    *'alter-table'(statement) {
      for (const action of statement.actions) {
        if (action.action === 'attach-partition' && action.isDefault)
          yield { span: action.span, message: message(action.partition, statement.table) };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: 'CREATE TABLE events_rest PARTITION OF events DEFAULT;',
    },
    {
      history: [
        'CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_rest (id bigint, at date NOT NULL);',
      ],
      sql: 'ALTER TABLE events ATTACH PARTITION events_rest DEFAULT;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
    },
    {
      sql: 'CREATE TABLE customers (id bigint, name text) PARTITION BY HASH (id);\nCREATE TABLE customers_0 PARTITION OF customers FOR VALUES WITH (MODULUS 2, REMAINDER 0);',
    },
  ],
};

function message(partition: ObjectName, parent: ObjectName): string {
  return `${quoted(partition)} takes every row of ${quoted(parent)} that no other partition takes, and each new partition has to read all of it.`;
}
