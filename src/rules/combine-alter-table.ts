import type { Catalog } from '../sql/catalog/catalog.ts';
import type { AlterTableAction, StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { longLocks } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'combine-alter-table',
  title: 'ALTER TABLE statements that could go through the table together',
  severity: 'info',
  why: 'Each of these ALTER TABLE statements reads or rewrites the whole table under its ACCESS EXCLUSIVE lock. As one statement with several actions they share a single pass over the rows.',
  safeAlternative: 'One ALTER TABLE with the actions separated by commas.',
  claims: ['scans', 'rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    pgls: ['multipleAlterTable'],
    eugene: ['W12'],
    migrationpilot: ['MP058'],
    'pg-migration-lint': ['PGM023'],
  },
  statements: {
    *'alter-table'(statement, context) {
      const next = context.nested ? undefined : context.section.sql.statements[context.index + 1];
      if (statement.objectType !== 'table' || next?.kind !== 'alter-table' || context.isNew(statement.table))
        return;
      const { catalog } = context;
      if (
        catalog.key(next.table) !== catalog.key(statement.table) ||
        next.table.only !== statement.table.only
      )
        return;
      if (!goesThrough(statement, catalog) || !goesThrough(next, catalog)) return;
      const fix = fixFor(statement, next, context);
      yield {
        span: next.span,
        message: `This goes through all of ${quoted(statement.table)}${sizeNote(context.size(statement.table))} again: together with the ALTER TABLE before it one pass is enough.`,
        ...(fix ? { fix } : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);'],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);'],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL, ALTER COLUMN name SET NOT NULL;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nALTER TABLE users ADD COLUMN name text;',
      note: 'Neither reads the table: nothing is saved.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;',
      note: 'The table is new.',
    },
  ],
};

/**
 * The server goes through the rows in one pass at the end of the statement (ATRewriteTables in its sources), which
 * checks and rewrites share (sql-altertable, "Notes"); index builds and foreign keys have scans of their own.
 */
function goesThrough(statement: StatementOf<'alter-table'>, catalog: Catalog): boolean {
  return longLocks(statement, catalog).some(
    ({ mode, work, cause }) => mode === 'ACCESS EXCLUSIVE' && work !== 'builds' && cause !== 'SET TABLESPACE',
  );
}

/** Only where the order of the actions cannot matter: they concern different columns, and nothing is lost between them. */
function fixFor(
  first: StatementOf<'alter-table'>,
  second: StatementOf<'alter-table'>,
  context: StatementContext,
): Fix | undefined {
  const start = second.actions[0]?.span.start;
  const between = context.text.slice(first.span.end, second.span.start);
  const one = columnsOf(first.actions);
  const other = columnsOf(second.actions);
  if (
    start === undefined ||
    start <= second.span.start ||
    first.ifExists ||
    second.ifExists ||
    !/^\s*;\s*$/.test(between) ||
    !one ||
    !other
  )
    return undefined;
  if (one.some((column) => other.includes(column))) return undefined;
  return {
    title: 'Combine the two ALTER TABLE statements',
    edits: [{ start: first.span.end, end: start, text: ',\n  ' }],
  };
}

function columnsOf(actions: readonly AlterTableAction[]): string[] | undefined {
  const columns: string[] = [];
  for (const action of actions) {
    if (action.action === 'set-not-null' || (action.action === 'alter-type' && !action.using))
      columns.push(action.column);
    else if (action.action === 'add-constraint' && action.constraint.type === 'check')
      columns.push(...action.constraint.columns);
    else return undefined;
  }
  return columns;
}
