import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { keepsName, offerType, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-timestamp',
  title: 'Column of type timestamp without time zone',
  severity: 'info',
  why: 'A timestamp keeps a date and a time of day, but no moment: an offset that is written with the value is dropped without a word (12:00+02 is kept as 12:00), and now() is kept as the wall clock of the session’s time zone. Two sessions in different zones then mean different moments by the same value. timestamptz needs the same 8 bytes and keeps the moment.',
  safeAlternative: 'Use timestamptz.',
  sections: ['up'],
  reference: 'datatype-datetime',
  knownAs: {
    squawk: ['prefer-timestamp-tz'],
    pgls: ['preferTimestamptz'],
    pgfence: ['prefer-timestamptz'],
    migrationpilot: ['MP040'],
    'pg-migration-lint': ['PGM101'],
    'eslint-plugin-postgresql': ['consistent-timestamptz'],
    gitlab: ['Migration/Datetime', 'Timestamps'],
    schemalint: ['prefer-timestamptz-to-timestamp'],
  },
  statements: typeChecks((column, context) => {
    const { type, table, name, form } = column;
    const modifiers = type.modifiers.map((digits) => `(${digits})`);
    if (type.name !== 'timestamp' || type.schema !== undefined || keepsName(column)) return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} keeps no time zone, so the moment that a value means depends on who wrote it.`,
      advice: `Make ${identifier(name)} timestamptz.`,
      ...(form === 'alter-type' ? {} : offerType(column, context, ['timestamptz', ...modifiers].join(''))),
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamp NOT NULL DEFAULT now());' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN paid_at timestamp without time zone;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());' },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamp with time zone NOT NULL, due date);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamp(0));'],
      sql: 'ALTER TABLE orders ALTER COLUMN created_at TYPE timestamp;',
      note: 'The column was a timestamp before.',
    },
  ],
};
