import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { keepsName, typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-money',
  title: 'Column of type money',
  severity: 'warning',
  aside: true,
  why: 'The type money keeps no currency. The number of digits after the point, and how values are read and written, come from the server setting lc_monetary: a dump that is loaded under another setting can fail or change its amounts. Dividing cuts or rounds to whole cents.',
  safeAlternative: 'Use numeric, for example numeric(12, 2), with the currency in a column of its own.',
  sections: ['up'],
  reference: 'datatype-money',
  knownAs: { 'pg-migration-lint': ['PGM104'], 'eslint-plugin-postgresql': ['no-money-type'] },
  statements: typeChecks((column) => {
    const { type, table, name } = column;
    if (type.name !== 'money' || type.schema !== undefined || keepsName(column)) return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} is money: what its values mean depends on the server’s lc_monetary.`,
      advice: `Make ${identifier(name)} numeric, with the currency beside it.`,
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE invoices (id bigint PRIMARY KEY, total money NOT NULL);' },
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE invoices ADD COLUMN discount money;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE invoices (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL, currency text NOT NULL);',
    },
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY, total money);'],
      sql: 'ALTER TABLE invoices ALTER COLUMN total TYPE numeric(12, 2);',
    },
  ],
};
