import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { sameType } from './shared/type-change.ts';
import { offerType, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-timestamp-precision-zero',
  title: 'Timestamp rounded to seconds',
  severity: 'info',
  why: 'Both timestamp(0) and timestamptz(0) round, they do not cut off: 23:59:59.6 is kept as 00:00:00 of the next day, up to half a second in the future. The value then differs from the one the application holds, and rows written within a second have no order. It saves no space.',
  safeAlternative:
    "Use timestamptz without a precision, and date_trunc('second', …) where seconds are shown.",
  sections: ['up'],
  reference: 'datatype-datetime',
  knownAs: { 'pg-migration-lint': ['PGM102'] },
  statements: typeChecks((column, context) => {
    const { type, table, name, from } = column;
    if (type.name !== 'timestamp' && type.name !== 'timestamptz') return undefined;
    if (type.schema !== undefined || type.modifiers[0] !== 0 || (from && sameType(from, type)))
      return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} is rounded to the nearest second: values can lie up to half a second in the future.`,
      advice: `Make ${identifier(name)} ${type.name} without a precision.`,
      ...offerType(column, context, type.name),
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz(0) NOT NULL);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamp);'],
      sql: 'ALTER TABLE orders ALTER COLUMN created_at TYPE timestamp(0);',
    },
  ],
  good: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz NOT NULL);' },
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz(3) NOT NULL);' },
  ],
};
