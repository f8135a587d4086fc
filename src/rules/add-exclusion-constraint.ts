import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'add-exclusion-constraint',
  title: 'EXCLUDE constraint added to an existing table',
  severity: 'error',
  why: 'ADD CONSTRAINT … EXCLUDE builds its index and checks every row against the others while it holds an ACCESS EXCLUSIVE lock: nobody can read or write the table until both are done. There is no CONCURRENTLY, NOT VALID or USING INDEX for it.',
  safeAlternative:
    'Create a new table with the constraint, copy the rows in batches and swap the two; or add it while the table is not in use, with a lock_timeout and a statement_timeout set.',
  claims: ['scans'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    pgls: ['avoidAddingExclusionConstraint'],
    eugene: ['E8'],
    pgfence: ['add-constraint-exclude'],
    migrationpilot: ['MP031'],
    'pg-migration-lint': ['PGM019'],
    strong_migrations: ['add_exclusion_constraint'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'add-constraint' || action.constraint.type !== 'exclusion') continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: `Nobody can read or write ${quoted(statement.table)}${sizeNote(size)} while the index of this EXCLUDE constraint is built and every row is checked.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE bookings (id bigint PRIMARY KEY, during tsrange);'],
      sql: 'ALTER TABLE bookings ADD CONSTRAINT bookings_no_overlap EXCLUDE USING gist (during WITH &&);',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE bookings (id bigint PRIMARY KEY, during tsrange, EXCLUDE USING gist (during WITH &&));',
    },
    {
      sql: 'CREATE TABLE bookings (id bigint PRIMARY KEY, during tsrange);\nALTER TABLE bookings ADD CONSTRAINT bookings_no_overlap EXCLUDE USING gist (during WITH &&);',
    },
  ],
};
