import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { keepsName, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-timetz',
  title: 'Column of type time with time zone',
  severity: 'info',
  why: 'A time of day with a fixed offset and no date cannot follow daylight saving time, and 12:00+02 is not equal to 10:00+00 although both are the same moment of a day. PostgreSQL has the type because the SQL standard does; its documentation advises against it.',
  safeAlternative: 'Use timestamptz for moments, and time for a time of day.',
  sections: ['up'],
  reference: 'datatype-datetime',
  knownAs: { 'eslint-plugin-postgresql': ['no-time-type'] },
  statements: typeChecks((column) => {
    const { type, table, name } = column;
    if (type.name !== 'timetz' || type.schema !== undefined || keepsName(column)) return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} keeps a fixed offset without a date, so it is wrong by an hour for half of the year wherever clocks change.`,
      advice: `Make ${identifier(name)} timestamptz, or time with the zone beside it.`,
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE shops (id bigint PRIMARY KEY, opens_at timetz NOT NULL);' },
    {
      history: ['CREATE TABLE shops (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE shops ADD COLUMN closes_at time with time zone;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE shops (id bigint PRIMARY KEY, opens_at time NOT NULL, time_zone text NOT NULL);' },
    { sql: 'CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz NOT NULL);' },
  ],
};
