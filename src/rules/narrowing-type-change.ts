import { defineRule, type RuleExamples } from './rule.ts';
import { isOwn } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { narrowing } from './shared/narrowing.ts';
import { written } from './shared/type-change.ts';

export const rule = defineRule({
  id: 'narrowing-type-change',
  title: 'Type change that cannot hold every old value',
  severity: 'error',
  why: 'Where the new type cannot hold a value, ALTER COLUMN TYPE either fails in the middle of the deployment (a text that is too long, a number out of range) or changes the value without a word: fractions are rounded, the time of day is dropped, an explicit cast cuts texts off. What was lost does not come back with a rollback.',
  safeAlternative:
    'Count the values that do not fit in the target database first, and deal with them in an earlier migration.',
  claims: ['fails-on-rows'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP044'] },
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table' || isOwn(statement.table, context)) return;
      const table = context.catalog.table(statement.table);
      const size = context.size(statement.table);
      if (!table || (size?.measured && size.rows === 0)) return;
      for (const action of statement.actions) {
        if (action.action !== 'alter-type') continue;
        const from = table.columns.get(action.column)?.type;
        if (!from) continue;
        // An explicit cast to varchar(n) cuts; the conversion that happens without USING does not.
        const cuts =
          action.using !== undefined &&
          !context.nested &&
          /::\s*(?:varchar|char|character)|\bcast\s*\(|\b(?:left|substr|substring)\s*\(/i.test(
            context.text.slice(
              action.using.span.start,
              Math.min(action.span.end, action.using.span.start + LONGEST_LOOK),
            ),
          );
        const found = narrowing(from, action.type, context.catalog, cuts);
        if (!found) continue;
        const { kind, which, find } = found;
        const validFrom16 =
          find?.includes('pg_input_is_valid') &&
          context.target.major !== undefined &&
          context.target.major < 16;
        const check =
          find === undefined || validFrom16
            ? undefined
            : `SELECT count(*) FROM ${qualified(statement.table)} WHERE ${find.replaceAll('$', () => identifier(action.column))};`;
        const change = `Changing ${quoted(action.column)} of ${quoted(statement.table)} from ${written(from)} to ${written(action.type)}`;
        yield {
          span: action.span,
          message:
            kind === 'fails'
              ? `${change} fails if there are values ${which}.`
              : `${change} silently changes values ${which}.`,
          ...(check === undefined ? {} : { advice: `Count them in the target first: ${check}` }),
          ...(kind === 'loses' && from.name === 'json' ? { severity: 'warning' } : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(100));\nINSERT INTO users VALUES (1, repeat('a', 60));",
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(50);',
      note: 'Fails.',
    },
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(100));\nINSERT INTO users VALUES (1, repeat('a', 60));",
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(50) USING name::varchar(50);',
      note: 'Cuts the name off.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,4));'],
      sql: 'ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2);',
      note: 'Rounded without a word.',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz);'],
      sql: 'ALTER TABLE events ALTER COLUMN at TYPE date;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);\nINSERT INTO orders VALUES (3000000000);'],
      sql: 'ALTER TABLE orders ALTER COLUMN id TYPE integer;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));'],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);',
    },
    {
      history: ['CREATE TABLE orders (id integer PRIMARY KEY, total numeric(10,2));'],
      sql: 'ALTER TABLE orders ALTER COLUMN id TYPE bigint, ALTER COLUMN total TYPE numeric(14,4);',
    },
    {
      history: ['CREATE TABLE events (id bigint PRIMARY KEY, day date);'],
      sql: 'ALTER TABLE events ALTER COLUMN day TYPE timestamp;',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\nALTER TABLE users ALTER COLUMN name TYPE varchar(50);',
    },
  ],
};

/** Characters of a USING expression that are looked at. */
const LONGEST_LOOK = 500;
