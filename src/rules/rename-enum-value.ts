import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'rename-enum-value',
  title: 'Enum value renamed',
  severity: 'warning',
  why: 'ALTER TYPE … RENAME VALUE takes effect at once: code that is running still sends the old label and fails with "invalid input value for enum", and reads a label that it does not know. DDL is not replicated logically: a subscriber that has not renamed the value stops at the first row that holds it.',
  safeAlternative:
    'Add the new value, let the code read both and write the new one, move the rows over in batches, and leave the old value unused.',
  sections: ['up'],
  reference: 'sql-altertype',
  knownAs: { migrationpilot: ['MP060'], strong_migrations: ['rename_enum_value'] },
  statements: {
    *'alter-enum'(statement, context) {
      if (statement.change !== 'rename-value') return;
      const type = context.catalog.type(statement.type);
      const label = type?.labels.find((each) => each.label === statement.value);
      if (label?.addedBy === context.migration.migration.id) return;
      const columns = context.catalog.columnsOfType(statement.type);
      const used =
        columns.length === 0
          ? ''
          : ` (used by ${columns
              .slice(0, 3)
              .map(({ table, column }) => quoted(`${table}.${column}`))
              .join(', ')}${columns.length > 3 ? ' …' : ''})`;
      yield {
        message: `Code that writes or compares "${statement.value}" of ${quoted(statement.type)}${used} fails as soon as this commits.`,
        advice: `Add "${statement.newValue ?? ''}" with ADD VALUE in a migration of its own, switch the code over, move the rows in batches, and leave "${statement.value}" unused.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TYPE order_status AS ENUM ('new', 'shipped');\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status NOT NULL);",
      ],
      sql: "ALTER TYPE order_status RENAME VALUE 'shipped' TO 'sent';",
    },
  ],
  good: [
    {
      history: ["CREATE TYPE order_status AS ENUM ('new', 'shipped');"],
      sql: "ALTER TYPE order_status ADD VALUE 'sent' AFTER 'shipped';",
    },
    {
      sql: "CREATE TYPE order_status AS ENUM ('new', 'shipped');\nALTER TYPE order_status RENAME VALUE 'shipped' TO 'sent';",
      note: 'The type is new: nobody knows the old label.',
    },
  ],
};
