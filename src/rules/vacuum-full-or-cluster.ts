import type { Relation } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'vacuum-full-or-cluster',
  title: 'VACUUM FULL or CLUSTER',
  severity: 'error',
  why: 'VACUUM FULL and CLUSTER write the table and all its indexes anew under an ACCESS EXCLUSIVE lock: nobody can read or write the table until they are done, and the old copy stays on disk as long.',
  safeAlternative:
    'Plain VACUUM frees space for new rows without blocking anybody. To give space back to the system use the extensions pg_repack or pg_squeeze; PostgreSQL 19 has REPACK (CONCURRENTLY).',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'sql-vacuum',
  knownAs: {
    pgls: ['banVacuumFull'],
    pgfence: ['vacuum-full'],
    migrationpilot: ['MP006', 'MP032'],
    'pg-migration-lint': ['PGM018', 'PGM021'],
    'eslint-plugin-postgresql': ['no-cluster', 'no-vacuum-full'],
  },
  statements: {
    *vacuum(statement, context) {
      if (!statement.full) return;
      if (statement.tables.length === 0)
        yield { message: 'VACUUM FULL without a table blocks every table of the database in turn.' };
      for (const table of statement.tables) yield* problem('VACUUM FULL', table, context);
    },
    *cluster(statement, context) {
      if (statement.table) yield* problem('CLUSTER', statement.table, context);
      else yield { message: 'CLUSTER without a table blocks every table in turn that was clustered before.' };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'VACUUM FULL orders;',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'VACUUM (FULL, ANALYZE) orders;',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CLUSTER orders USING orders_pkey;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'VACUUM (ANALYZE) orders;',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders CLUSTER ON orders_pkey;',
      note: 'Only says what a later CLUSTER would use.',
    },
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nCLUSTER orders USING orders_pkey;' },
  ],
};

function* problem(what: string, table: Relation, context: StatementContext): Generator<Problem> {
  if (context.isNew(table) || context.catalog.table(table)?.persistence === 'temporary') return;
  const size = context.size(table);
  yield {
    message: `${what} writes all of ${quoted(table)}${sizeNote(size)} anew while nobody can read or write it.`,
    severity: severityFor(size),
    ...(what === 'VACUUM FULL'
      ? {
          advice: `VACUUM ${qualified(table)}, or pg_repack (an extension) where the space has to go back to the system.`,
        }
      : {}),
  };
}
