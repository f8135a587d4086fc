import type { AlterTableAction } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'add-column-not-null-default-dropped',
  title: 'New NOT NULL column whose default is dropped at once',
  severity: 'warning',
  why: 'The default fills the rows that are there, and is gone when the migration ends. Code that is still running does not know the new column, so each of its INSERTs fails (error 23502) until the new code is everywhere.',
  safeAlternative:
    'Keep the default in the database until all running code writes the column, and drop it in a later release.',
  sections: ['up'],
  reference: 'sql-altertable',
  statements: {
    *'alter-table'(statement, context) {
      const dropped: DropDefault[] = [];
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'drop-default') continue;
        const added = requiredIn(context.section).get(
          `${context.catalog.key(statement.table)}.${action.column}`,
        );
        if (
          added === undefined ||
          added > context.index ||
          context.catalog.table(statement.table)?.columns.get(action.column)?.notNull === false
        )
          continue;
        dropped.push(action);
      }
      const [first] = dropped;
      if (!first) return;
      const columns = dropped.map(({ column }) => quoted(column)).join(', ');
      const steps = dropped.map(({ column }) => `ALTER COLUMN ${identifier(column)} DROP DEFAULT`).join(', ');
      yield {
        span: first.span,
        message: `This migration adds ${columns} to ${quoted(statement.table)} as NOT NULL and drops ${dropped.length === 1 ? 'its default' : 'their defaults'} again: INSERTs of running code, which leave ${dropped.length === 1 ? 'it' : 'them'} out, fail.`,
        advice: `Leave ALTER TABLE ${qualified(statement.table)} ${steps}; to a later release.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';\nALTER TABLE users ALTER COLUMN country DROP DEFAULT;",
      note: 'What Django writes for a new field with a default.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE users ADD COLUMN country text DEFAULT 'unknown';\nALTER TABLE users ALTER COLUMN country DROP DEFAULT;",
      note: 'The column may be NULL, so INSERTs without it go on.',
    },
    {
      history: ["CREATE TABLE users (id bigint PRIMARY KEY, country text NOT NULL DEFAULT 'unknown');"],
      sql: 'ALTER TABLE users ALTER COLUMN country DROP DEFAULT;',
      note: 'A later release.',
    },
    {
      sql: "CREATE TABLE users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';\nALTER TABLE users ALTER COLUMN country DROP DEFAULT;",
    },
  ],
};

type DropDefault = Extract<AlterTableAction, { readonly action: 'drop-default' }>;

/** Where the section adds a NOT NULL column with a default, by table and column. */
const requiredIn = oncePerSection((section) => {
  const added = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind !== 'alter-table') continue;
    for (const action of statement.actions) {
      if (action.action !== 'add-column' || !action.column.notNull || !action.column.default) continue;
      added.set(`${statement.table.schema ?? 'public'}.${statement.table.name}.${action.column.name}`, index);
    }
  }
  return added;
});
