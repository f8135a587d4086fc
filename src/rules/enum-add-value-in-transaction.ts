import { defineRule, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { isNewType } from './shared/made-here.ts';
import { isAlone } from './shared/moves.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'enum-add-value-in-transaction',
  title: 'ALTER TYPE … ADD VALUE in a transaction before PostgreSQL 12',
  severity: 'error',
  why: 'Before PostgreSQL 12, ALTER TYPE … ADD VALUE fails inside a transaction ("cannot run inside a transaction block"), unless the same transaction created the type. From 12 on it runs; the new value can then be used after the commit only.',
  safeAlternative: 'Put it into a migration of its own that runs outside a transaction.',
  sections: ['up'],
  reference: 'sql-altertype',
  knownAs: {
    pgls: ['avoidAlterEnumAddValue'],
    pgfence: ['alter-enum-add-value'],
    migrationpilot: ['MP012'],
    'drizzle-migration-lint': ['add-enum-value'],
  },
  statements: {
    *'alter-enum'(statement, context) {
      const { major } = context.target;
      if (
        statement.change !== 'add-value' ||
        major === undefined ||
        major >= 12 ||
        !(context.inTransaction || context.nested)
      )
        return;
      if (isNewType(context, statement.type)) return;
      const fix = fixFor(context);
      yield {
        message: `Adding "${statement.value}" to ${quoted(statement.type)} fails on PostgreSQL ${major}: the statement runs in a transaction.`,
        ...(fix ? { fix } : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ["CREATE TYPE mood AS ENUM ('glad', 'sad');"],
      sql: "ALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';",
      target: { major: 11 },
    },
  ],
  good: [
    {
      history: ["CREATE TYPE mood AS ENUM ('glad', 'sad');"],
      sql: "ALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';",
      target: { major: 16 },
    },
    {
      history: ["CREATE TYPE mood AS ENUM ('glad', 'sad');"],
      sql: "ALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';",
      note: 'An unknown version is taken to be 12 or later.',
    },
    {
      history: ["CREATE TYPE mood AS ENUM ('glad', 'sad');"],
      sql: "ALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';",
      noTransaction: true,
      target: { major: 11 },
    },
    {
      sql: "CREATE TYPE mood AS ENUM ('glad', 'sad');\nALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';",
      target: { major: 11 },
      note: 'The same transaction creates the type.',
    },
  ],
};

function fixFor(context: StatementContext): Fix | undefined {
  return isAlone(context)
    ? { title: 'Run the migration outside a transaction', edits: [], noTransaction: true }
    : undefined;
}
