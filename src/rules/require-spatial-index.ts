import type { Column } from '../sql/statement.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

const SPATIAL: ReadonlySet<string> = new Set(['geometry', 'geography']);
const METHODS: ReadonlySet<string> = new Set(['gist', 'spgist', 'brin']);

export const rule = defineRule({
  id: 'require-spatial-index',
  title: 'Geometry column without a spatial index',
  severity: 'off',
  why: 'Without a GiST index, PostGIS answers ST_DWithin, ST_Intersects and nearest-neighbour queries by reading every row and computing each geometry.',
  safeAlternative:
    'CREATE INDEX … USING gist (column); on a table in use, CONCURRENTLY in a migration of its own.',
  sections: ['up'],
  knownAs: { migrationpilot: ['MP051'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        if (statement.kind !== 'create-table' && statement.kind !== 'alter-table') continue;
        const columns: readonly Column[] =
          statement.kind === 'create-table'
            ? statement.columns
            : statement.actions.flatMap((action) => (action.action === 'add-column' ? [action.column] : []));
        for (const { name, type, span } of columns) {
          if (!type || !SPATIAL.has(type.name) || !context.after.table(statement.table)?.columns.has(name))
            continue;
          const indexed = context.after
            .indexesOf(statement.table)
            .some(
              (index) =>
                METHODS.has(index.method) &&
                index.columns.some((each) => each.column === name || each.expression?.columns.includes(name)),
            );
          if (indexed) continue;
          problems.push({
            migration,
            section: 'up',
            span,
            message: `${quoted(name)} of ${quoted(statement.table)} has no spatial index: searching it reads every row.`,
            advice: `CREATE INDEX CONCURRENTLY ON ${qualified(statement.table)} USING gist (${identifier(name)});`,
          });
        }
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE places (id bigint PRIMARY KEY, location geometry(Point, 4326) NOT NULL);',
      note: 'Needs the extension PostGIS.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE places (id bigint PRIMARY KEY, location geometry(Point, 4326) NOT NULL);\nCREATE INDEX idx_places_location ON places USING gist (location);',
    },
    {
      history: ['CREATE TABLE places (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE places ADD COLUMN location geography;',
      then: ['CREATE INDEX CONCURRENTLY idx_places_location ON places USING gist (location);'],
      note: 'The index comes with the same change.',
    },
  ],
};
