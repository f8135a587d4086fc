import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { keepsName, offerType, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-json',
  title: 'Column of type json',
  severity: 'warning',
  aside: true,
  why: 'The type json has no equality operator: SELECT DISTINCT, GROUP BY and UNION over rows that hold such a column fail with error 42883, in queries that worked before the column came. The value is kept as text and parsed anew at every access, and a GIN index cannot be built on it.',
  safeAlternative:
    'Use jsonb. json is right only where the text itself has to come back as it was: key order, duplicate keys, white space.',
  sections: ['up'],
  reference: 'datatype-json',
  knownAs: {
    pgls: ['preferJsonb'],
    eugene: ['E3'],
    pgfence: ['add-column-json'],
    'pg-migration-lint': ['PGM106'],
    strong_migrations: ['add_column_json'],
    'eslint-plugin-postgresql': ['consistent-jsonb-over-json'],
    schemalint: ['prefer-jsonb-to-json'],
  },
  statements: typeChecks((column, context) => {
    const { type, table, name } = column;
    if (type.name !== 'json' || type.schema !== undefined || keepsName(column)) return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} is json, which cannot be compared: SELECT DISTINCT, GROUP BY and UNION over it fail (error 42883).`,
      advice: `Make ${identifier(name)} jsonb.`,
      ...offerType(column, context, 'jsonb'),
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN details json;',
    },
    { sql: 'CREATE TABLE events (id bigint PRIMARY KEY, payload json NOT NULL);' },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN details jsonb;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, details json);'],
      sql: 'ALTER TABLE orders ALTER COLUMN details TYPE jsonb;',
    },
  ],
};
