import type { CatalogConstraint, CatalogTable } from '../sql/catalog/catalog.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { nameOfKey } from './shared/keys.ts';
import { qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'attach-partition',
  title: 'Partition attached without a CHECK that proves its bound',
  severity: 'warning',
  why: 'ATTACH PARTITION reads the whole partition to see that every row belongs there, while it holds an ACCESS EXCLUSIVE lock on that partition; a default partition is locked and read in the same way. The scan is left out when a validated CHECK constraint, together with NOT NULL on the key, implies the bound. The partitioned table itself is only locked with SHARE UPDATE EXCLUSIVE (PostgreSQL 12 and later).',
  safeAlternative:
    'Give the table a CHECK that says the same as the bound, with IS NOT NULL for the key: ADD CONSTRAINT … CHECK … NOT VALID, VALIDATE CONSTRAINT in a later migration, then ATTACH PARTITION and drop the CHECK. A default partition needs a CHECK that excludes the new bound.',
  claims: ['scans'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    pgls: ['avoidAttachingPartition'],
    pgfence: ['attach-partition'],
    migrationpilot: ['MP072', 'MP094'],
    'pg-migration-lint': ['PGM005'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of statement.actions) {
        if (action.action !== 'attach-partition') continue;
        const partition = context.catalog.table(action.partition);
        const size = context.size(action.partition);
        if (!context.isNew(action.partition) && !hasBoundCheck(partition)) {
          const advice = action.isDefault
            ? undefined
            : `First ALTER TABLE ${qualified(action.partition)} ADD CONSTRAINT … CHECK (…) NOT VALID, where the CHECK says that the key is not null and within the bound (${action.bound.replace(/^for\s+values\s+/i, '')}); validate it in a later migration, then attach.`;
          yield {
            span: action.span,
            message: `Attaching ${quoted(action.partition)} reads all of it${sizeNote(size)} under ACCESS EXCLUSIVE: no validated CHECK is known that proves its bound.`,
            severity: severityFor(size),
            ...(advice === undefined ? {} : { advice }),
          };
        }
        const key = action.isDefault ? undefined : context.catalog.table(statement.table)?.defaultPartition;
        const rest = key === undefined ? undefined : nameOfKey(key);
        if (!rest || context.isNew(rest) || hasBoundCheck(context.catalog.table(rest))) continue;
        const restSize = context.size(rest);
        yield {
          span: action.span,
          message: `Attaching ${quoted(action.partition)} also reads all of the default partition ${quoted(rest)}${sizeNote(restSize)} under ACCESS EXCLUSIVE, to see that no row of it belongs to the new one.`,
          advice: `Give ${quoted(rest)} a validated CHECK that excludes the new bound first; add it NOT VALID and validate it in a later migration.`,
          severity: severityFor(restSize),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 (id bigint, at date NOT NULL);',
      ],
      sql: "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
    },
    {
      history: [
        'CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_rest PARTITION OF events DEFAULT;',
      ],
      sql: "CREATE TABLE events_2025 (id bigint, at date NOT NULL);\nALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      note: 'The new partition is empty, but the default partition is read whole.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 (id bigint, at date NOT NULL);',
        "ALTER TABLE events_2025 ADD CONSTRAINT events_2025_bound CHECK (at >= '2025-01-01' AND at < '2026-01-01') NOT VALID;",
        'ALTER TABLE events_2025 VALIDATE CONSTRAINT events_2025_bound;',
      ],
      sql: "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');\nALTER TABLE events_2025 DROP CONSTRAINT events_2025_bound;",
    },
    {
      history: [
        'CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 (id bigint, at date);',
        "ALTER TABLE events_2025 ADD CONSTRAINT events_2025_bound CHECK (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01') NOT VALID;",
        'ALTER TABLE events_2025 VALIDATE CONSTRAINT events_2025_bound;',
      ],
      sql: "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
    },
    {
      history: ['CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);'],
      sql: "CREATE TABLE events_2025 (id bigint, at date NOT NULL);\nALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      note: 'An empty table has nothing to read.',
    },
  ],
};

/** Whether the CHECK says what the bound says cannot be read from the facts, so any that says more than NOT NULL counts. */
function hasBoundCheck(table: CatalogTable | undefined): boolean {
  for (const constraint of table?.constraints.values() ?? []) {
    if (
      constraint.type === 'check' &&
      constraint.validated &&
      constraint.enforced &&
      saysMoreThanNotNull(constraint)
    )
      return true;
  }
  return false;
}

/** " IS NOT NULL AND " and quotes around the name, with some room. */
const NOT_NULL_WORDS = 20;

function saysMoreThanNotNull({ columns, impliesNotNull, expression }: CatalogConstraint): boolean {
  if (columns.some((column) => !impliesNotNull.includes(column))) return true;
  const longest = columns.reduce((length, column) => length + column.length + NOT_NULL_WORDS, 0);
  return expression !== undefined && expression.span.end - expression.span.start > longest;
}
