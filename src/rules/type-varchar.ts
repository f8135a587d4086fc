import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { written } from './shared/type-change.ts';
import { keepsName, offerType, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-varchar',
  title: 'Column of type varchar(n)',
  severity: 'off',
  why: 'The limit is part of the type. Lowering it writes the table anew under ACCESS EXCLUSIVE; raising it takes the same lock, if only for a moment. A CHECK does the same and can be replaced with NOT VALID and VALIDATE CONSTRAINT, which never keep readers and writers out for long. Otherwise varchar and text are alike.',
  safeAlternative: 'Use text, with a named CHECK on the length where there is a limit.',
  sections: ['up'],
  reference: 'datatype-character',
  knownAs: {
    squawk: ['prefer-text-field'],
    pgls: ['preferTextField'],
    pgfence: ['prefer-text-field'],
    migrationpilot: ['MP037'],
    'pg-migration-lint': ['PGM108'],
    'eslint-plugin-postgresql': ['consistent-text-over-varchar'],
    gitlab: ['Migration/PreventStrings', 'AddLimitToTextColumns'],
    schemalint: ['prefer-text-to-varchar'],
  },
  statements: typeChecks((column, context) => {
    const { type, table, name } = column;
    const [limit] = type.modifiers;
    if (type.name !== 'varchar' || type.schema !== undefined || limit === undefined || keepsName(column))
      return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} is ${written(type)}: another limit later means ACCESS EXCLUSIVE on the table, and a lower one writes it anew.`,
      advice: type.array
        ? 'Use text[].'
        : `text, with CHECK (length(${identifier(name)}) <= ${limit}) where the limit matters.`,
      ...offerType(column, context, 'text'),
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE users (id bigint PRIMARY KEY, name varchar(100) NOT NULL);' },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN city character varying(50);',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL CONSTRAINT users_name_length CHECK (length(name) <= 100));',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, name varchar NOT NULL);',
      note: 'Without a limit it is text under another name.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));'],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);',
      note: 'The limit was there before.',
    },
  ],
};
