import { defineRule, type RuleExamples } from './rule.ts';
import { isNewType } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'enum-value-ordering',
  title: 'Enum value added without BEFORE or AFTER',
  severity: 'info',
  why: "Enum values compare and sort in the order of the type. Without BEFORE or AFTER the new value comes last, in ORDER BY and in comparisons like status < 'paid' too, and its place cannot be changed later.",
  safeAlternative: "Say where it belongs: ALTER TYPE … ADD VALUE 'new' AFTER 'old'.",
  sections: ['up'],
  reference: 'sql-altertype',
  knownAs: { squawk: ['require-enum-value-ordering'], pgfence: ['alter-enum-no-ordering'] },
  statements: {
    *'alter-enum'(statement, context) {
      if (
        statement.change !== 'add-value' ||
        statement.neighbor !== undefined ||
        isNewType(context, statement.type)
      )
        return;
      const labels = context.catalog.type(statement.type)?.labels ?? [];
      if (statement.ifNotExists && labels.some(({ label }) => label === statement.value)) return;
      yield {
        message: `"${statement.value}" becomes the last value of ${quoted(statement.type)}, in sorting and in comparisons, and cannot be moved later.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ["CREATE TYPE order_status AS ENUM ('new', 'paid', 'done');"],
      sql: "ALTER TYPE order_status ADD VALUE 'shipped';",
    },
  ],
  good: [
    {
      history: ["CREATE TYPE order_status AS ENUM ('new', 'paid', 'done');"],
      sql: "ALTER TYPE order_status ADD VALUE 'shipped' AFTER 'paid';",
    },
    {
      history: ["CREATE TYPE order_status AS ENUM ('new', 'paid', 'done');"],
      sql: "ALTER TYPE order_status ADD VALUE 'lost' AFTER 'done';",
      note: 'Last, and meant to be.',
    },
  ],
};
