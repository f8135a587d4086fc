import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'create-enum',
  title: 'Enum type created',
  severity: 'off',
  why: 'Values of an enum can be added and renamed, but neither removed nor put in another order: that takes a new type and a rewrite of every column that has the old one.',
  safeAlternative:
    'A text column with a CHECK constraint, or a table of the values with a foreign key to it.',
  sections: ['up'],
  reference: 'datatype-enum',
  knownAs: { pgls: ['creatingEnum'], eugene: ['W13'], schemalint: ['prefer-text-with-check-to-enum'] },
  statements: {
    *'create-enum'(statement) {
      yield {
        message: `No value can ever be removed from ${quoted(statement.type)}, nor their order changed, without a new type.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: "CREATE TYPE order_status AS ENUM ('new', 'paid');" }],
  good: [
    {
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL CHECK (status IN ('new', 'paid')));",
    },
  ],
};
