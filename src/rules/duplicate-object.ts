import { isBeyondDoubt } from '../sql/catalog/horizon.ts';
import type { ObjectName, Relation, Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { wholeTable } from './shared/known-to-miss.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'duplicate-object',
  title: 'Table, column or index that is there already',
  severity: 'error',
  why: 'The statement fails with "already exists" (error 42P07, for a column 42701), and the migration stops there. Said only of what an earlier migration made for certain and none took away.',
  safeAlternative:
    'Leave the statement out, choose another name, or change what is there with ALTER. IF NOT EXISTS passes over what is there, whatever it looks like.',
  claims: ['fails'],
  sections: ['up'],
  stops: true,
  reference: 'errcodes-appendix',
  statements: {
    *'create-table'(statement, context) {
      if (!statement.ifNotExists && statement.persistence !== 'temporary')
        yield* relation(statement.table, statement.table, context);
    },
    *'create-table-as'(statement, context) {
      if (!statement.ifNotExists && statement.persistence !== 'temporary')
        yield* relation(statement.table, statement.table, context);
    },
    *'create-index'(statement, context) {
      if (statement.ifNotExists || statement.index === undefined) return;
      const { schema } = nameOf(context.catalog.key(statement.table), statement.table);
      yield* relation({ schema, name: statement.index }, statement, context);
    },
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table') return;
      const known = wholeTable(statement.table, context);
      if (!known) return;
      const dropped = new Set(
        statement.actions.flatMap((action) => (action.action === 'drop-column' ? [action.column] : [])),
      );
      for (const action of statement.actions) {
        if (action.action !== 'add-column' || action.ifNotExists || dropped.has(action.column.name)) continue;
        if (known.columns.has(action.column.name))
          yield {
            span: action.span,
            message: `${quoted(statement.table)} has a column ${quoted(action.column.name)} already.`,
          };
      }
    },
    *rename(statement, context) {
      const { relation: table, from, to, objectType } = statement;
      if (!table || statement.ifExists || from === to || statement.relations.length === 0) return;
      if (objectType === 'table' && context.catalog.table(table)) {
        const { schema } = nameOf(context.catalog.key(table), table);
        yield* relation({ schema, name: to }, statement, context);
      } else if (objectType === 'column' && wholeTable(table, context)?.columns.has(to))
        yield { message: `${quoted(table)} has a column ${quoted(to)} already.` };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, at date);\nCREATE INDEX idx_orders_at ON orders (at);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_at ON orders (at, id);',
      noTransaction: true,
      note: 'Names of indexes are those of the whole schema.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TABLE purchases (id bigint PRIMARY KEY);',
      ],
      sql: 'ALTER TABLE orders RENAME TO purchases;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY);\nALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders DROP COLUMN note, ADD COLUMN note jsonb;',
      note: 'What a statement drops goes first.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);', 'ALTER TABLE orders RENAME TO orders_old;'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE SCHEMA archive;\nCREATE TABLE archive.orders (id bigint PRIMARY KEY);\nCREATE TEMPORARY TABLE orders (id bigint);',
      note: 'In another schema.',
    },
    {
      history: [
        "DO $$ BEGIN IF current_setting('server_version_num')::int > 150000 THEN CREATE TABLE orders (id bigint PRIMARY KEY); END IF; END $$;",
      ],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      note: 'It may have been made or not.',
    },
  ],
};

/** Something of that name is there for certain, table, view, index or sequence. */
function* relation(
  name: ObjectName,
  at: Pick<Statement, 'span'> | Relation,
  context: StatementContext,
): Generator<Problem> {
  const { catalog, migration } = context;
  if (context.nested || migration.migration.repeatable) return;
  const key = placeOf(name, context);
  if (!catalog.hasRelation(key) || !isBeyondDoubt(catalog, nameOf(key, name), migration.migration.id)) return;
  const index = catalog.index(nameOf(key, name));
  const what = index ? 'An index' : catalog.table(nameOf(key, name)) ? 'A relation' : 'A sequence';
  yield { span: at.span, message: `${what} ${quoted(name)} is there already.` };
}

/** A name without a schema is made in the first of the search_path: where one goes that nothing has. */
function placeOf(name: ObjectName, { catalog }: StatementContext): string {
  if (name.schema !== undefined) return catalog.key(name);
  return `${catalog.key({ name: NOWHERE }).slice(0, -NOWHERE.length)}${name.name}`;
}

const NOWHERE = '\u0000';

function nameOf(key: string, { name }: ObjectName): ObjectName {
  return { schema: key.slice(0, -name.length - 1), name };
}
