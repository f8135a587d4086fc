import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-numeric-without-precision',
  title: 'Column of type numeric without precision',
  severity: 'off',
  why: 'A numeric without precision and scale keeps as many digits as it is given: 10, 10.0 and 10.0000000001 stand beside each other in one column, values grow with every division, and clients that read them into a fixed type round or fail. A precision that is added later writes the table anew under ACCESS EXCLUSIVE.',
  safeAlternative: 'Write precision and scale: numeric(12, 2).',
  sections: ['up'],
  reference: 'datatype-numeric',
  knownAs: { 'eslint-plugin-postgresql': ['no-numeric-without-precision'] },
  statements: typeChecks(({ type, table, name, from }) => {
    if (type.name !== 'numeric' || type.schema !== undefined || type.modifiers.length > 0) return undefined;
    if (from?.name === 'numeric' && from.modifiers.length === 0) return undefined;
    return { message: `${quoted(name)} of ${quoted(table)} keeps any number of digits.` };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE invoices (id bigint PRIMARY KEY, total numeric NOT NULL);' },
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE invoices ADD COLUMN discount decimal;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE invoices (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL);' },
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE invoices ADD COLUMN discount numeric(5, 2);',
    },
  ],
};
