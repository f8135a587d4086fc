import type { ObjectName } from '../sql/statement.ts';
import { defineRule, type RuleExamples, type StatementContext } from './rule.ts';
import { isEmptyColumn } from './shared/empty-columns.ts';
import { actionsInUse, columnsAdded } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'add-unique-data-dependent',
  title: 'New uniqueness that existing rows may violate',
  severity: 'warning',
  why: 'A new unique index or constraint fails (error 23505) when two rows of the table already have the same key, and a CONCURRENTLY build that fails leaves an invalid index behind. Once it is there, code that writes duplicates fails.',
  safeAlternative:
    'Look for duplicates in the target database first, and remove them in an earlier migration.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: { atlas: ['MF101', 'MF102'], 'django-migration-linter': ['ADD_UNIQUE'] },
  statements: {
    *'create-index'(statement, context) {
      if (!statement.unique || context.isNew(statement.table)) return;
      const columns = statement.columns.map(({ column }) => column);
      if (isUniqueAlready(statement.table, columns, context)) return;
      if (!statement.nullsNotDistinct && areEmpty(statement.table, columns, context)) return;
      const plain = columns.filter((column) => column !== undefined);
      const name = statement.index === undefined ? 'This unique index' : quoted(statement.index);
      const whole = plain.length === columns.length && !statement.where;
      yield {
        message: `${name} cannot be built if two rows of ${quoted(statement.table)} have the same ${whole ? plain.map(quoted).join(', ') : 'key'}.`,
        advice: whole ? checkFirst(statement.table, plain) : undefined,
      };
    },
    *'alter-table'(statement, context) {
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'add-constraint') continue;
        const { type, usingIndex, columns } = action.constraint;
        if (
          (type !== 'unique' && type !== 'primary-key') ||
          usingIndex !== undefined ||
          isUniqueAlready(statement.table, columns, context) ||
          (type === 'unique' &&
            !/\bnulls\s+not\s+distinct\b/i.test(context.text.slice(action.span.start, action.span.end)) &&
            areEmpty(statement.table, columns, context))
        )
          continue;
        yield {
          span: action.span,
          message: `This constraint cannot be added if two rows of ${quoted(statement.table)} have the same ${columns.map(quoted).join(', ')}.`,
          advice: checkFirst(statement.table, columns),
        };
      }
      for (const { action, column } of columnsAdded(statement, context)) {
        if (
          !column.default?.constant ||
          column.default.isNull ||
          !column.constraints.some(({ type }) => type === 'unique' || type === 'primary-key')
        )
          continue;
        yield {
          span: action.span,
          message: `Every row of ${quoted(statement.table)} gets the same value in the unique column ${quoted(column.name)}: this fails as soon as there are two rows.`,
          claims: ['fails-on-rows'],
          advice: `Add ${quoted(column.name)} without the default, give each row a value of its own, and make it unique after that.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nUPDATE users SET email = lower(name);\nCREATE UNIQUE INDEX users_email_key ON users (email);',
      note: 'The column is new, but not empty any more.',
    },
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\nINSERT INTO users VALUES (1, 'ada@example.org'), (2, 'ada@example.org');",
      ],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);',
      noTransaction: true,
    },
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\nINSERT INTO users VALUES (1, 'ada@example.org'), (2, 'ada@example.org');",
      ],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);\nINSERT INTO users VALUES (1), (2);'],
      sql: "ALTER TABLE users ADD COLUMN email text DEFAULT '' UNIQUE;",
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY users_id_email_key ON users (id, email);',
      noTransaction: true,
      note: 'With the primary key in it, it cannot be violated.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;\nCREATE UNIQUE INDEX users_email_key ON users (email);',
      note: 'The column is new and NULL in every row.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE UNIQUE INDEX users_email_key ON users (email);',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
        'CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);',
      ],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text UNIQUE;',
      note: 'A new column without a default is NULL in each row, and NULLs are no duplicates.',
    },
  ],
};

/** Some of the columns alone are unique, so together they are. */
function isUniqueAlready(
  table: ObjectName,
  columns: readonly (string | undefined)[],
  context: StatementContext,
): boolean {
  return context.catalog
    .indexesOf(table)
    .some(
      (index) =>
        index.unique &&
        !index.partial &&
        index.columns.every(({ column }) => column !== undefined && columns.includes(column)),
    );
}

/** One of the columns is NULL in every row, and NULLs are no duplicates of each other (ddl-constraints). */
function areEmpty(
  table: ObjectName,
  columns: readonly (string | undefined)[],
  context: StatementContext,
): boolean {
  return columns.some((column) => column !== undefined && isEmptyColumn(context, table, column));
}

function checkFirst(table: ObjectName, columns: readonly string[]): string {
  const list = columns.map(identifier).join(', ');
  const present = columns.map((column) => `${identifier(column)} IS NOT NULL`).join(' AND ');
  return `Check the target first: SELECT ${list}, count(*) FROM ${qualified(table)} WHERE ${present} GROUP BY ${list} HAVING count(*) > 1;`;
}
