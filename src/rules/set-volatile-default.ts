import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';
import { volatilityOf } from './shared/volatility.ts';

export const rule = defineRule({
  id: 'set-volatile-default',
  title: 'SET DEFAULT that leaves the old rows empty',
  severity: 'info',
  why: 'ALTER COLUMN … SET DEFAULT counts for rows inserted later. Rows that are there keep what they have: NULL, where nothing was ever written. With a default that is computed (now(), gen_random_uuid()) that is easily taken for a backfill.',
  safeAlternative: 'Fill the old rows in batches where they need a value.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP048'] },
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'set-default') continue;
        const { volatility } = volatilityOf(action.default, context.catalog);
        if (volatility === 'immutable') continue;
        const column = table?.columns.get(action.column);
        if (
          column?.notNull ||
          column?.default ||
          updatesIn(context.section).has(`${context.catalog.key(statement.table)}.${action.column}`)
        )
          continue;
        yield {
          span: action.span,
          message: `Rows that are already in ${quoted(statement.table)} get nothing from the new default of ${quoted(action.column)}; only rows inserted later do.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, token uuid);'],
      sql: 'ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, state text);'],
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new';",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, token uuid NOT NULL);'],
      sql: 'ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();',
      note: 'No row is without a value.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, token uuid);'],
      sql: 'ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();\nUPDATE orders SET token = gen_random_uuid() WHERE token IS NULL;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, at timestamptz DEFAULT now());'],
      sql: 'ALTER TABLE orders ALTER COLUMN at SET DEFAULT clock_timestamp();',
      note: 'The old default has filled the old rows.',
    },
  ],
};

/** Columns that an UPDATE of the section fills. */
const updatesIn = oncePerSection((section) => {
  const filled = new Set<string>();
  for (const { statement } of statementsOf(section)) {
    if (statement.kind === 'update')
      for (const column of statement.assigned)
        filled.add(`${statement.table.schema ?? 'public'}.${statement.table.name}.${column}`);
  }
  return filled;
});
