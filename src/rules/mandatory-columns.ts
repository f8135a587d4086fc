import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { listOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'mandatory-columns',
  title: 'New table without a column that every table has',
  severity: 'off',
  why: 'Code that works on every table (audit, synchronisation, soft deletion) stops at one that lacks its columns, and adding them later means another migration on a table that is in use by then.',
  safeAlternative: 'Add the columns to CREATE TABLE.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  knownAs: { schemalint: ['mandatory-columns'] },
  options: { columns: { default: ['created_at'], description: 'Names of the columns.' } },
  migration: ({ migration, after, options }) => {
    const problems: PlacedProblem[] = [];
    const wanted = listOption(options, 'columns');
    for (const { statement } of statementsOf(migration.up)) {
      if (statement.kind !== 'create-table' || statement.persistence === 'temporary' || statement.partitionOf)
        continue;
      const table = after.table(statement.table);
      if (!table?.complete || table.addedBy !== migration.migration.id) continue;
      const missing = wanted.filter((column) => !table.columns.has(column));
      if (missing.length > 0)
        problems.push({
          migration,
          section: 'up',
          span: statement.table.span,
          message: `${quoted(statement.table)} has no ${missing.map(quoted).join(' and no ')}.`,
        });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz NOT NULL);',
      options: { columns: ['created_at', 'updated_at'] },
    },
  ],
  good: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());' },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nALTER TABLE orders ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();',
    },
    { sql: 'CREATE TEMPORARY TABLE chosen (id bigint);' },
  ],
};
