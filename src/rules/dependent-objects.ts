import type { Catalog } from '../sql/catalog/catalog.ts';
import type { ObjectName } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { nameOfKey } from './shared/keys.ts';
import { qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'dependent-objects',
  title: 'Views, generated columns or foreign keys depend on what is dropped or changed',
  severity: 'warning',
  why: 'PostgreSQL refuses to drop a table or column that a view, a generated column or a foreign key depends on, and to change the type of a column that a view or generated column uses. The statement fails, and with it the migration; CASCADE would drop the dependents.',
  safeAlternative:
    'Drop or replace the dependents first, by name and in the same transaction, and create them again after the change. pg_depend and pg_rewrite list what depends on a relation.',
  claims: ['fails'],
  sections: ['up'],
  reference: 'ddl-depend',
  knownAs: { migrationpilot: ['MP052'] },
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table') return;
      for (const action of statement.actions) {
        if (action.action !== 'alter-type' && !(action.action === 'drop-column' && !action.cascade)) continue;
        const change = action.action === 'alter-type' ? 'Changing the type of' : 'Dropping';
        const generated = [...(context.catalog.table(statement.table)?.columns.values() ?? [])].find(
          (column) =>
            column.name !== action.column && column.generated?.expression.columns.includes(action.column),
        );
        if (
          generated &&
          !statement.actions.some(
            (other) => other.action === 'drop-column' && other.column === generated.name,
          )
        )
          yield {
            span: action.span,
            message: `${change} ${quoted(action.column)} fails: the generated column ${quoted(generated.name)} of ${quoted(statement.table)} is computed from it.`,
          };
        const views = context.catalog.dependentViews(statement.table);
        if (views.length > 0)
          yield {
            span: action.span,
            message: `${change} ${quoted(action.column)} fails if ${listed(views)} ${views.length === 1 ? 'uses the column: it reads' : 'use the column: they read'} ${quoted(statement.table)}.`,
          };
      }
    },
    *drop(statement, context) {
      if (
        statement.cascade ||
        !['table', 'view', 'materialized-view', 'foreign-table'].includes(statement.objectType)
      )
        return;
      const going = new Set(statement.objects.map((object) => context.catalog.key(object)));
      for (const object of statement.objects) yield* keepers(object, going, context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email varchar(100));\nCREATE VIEW user_emails AS SELECT id, email FROM users;',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email TYPE text;',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      ],
      sql: 'DROP TABLE users;',
    },
    {
      history: [
        'CREATE TABLE prices (id bigint PRIMARY KEY, net integer NOT NULL, gross integer GENERATED ALWAYS AS (net * 2) STORED);',
      ],
      sql: 'ALTER TABLE prices DROP COLUMN net;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email varchar(100));\nCREATE VIEW user_emails AS SELECT id, email FROM users;',
      ],
      sql: 'DROP VIEW user_emails;\nALTER TABLE users ALTER COLUMN email TYPE text;\nCREATE VIEW user_emails AS SELECT id, email FROM users;',
      note: 'The view is dropped before and created again after.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      ],
      sql: 'DROP TABLE orders, users;',
      note: 'Both ends of the foreign key go together.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email varchar(100));'],
      sql: 'ALTER TABLE users ALTER COLUMN email TYPE text;',
    },
  ],
};

function* keepers(
  object: ObjectName,
  going: ReadonlySet<string>,
  context: StatementContext,
): Generator<Problem> {
  const dependents = dependentsOf(object, going, context.catalog);
  if (dependents.length === 0) return;
  yield {
    message: `DROP of ${quoted(object)} fails: ${listed(dependents)} ${dependents.length === 1 ? 'depends' : 'depend'} on it.`,
    advice: `Drop ${dependents.map(qualified).join(', ')} (or the foreign key in it) by name first.`,
  };
}

function dependentsOf(object: ObjectName, going: ReadonlySet<string>, catalog: Catalog): ObjectName[] {
  const names = new Map<string, ObjectName>();
  for (const view of catalog.dependentViews(object)) if (!going.has(view.key)) names.set(view.key, view);
  for (const { table } of catalog.referencing(object))
    if (!going.has(table)) names.set(table, nameOfKey(table));
  return [...names.values()];
}

function listed(names: readonly ObjectName[]): string {
  const shown = names.slice(0, 5).map((name) => quoted({ schema: name.schema, name: name.name }));
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ');
}
