import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS, tablesTakenOver } from './shared/extension-tables.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'timescale-drop-chunks',
  title: 'DELETE of old rows from a hypertable',
  severity: 'info',
  why: 'DELETE marks every row one by one, writes each to the log and leaves the space to VACUUM. TimescaleDB can drop whole chunks of old rows, which takes an instant and gives the space back.',
  safeAlternative:
    "SELECT drop_chunks('table', older_than => …), or a retention policy (add_retention_policy).",
  sections: ['up'],
  knownAs: { migrationpilot: ['MP106'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const hypertables = tablesTakenOver(context, HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS);
    if (hypertables.size === 0) return problems;
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        if (
          statement.kind !== 'delete' ||
          hypertables.get(context.after.key(statement.table))?.changed !== false
        )
          continue;
        problems.push({
          migration,
          section: 'up',
          span: statement.span,
          message: `${quoted(statement.table)} is a hypertable: where whole chunks are meant, drop_chunks takes an instant and this does not.`,
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
      sql: "DELETE FROM metrics WHERE time < '2024-01-01';",
      note: 'Needs the extension TimescaleDB.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE metrics (time timestamptz NOT NULL, value double precision);\nSELECT create_hypertable('metrics', 'time');",
      ],
      sql: "SELECT drop_chunks('metrics', older_than => '2024-01-01'::timestamptz);",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);'],
      sql: "DELETE FROM orders WHERE placed_at < '2024-01-01';",
    },
  ],
};
