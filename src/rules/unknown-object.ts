import type { Statement, StatementOf } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import {
  columnsNeeded,
  type Missing,
  meantBy,
  missingColumns,
  missingRelation,
  tableNeeded,
  wholeTable,
} from './shared/known-to-miss.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'unknown-object',
  title: 'Table or column that does not exist when the migration runs',
  severity: 'error',
  why: 'The statement fails with "does not exist" (error 42P01, for a column 42703), and the migration stops there. Said only where all earlier migrations could be read and everything they use was made by them: what somebody made by hand or in code is not known here.',
  safeAlternative:
    'Correct the name, or make the object in an earlier migration. Where something else makes it, write IF EXISTS, or ignore this with the reason.',
  claims: ['fails'],
  sections: ['up'],
  stops: true,
  reference: 'errcodes-appendix',
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table') return;
      if (yield* table(statement, context)) return;
      const known = wholeTable(statement.table, context);
      if (!known) return;
      for (const action of statement.actions)
        for (const column of missingColumns(known, columnsNeeded(action), statement.actions))
          yield { ...columnProblem(column, statement.table, known.columns.keys()), span: action.span };
    },
    *'create-index'(statement, context) {
      if (yield* table(statement, context)) return;
      const known = wholeTable(statement.table, context);
      if (!known) return;
      const named = [...statement.columns.flatMap(({ column }) => column ?? []), ...statement.include];
      for (const column of missingColumns(known, named))
        yield columnProblem(column, statement.table, known.columns.keys());
    },
    *drop(statement, context) {
      if (statement.objectType !== 'table' || statement.ifExists) return;
      for (const relation of statement.objects) {
        const missing = missingRelation(relation, context);
        if (missing) yield { ...tableProblem(quoted(relation), missing), span: relation.span };
      }
    },
    *rename(statement, context) {
      if (yield* table(statement, context)) return;
      const { relation, from, objectType } = statement;
      const known =
        objectType === 'column' && relation && statement.relations.length > 0
          ? wholeTable(relation, context)
          : undefined;
      if (known && relation && missingColumns(known, [from]).length > 0)
        yield columnProblem(from, relation, known.columns.keys());
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE oders ADD COLUMN note text;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders DROP COLUMN notes;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);', 'ALTER TABLE orders RENAME TO purchases;'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_id ON orders (id);',
      noTransaction: true,
      note: 'It has another name since the migration before.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TABLE items (id bigint PRIMARY KEY);',
      ],
      sql: 'DROP TABLE invoices;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders DROP COLUMN IF EXISTS notes;\nALTER TABLE IF EXISTS oders ADD COLUMN note text;',
      note: 'IF EXISTS says that it may be missing.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text, ALTER COLUMN note SET NOT NULL;',
    },
    {
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      note: 'Nothing is known of the schema: the table may have been there before the migrations.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TABLE items (id bigint PRIMARY KEY);',
        'ALTER TABLE payments ADD COLUMN user_id bigint;',
      ],
      sql: 'ALTER TABLE invoices ADD COLUMN user_id bigint;',
      note: 'The schema holds tables that no migration made.',
    },
    {
      history: [
        "CREATE TABLE orders (id bigint PRIMARY KEY);\nDO $$ BEGIN EXECUTE format('ALTER TABLE %I RENAME TO oders', 'orders'); END $$;",
      ],
      sql: 'ALTER TABLE oders ADD COLUMN note text;',
      note: 'What the history does could not all be read.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY);\nDO $$ BEGIN IF current_setting($q$server_version_num$q$)::int > 150000 THEN DROP TABLE orders; END IF; END $$;',
      ],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      note: 'It may have been dropped or not.',
    },
  ],
};

/** The table that the statement works on, if it is missing: nothing more is to be said then. */
function* table(statement: Statement, context: StatementContext): Generator<Problem, boolean> {
  const needed = tableNeeded(statement);
  const missing = needed && missingRelation(needed, context);
  if (!needed || !missing) return false;
  yield { ...tableProblem(quoted(needed), missing), span: needed.span };
  return true;
}

function tableProblem(name: string, { why, meant }: Missing): Problem {
  return {
    message:
      why === 'gone'
        ? `There is no table ${name} any more: an earlier statement dropped it or gave it another name.`
        : `There is no table ${name}: no migration makes one of that name.`,
    ...(meant === undefined ? {} : { advice: `Did you mean ${quoted(meant)}?` }),
  };
}

function columnProblem(
  column: string,
  relation: StatementOf<'create-index'>['table'],
  columns: Iterable<string>,
): Problem {
  const meant = meantBy(column, columns);
  return {
    message: `${quoted(relation)} has no column ${quoted(column)}.`,
    ...(meant === '' ? {} : { advice: meant.trim() }),
  };
}
