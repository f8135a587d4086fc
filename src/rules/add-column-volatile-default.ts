import { defineRule, type RuleExamples } from './rule.ts';
import { columnsAdded } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { columnRewrite } from './shared/rewrites.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'add-column-volatile-default',
  title: 'New column with a default that is computed for every row',
  severity: 'error',
  why: 'A default that calls a VOLATILE function (random, gen_random_uuid, clock_timestamp, nextval …) has to be computed for each row, and a domain with constraints has to be checked for each, so ADD COLUMN writes the whole table and all its indexes anew under an ACCESS EXCLUSIVE lock: nobody can read or write it meanwhile. Constant and STABLE defaults such as now() are computed once.',
  safeAlternative:
    'Add the column without the default, SET DEFAULT for new rows, then fill the old rows in batches.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-field-with-default'],
    pgls: ['addingFieldWithDefault'],
    pgfence: ['add-column-non-constant-default'],
    migrationpilot: ['MP003'],
    'pg-migration-lint': ['PGM006'],
    strong_migrations: ['add_column_default'],
    atlas: ['PG302'],
    'eslint-plugin-postgresql': ['no-volatile-default-on-add-column'],
    'drizzle-migration-lint': ['volatile-default-on-add-column'],
    gitlab: ['Migration/AddColumnWithDefault'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const { action, column } of columnsAdded(statement, context)) {
        const rewrite = columnRewrite(column, context.catalog);
        if (rewrite?.reason !== 'default' && rewrite?.reason !== 'domain') continue;
        const size = context.size(statement.table);
        const blocked = `all of ${quoted(statement.table)}${sizeNote(size)} anew while nobody can read or write it`;
        if (rewrite.reason === 'domain') {
          yield {
            span: action.span,
            message: `The domain ${quoted(column.type?.name ?? '')} has constraints, so adding ${quoted(column.name)} writes ${blocked}.`,
            advice: `Give ${quoted(column.name)} the type that the domain stands on, and add the domain's condition as CHECK … NOT VALID.`,
            severity: severityFor(size),
          };
          continue;
        }
        const { volatility, by } = rewrite.judged;
        const certain = volatility === 'volatile';
        yield {
          span: context.nested ? action.span : (column.default?.span ?? action.span),
          message: certain
            ? `The default of ${quoted(column.name)}${by === undefined ? '' : ` calls ${by}(), which is VOLATILE, so it`} is computed for every row: PostgreSQL writes ${blocked}.`
            : `Unless ${by ?? 'its function'}() is declared STABLE or IMMUTABLE, the default of ${quoted(column.name)} is computed for every row and PostgreSQL writes ${blocked}.`,
          advice: `ALTER TABLE ${qualified(statement.table)} ADD COLUMN ${identifier(column.name)} … without the default; then ALTER COLUMN ${identifier(column.name)} SET DEFAULT … for new rows; then fill the old rows in batches.`,
          severity: severityFor(size) ?? (certain ? undefined : 'warning'),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);',
      ],
      sql: 'ALTER TABLE orders ADD COLUMN total amount;',
      note: 'The domain has a constraint, so each row is written to check it.',
    },
    {
      history: [
        "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE FUNCTION next_number() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';",
      ],
      sql: 'ALTER TABLE orders ADD COLUMN number integer DEFAULT next_number();',
      note: 'A function is VOLATILE unless it says otherwise.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();',
      note: 'now() is STABLE: one value for all old rows.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN token uuid;\nALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE DOMAIN label AS text;'],
      sql: "ALTER TABLE orders ADD COLUMN title label DEFAULT '';",
      note: 'A domain without constraints costs nothing.',
    },
    {
      history: [
        "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE FUNCTION first_number() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';",
      ],
      sql: 'ALTER TABLE orders ADD COLUMN number integer DEFAULT first_number();',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();',
    },
  ],
};
