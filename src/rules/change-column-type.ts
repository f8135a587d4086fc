import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type RuleExamples, type StatementContext } from './rule.ts';
import { isOwn } from './shared/in-use.ts';
import { type AlterType, judgedTypeChange } from './shared/judged-type-change.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { rebuiltIndexes, written } from './shared/type-change.ts';

export const rule = defineRule({
  id: 'change-column-type',
  title: 'Type change that writes the table or its indexes anew',
  severity: 'error',
  why: 'ALTER COLUMN TYPE holds an ACCESS EXCLUSIVE lock, and where the values are stored differently in the new type PostgreSQL writes every row and every index anew under it: nobody can read or write the table meanwhile, and it needs room for a second copy. A foreign key on the column is checked again, and locks the other table as well. Some changes cost nothing, such as a longer varchar, varchar to text, or more digits of numeric with the same scale; but indexes on expressions and with conditions are built anew even then.',
  safeAlternative:
    'Add a column of the new type, keep both up to date with a trigger, fill the old rows in batches, move the code over, and drop the old column later.',
  claims: ['rewrites'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['changing-column-type'],
    pgls: ['changingColumnType'],
    eugene: ['E5'],
    pgfence: ['alter-column-type'],
    migrationpilot: ['MP007'],
    'pg-migration-lint': ['PGM007'],
    strong_migrations: ['change_column'],
    atlas: ['PG301'],
    'django-migration-linter': ['ALTER_COLUMN'],
    'eslint-plugin-postgresql': ['no-alter-column-type'],
    'drizzle-migration-lint': ['alter-column-type'],
  },
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table' || isOwn(statement.table, context)) return;
      for (const action of statement.actions) {
        if (action.action !== 'alter-type') continue;
        const consequence = consequenceOf(action, statement, context);
        if (!consequence) continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: consequence.message,
          advice:
            consequence.advice ??
            `Add a column of the type ${written(action.type)} to ${qualified(statement.table)}, keep it equal to ${identifier(action.column)} with a trigger, fill the old rows in batches, move the code over, and drop ${identifier(action.column)} later.`,
          severity: severityFor(size) ?? consequence.severity,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id integer PRIMARY KEY, total numeric(10,2));'],
      sql: 'ALTER TABLE orders ALTER COLUMN id TYPE bigint;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2));'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,4);',
      note: 'Another scale: each value is stored anew.',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, at timestamp);'],
      sql: "SET timezone = 'Europe/Berlin';\nALTER TABLE events ALTER COLUMN at TYPE timestamptz;",
      note: 'Free only while TimeZone is UTC.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));\nCREATE INDEX idx_users_email_lower ON users (lower(email));',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email TYPE varchar(100);',
      note: 'The rows stay, but an index on an expression is built anew.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));\nCREATE INDEX idx_users_email ON users (email);',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email TYPE varchar(100);',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));'],
      sql: 'ALTER TABLE users ALTER COLUMN email TYPE text USING email::text;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2));'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2);',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, at timestamp(3));'],
      sql: 'ALTER TABLE events ALTER COLUMN at TYPE timestamp;',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, at timestamp);'],
      sql: "SET timezone = 'UTC';\nALTER TABLE events ALTER COLUMN at TYPE timestamptz;",
    },
    {
      history: [
        'CREATE DOMAIN label AS text;\nCREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email TYPE label;',
    },
    {
      sql: 'CREATE TABLE orders (id integer PRIMARY KEY);\nALTER TABLE orders ALTER COLUMN id TYPE bigint;',
    },
  ],
};

interface Consequence {
  readonly message: string;
  readonly advice?: string;
  readonly severity?: 'warning';
}

function consequenceOf(
  action: AlterType,
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Consequence | undefined {
  const { change, from } = judgedTypeChange(action, statement, context);
  const table = `${quoted(statement.table)}${sizeNote(context.size(statement.table))}`;
  const step = `Changing ${quoted(action.column)}${from ? ` from ${written(from)}` : ''} to ${written(action.type)}${action.collation === undefined ? '' : ` COLLATE ${quoted(action.collation)}`}${action.using && from && change === 'rewrite' ? ' with USING' : ''}`;
  const blocked = 'while nobody can read or write it';
  if (change === 'rewrite')
    return { message: `${step} writes all of ${table} and its indexes anew ${blocked}.` };
  if (change === 'unknown')
    return {
      message: `${step} writes all of ${table} anew ${blocked}, unless ${from ? 'the two types are stored alike' : 'the old type, which is not known here, is stored alike'}.`,
      severity: 'warning',
    };
  const utc =
    "SET timezone = 'UTC' in the same file, if the values are meant as UTC: the rows then stay as they are.";
  if (change === 'time-zone')
    return {
      message: `${step} writes all of ${table} anew ${blocked}, unless the session's TimeZone is UTC.`,
      advice: utc,
    };
  const rebuilt = rebuiltIndexes(
    context.catalog.indexesOf(statement.table),
    action.column,
    change === 'indexes',
  );
  if (rebuilt.length === 0) return undefined;
  return {
    message: `${step} leaves the rows of ${table} alone, but builds ${rebuilt.map(({ name }) => quoted(name)).join(', ')} anew ${blocked}.`,
    ...(rebuilt.every((index) => index.constraint === undefined)
      ? {
          advice: `DROP INDEX CONCURRENTLY ${identifier(rebuilt[0]?.name ?? '')} first, change the type, then build the index again CONCURRENTLY.`,
        }
      : {}),
  };
}
