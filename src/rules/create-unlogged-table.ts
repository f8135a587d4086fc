import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'create-unlogged-table',
  title: 'Unlogged table',
  severity: 'info',
  why: 'Changes to an unlogged table are not written to the WAL: after a crash PostgreSQL empties it, replicas hold no rows of it and refuse to read it, and logical replication leaves it out. After a failover it is empty.',
  safeAlternative: 'Leave UNLOGGED out, unless every row can be made again from elsewhere.',
  sections: ['up'],
  reference: 'sql-createtable',
  knownAs: { 'pg-migration-lint': ['PGM506'], 'eslint-plugin-postgresql': ['no-unlogged-table'] },
  *migration({ migration, after }) {
    for (const statement of migration.up.sql.statements) {
      if (statement.kind !== 'create-table' && statement.kind !== 'create-table-as') continue;
      if (statement.persistence !== 'unlogged') continue;
      if (after.table(statement.table)?.persistence === 'unlogged')
        yield {
          migration,
          section: 'up',
          span: statement.span,
          message: `${quoted(statement.table)} is empty after every crash and failover.`,
        };
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE UNLOGGED TABLE sessions (id bigint PRIMARY KEY, data jsonb);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE UNLOGGED TABLE order_numbers AS SELECT id FROM orders;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE sessions (id bigint PRIMARY KEY, data jsonb);' },
    { sql: 'CREATE TEMPORARY TABLE picked (id bigint PRIMARY KEY);' },
    {
      sql: 'CREATE UNLOGGED TABLE imported (id bigint PRIMARY KEY);\nALTER TABLE imported SET LOGGED;',
      note: 'Logged at the end of the migration.',
    },
    {
      sql: 'CREATE UNLOGGED TABLE imported (id bigint PRIMARY KEY);\nDROP TABLE imported;',
    },
  ],
};
