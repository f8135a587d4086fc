import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS, tablesTakenOver } from './shared/extension-tables.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'timescale-ddl',
  title: 'Schema change that reaches every chunk of a hypertable',
  severity: 'info',
  why: 'A hypertable of TimescaleDB is many tables. ALTER TABLE and CREATE INDEX on it are done on every chunk in one transaction, which locks all of them until the last one is done; CREATE INDEX CONCURRENTLY is refused.',
  safeAlternative:
    'CREATE INDEX … WITH (timescaledb.transaction_per_chunk) locks one chunk at a time; other changes belong into a quiet hour, with a lock_timeout.',
  sections: ['up'],
  knownAs: { migrationpilot: ['MP105', 'MP111'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const hypertables = tablesTakenOver(context, HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS);
    if (hypertables.size === 0) return problems;
    for (const migration of context.changed) {
      for (const { statement, nested } of statementsOf(migration.up)) {
        if (statement.kind !== 'alter-table' && statement.kind !== 'create-index') continue;
        const hypertable = hypertables.get(context.after.key(statement.table));
        if (!hypertable || hypertable.changed) continue;
        if (
          statement.kind === 'create-index' &&
          !nested &&
          /transaction_per_chunk/i.test(
            migration.migration.up.file.text.slice(statement.span.start, statement.span.end),
          )
        )
          continue;
        const refused = statement.kind === 'create-index' && statement.concurrently;
        problems.push({
          migration,
          section: 'up',
          span: statement.span,
          message: refused
            ? `${quoted(statement.table)} is a hypertable: TimescaleDB refuses CONCURRENTLY on it.`
            : `${quoted(statement.table)} is a hypertable: this locks all of its chunks at once until the last one is done.`,
        });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE metrics (time timestamptz NOT NULL, value double precision);\nSELECT create_hypertable('metrics', 'time');",
      ],
      sql: 'CREATE INDEX idx_metrics_value ON metrics (value);',
      note: 'Needs the extension TimescaleDB.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE metrics (time timestamptz NOT NULL, value double precision);\nSELECT create_hypertable('metrics', 'time');",
      ],
      sql: 'CREATE INDEX idx_metrics_value ON metrics (value) WITH (timescaledb.transaction_per_chunk);',
      noTransaction: true,
    },
    {
      sql: "CREATE TABLE metrics (time timestamptz NOT NULL, value double precision);\nSELECT create_hypertable('metrics', 'time');\nCREATE INDEX idx_metrics_value ON metrics (value);",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
    },
  ],
};
