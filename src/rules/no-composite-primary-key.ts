import type { Constraint } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'no-composite-primary-key',
  title: 'Primary key of several columns',
  severity: 'off',
  why: 'Every foreign key to such a table carries all of its key columns, and some frameworks cannot address a row by more than one. A matter of style: the database has no trouble with it.',
  safeAlternative:
    'Give the table a key column of its own (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY) and make the columns UNIQUE.',
  sections: ['up'],
  knownAs: { 'eslint-plugin-postgresql': ['no-composite-primary-key'] },
  statements: {
    *'create-table'(statement) {
      if (statement.partitionBy || statement.partitionOf || statement.persistence === 'temporary') return;
      yield* problems(statement.constraints, quoted(statement.table));
    },
    *'alter-table'(statement, context) {
      const kind = context.catalog.table(statement.table);
      if (kind?.kind === 'partitioned' || kind?.partitionOf !== undefined) return;
      for (const action of statement.actions)
        if (action.action === 'add-constraint') yield* problems([action.constraint], quoted(statement.table));
    },
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: 'CREATE TABLE order_lines (order_id bigint, line integer, PRIMARY KEY (order_id, line));' }],
  good: [
    {
      sql: 'CREATE TABLE order_lines (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL, line integer NOT NULL, UNIQUE (order_id, line));',
    },
    {
      sql: 'CREATE TABLE readings (id bigint, taken_on date, PRIMARY KEY (id, taken_on)) PARTITION BY RANGE (taken_on);',
      note: 'The key of a partitioned table has to hold the partition key.',
    },
  ],
};

function* problems(constraints: readonly Constraint[], table: string): Generator<Problem> {
  for (const { type, columns, span } of constraints) {
    if (type === 'primary-key' && columns.length > 1)
      yield { span, message: `The primary key of ${table} has ${columns.length} columns.` };
  }
}
