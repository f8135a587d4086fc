import type { Statement } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

/** Kinds of statements that leave the schema as it is. */
const NO_DDL: ReadonlySet<Statement['kind']> = new Set([
  'insert',
  'update',
  'delete',
  'merge',
  'select',
  'copy',
  'call',
  'do',
  'set',
  'transaction',
  'analyze',
  'vacuum',
  'lock-table',
  'comment',
  'truncate',
  'other',
  'alter-sequence',
]);

export const rule = defineRule({
  id: 'dml-in-migration',
  title: 'Rows of an existing table changed in a schema migration',
  severity: 'info',
  why: 'A migration that changes both the schema and rows of a table in use runs as long as the rows take, with the locks of the schema change held; it does different work in every environment, and its down can hardly bring the rows back.',
  safeAlternative:
    'Put the change of the rows into a migration (or a job) of its own, after the one that changes the schema.',
  sections: ['up'],
  secondary: true,
  knownAs: { migrationpilot: ['MP080'], 'pg-migration-lint': ['PGM301', 'PGM302', 'PGM303'] },
  *migration(context) {
    const changed = new Map<
      string,
      { readonly statement: Statement; readonly verb: string; count: number }
    >();
    let ddl = false;
    for (const { statement } of statementsOf(context.migration.up)) {
      ddl ||= changesSchema(statement, context);
      if (
        statement.kind !== 'insert' &&
        statement.kind !== 'update' &&
        statement.kind !== 'delete' &&
        statement.kind !== 'merge'
      )
        continue;
      if (context.isNew(statement.table) || context.after.table(statement.table)?.persistence === 'temporary')
        continue;
      const name = quoted(statement.table);
      const entry = changed.get(name);
      if (entry) entry.count++;
      else changed.set(name, { statement, verb: statement.kind.toUpperCase(), count: 1 });
    }
    if (!ddl) return;
    for (const [table, { statement, verb, count }] of changed) {
      const more =
        count === 1 ? '' : ` (and ${count - 1} more ${count === 2 ? 'statement' : 'statements'} like it)`;
      yield {
        migration: context.migration,
        section: 'up',
        span: statement.span,
        message: `This ${verb} changes rows of ${table}${more} in a migration that also changes the schema.`,
      } satisfies PlacedProblem;
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE plans (id bigint PRIMARY KEY, name text NOT NULL);\nCREATE TABLE users (id bigint PRIMARY KEY);',
      ],
      sql: "ALTER TABLE users ADD COLUMN plan_id bigint;\nINSERT INTO plans (id, name) VALUES (4, 'team');",
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, plan text);'],
      sql: "CREATE TEMPORARY TABLE moved (id bigint, plan text);\nINSERT INTO moved VALUES (1, 'team');\nUPDATE users SET plan = moved.plan FROM moved WHERE moved.id = users.id;\nDROP TABLE moved;",
      note: 'A temporary table is no change of the schema.',
    },
    {
      history: ['CREATE TABLE plans (id bigint PRIMARY KEY, name text NOT NULL);'],
      sql: "INSERT INTO plans (id, name) VALUES (4, 'team');",
      note: 'A migration of rows alone.',
    },
    {
      sql: "CREATE TABLE plans (id bigint PRIMARY KEY, name text NOT NULL);\nINSERT INTO plans (id, name) VALUES (1, 'free');",
      note: 'Rows of a new table.',
    },
  ],
};

function changesSchema(statement: Statement, context: MigrationContext): boolean {
  if (NO_DDL.has(statement.kind)) return false;
  // A table to work with that is gone at the end.
  if (statement.kind === 'create-table' || statement.kind === 'create-table-as')
    return statement.persistence !== 'temporary';
  return !(
    statement.kind === 'drop' &&
    statement.objectType === 'table' &&
    statement.objects.every((table) => !context.before.table(table) && !context.after.table(table))
  );
}
