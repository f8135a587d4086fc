import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, qualified } from './shared/names.ts';

const FIRST_MAJOR = 19;

export const rule = defineRule({
  id: 'prefer-repack-pg19',
  title: 'VACUUM FULL or CLUSTER where REPACK exists',
  severity: 'info',
  why: 'From PostgreSQL 19 on REPACK does the work of VACUUM FULL and CLUSTER, and REPACK (CONCURRENTLY) does it while the table is read and written: it needs ACCESS EXCLUSIVE only for a moment at its end. The old commands keep it for all of the work.',
  safeAlternative:
    'REPACK (CONCURRENTLY) table, or REPACK (CONCURRENTLY) table USING INDEX index for a table in the order of an index.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'sql-repack',
  knownAs: { squawk: ['prefer-repack'] },
  statements: {
    *vacuum(statement, { target }) {
      if (!statement.full || (target.major ?? 0) < FIRST_MAJOR) return;
      const [table] = statement.tables;
      yield {
        message: `PostgreSQL ${target.major} does this without blocking anybody: REPACK (CONCURRENTLY).`,
        ...(table ? { advice: `REPACK (CONCURRENTLY) ${qualified(table)};` } : {}),
      };
    },
    *cluster(statement, { target }) {
      if ((target.major ?? 0) < FIRST_MAJOR) return;
      const index = statement.index === undefined ? '' : ` ${identifier(statement.index)}`;
      yield {
        message: `PostgreSQL ${target.major} does this without blocking anybody: REPACK (CONCURRENTLY) … USING INDEX.`,
        ...(statement.table
          ? { advice: `REPACK (CONCURRENTLY) ${qualified(statement.table)} USING INDEX${index};` }
          : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'VACUUM FULL orders;',
      noTransaction: true,
      target: { major: 19 },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CLUSTER orders USING orders_pkey;',
      target: { major: 19 },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'VACUUM FULL orders;',
      noTransaction: true,
      target: { major: 18 },
      note: 'PostgreSQL 18 has no REPACK.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'VACUUM orders;',
      noTransaction: true,
      target: { major: 19 },
    },
  ],
};
