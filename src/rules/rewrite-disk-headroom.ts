import type { ObjectName, Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { quoted } from './shared/names.ts';
import { rewriteOf } from './shared/rewrites.ts';
import { numberOption, statisticsOf } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'rewrite-disk-headroom',
  title: 'Table written anew beside its old copy',
  severity: 'info',
  why: 'A rewrite makes a second copy of the table and of its indexes; the first one goes when the transaction commits. Without room for both the statement fails (error 53100), and a disk that is full meanwhile stops every other write of the server. About as much again is written to the WAL.',
  safeAlternative:
    'Make room first, or fill a new column in batches instead of writing the table anew at once.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP102'] },
  options: {
    bytes: {
      default: 10_737_418_240,
      description: 'Bytes of a table from which on a rewrite is reported where the free space is not known.',
    },
  },
  statements: {
    'alter-table': check,
    cluster: check,
    vacuum: check,
    'refresh-materialized-view': check,
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE events (id integer PRIMARY KEY, payload jsonb);'],
      sql: 'ALTER TABLE events ALTER COLUMN id TYPE bigint;',
      target: {
        tables: { events: { rows: 90_000_000, bytes: 60_000_000_000 } },
        freeDiskBytes: 20_000_000_000,
      },
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb);'],
      sql: 'VACUUM FULL events;',
      noTransaction: true,
      target: { tables: { events: { rows: 90_000_000, bytes: 60_000_000_000 } } },
      note: 'The free space is not known here.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE events (id integer PRIMARY KEY, payload jsonb);'],
      sql: 'ALTER TABLE events ALTER COLUMN id TYPE bigint;',
      target: {
        tables: { events: { rows: 90_000_000, bytes: 60_000_000_000 } },
        freeDiskBytes: 500_000_000_000,
      },
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, name varchar(50));'],
      sql: 'ALTER TABLE events ALTER COLUMN name TYPE varchar(100);',
      target: {
        tables: { events: { rows: 90_000_000, bytes: 60_000_000_000 } },
        freeDiskBytes: 20_000_000_000,
      },
      note: 'Nothing is written anew.',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  const { catalog, target, options } = context;
  for (const { relation, cause } of rewrites(statement, context)) {
    const bytes = statisticsOf(relation, catalog, target)?.bytes;
    if (bytes === undefined || context.isNew(relation)) continue;
    const { freeDiskBytes: free } = target;
    const need = `${cause} writes a second copy of ${quoted(relation)}, ${gigabytes(bytes)} according to the sizes file`;
    if (free === undefined) {
      if (bytes >= numberOption(options, 'bytes', 10_737_418_240)) yield { message: `${need}.` };
    } else if (bytes >= free) yield { message: `${need}; ${gigabytes(free)} are free.`, severity: 'warning' };
  }
}

function rewrites(
  statement: Statement,
  context: StatementContext,
): readonly { readonly relation: ObjectName; readonly cause: string }[] {
  if (statement.kind === 'vacuum')
    return statement.full ? statement.tables.map((relation) => ({ relation, cause: 'VACUUM FULL' })) : [];
  const rewrite = rewriteOf(statement, context);
  return rewrite ? [rewrite] : [];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 })} GB`;
}
