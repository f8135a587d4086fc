import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { listOption } from './shared/statistics.ts';
import { keepsName, typeChecks } from './shared/typed-columns.ts';

const AMOUNTS: readonly string[] = [
  'amount',
  'balance',
  'budget',
  'cost',
  'credit',
  'debit',
  'discount',
  'fee',
  'paid',
  'payment',
  'price',
  'revenue',
  'salary',
  'subtotal',
  'tax',
  'total',
  'vat',
  'wage',
];

export const rule = defineRule({
  id: 'type-float',
  title: 'Amount kept as a floating-point number',
  severity: 'off',
  why: 'The types real and double precision keep binary fractions: 0.1 + 0.2 is 0.30000000000000004, and real keeps about six digits. Sums of amounts drift by cents, = misses values that look equal, and the result of sum() depends on the order of the rows.',
  safeAlternative:
    'Use numeric, for example numeric(12, 2), for amounts. Measurements may stay floating-point.',
  sections: ['up'],
  reference: 'datatype-numeric',
  knownAs: { 'pg-migration-lint': ['PGM109'] },
  options: {
    words: {
      default: AMOUNTS,
      description: 'Words between the underscores of a column name by which it is taken for an amount.',
    },
  },
  statements: typeChecks((column, context) => {
    const { type, table, name } = column;
    if ((type.name !== 'real' && type.name !== 'double precision') || type.schema !== undefined)
      return undefined;
    const amounts = listOption(context.options, 'words');
    const words = name.toLowerCase().split('_');
    if (
      keepsName(column) ||
      !words.some((word) => amounts.includes(word) || amounts.includes(word.replace(/s$/, '')))
    )
      return undefined;
    return {
      message: `${quoted(name)} of ${quoted(table)} is ${type.name}, which cannot hold most decimal fractions exactly.`,
      advice: `Make ${identifier(name)} numeric.`,
    };
  }),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE invoices (id bigint PRIMARY KEY, total double precision NOT NULL);' },
    {
      history: ['CREATE TABLE invoices (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE invoices ADD COLUMN shipping_cost real;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE invoices (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL);' },
    {
      sql: 'CREATE TABLE places (id bigint PRIMARY KEY, latitude double precision, longitude double precision);',
      note: 'A measurement is no amount.',
    },
  ],
};
