import { defineRule, type RuleExamples } from './rule.ts';
import { nameOfKey } from './shared/keys.ts';
import { quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'set-tablespace-rewrite',
  title: 'SET TABLESPACE on a table or index in use',
  severity: 'error',
  why: 'SET TABLESPACE copies the files to the other tablespace while it holds an ACCESS EXCLUSIVE lock on what it moves. Nobody can read or write a table meanwhile; with an index it is the same, as every query of its table has to look at the index to be planned. The copy goes through the WAL to all replicas.',
  safeAlternative:
    'For an index, REINDEX (CONCURRENTLY, TABLESPACE name) INDEX moves it without blocking. For a table, pg_repack (an extension) can move it, or make a second table there and copy in batches.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP095'] },
  statements: {
    *'alter-table'(statement, { catalog, isNew, size }) {
      const moved = statement.actions.find(({ action }) => action === 'set-tablespace');
      if (!moved) return;
      const isIndex = statement.objectType === 'index';
      const index = isIndex ? catalog.index(statement.table) : undefined;
      const table = index ? nameOfKey(index.table) : statement.table;
      if (catalog.table(table)?.kind === 'partitioned' || isNew(table)) return;
      const known = isIndex && !index ? undefined : size(table);
      const who = isIndex ? (index ? `query ${quoted(table)}` : 'query its table') : 'read or write it';
      yield {
        span: moved.span,
        message: `All of ${quoted(statement.table)}${isIndex ? '' : sizeNote(known)} is copied while nobody can ${who}.`,
        severity: severityFor(known),
      };
    },
    *other(statement) {
      if (statement.node === 'AlterTableMoveAllStmt')
        yield {
          message:
            'This copies everything in the tablespace, with all of it locked against readers and writers until the transaction ends.',
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders SET TABLESPACE fast_disk;',
      note: 'Needs a tablespace fast_disk.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER INDEX orders_pkey SET TABLESPACE fast_disk;',
      note: 'Needs a tablespace fast_disk.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'REINDEX (CONCURRENTLY, TABLESPACE fast_disk) INDEX orders_pkey;',
      noTransaction: true,
      note: 'Needs a tablespace fast_disk.',
    },
    {
      history: ['CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);'],
      sql: 'ALTER TABLE events SET TABLESPACE fast_disk;',
      note: 'A partitioned table holds nothing itself: this is for partitions to come. Needs a tablespace fast_disk.',
    },
  ],
};
