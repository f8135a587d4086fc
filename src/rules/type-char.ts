import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { written } from './shared/type-change.ts';
import { keepsName, offerType, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-char',
  title: 'Column of type char(n)',
  severity: 'info',
  why: 'A char(n) fills every value with blanks up to n characters. Comparisons with = and length() ignore them, LIKE and regular expressions do not, so the same value is found by one query and missed by another. It saves neither space nor time: PostgreSQL has no faster text than text.',
  safeAlternative: 'Use text, with a CHECK on the length where the length matters.',
  sections: ['up'],
  reference: 'datatype-character',
  knownAs: {
    squawk: ['ban-char-field'],
    pgls: ['banCharField'],
    pgfence: ['ban-char-field'],
    migrationpilot: ['MP041'],
    'pg-migration-lint': ['PGM103'],
    'eslint-plugin-postgresql': ['no-char-type'],
  },
  statements: typeChecks((column, context) => {
    const { type, table, name } = column;
    if (type.name !== 'char' || type.schema !== undefined || type.modifiers.length === 0 || keepsName(column))
      return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} is ${written(type)}: its values are padded with blanks, which = ignores and LIKE does not.`,
      ...offerType(column, context, 'text'),
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE countries (id bigint PRIMARY KEY, code char(2) NOT NULL);' },
    {
      history: ['CREATE TABLE countries (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE countries ADD COLUMN currency character(3);',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE countries (id bigint PRIMARY KEY, code text NOT NULL CHECK (length(code) = 2));',
    },
    {
      sql: 'CREATE TABLE operators (id bigint PRIMARY KEY, symbol "char" NOT NULL);',
      note: 'The quoted "char" is another type: one byte, never padded.',
    },
    {
      history: ['CREATE TABLE countries (id bigint PRIMARY KEY, code char(2));'],
      sql: 'ALTER TABLE countries ALTER COLUMN code TYPE text;',
    },
    {
      history: ['CREATE TABLE countries (id bigint PRIMARY KEY, code char(2));'],
      sql: 'ALTER TABLE countries ALTER COLUMN code TYPE char(3);',
      note: 'The column was char before; nothing new comes in.',
    },
  ],
};
