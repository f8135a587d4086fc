import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'rename-schema',
  title: 'Schema renamed while code uses it',
  severity: 'error',
  why: 'From the moment the rename is committed, every query that names the old schema fails, and so do functions, search_path settings and connection strings that mention it; they are texts, which the rename does not follow.',
  safeAlternative:
    'Create the new schema, move the code to it over views or by moving the tables one by one, and drop the old schema when nothing uses it.',
  sections: ['up'],
  reference: 'sql-alterschema',
  knownAs: { pgfence: ['rename-schema'], strong_migrations: ['rename_schema'] },
  statements: {
    *rename(statement, context) {
      if (statement.objectType !== 'schema') return;
      const created = createdIn(context.section).get(statement.from);
      if (created !== undefined && created <= context.index) return;
      yield {
        message: `Everything that names the schema ${quoted(statement.from)} fails as soon as it is called ${quoted(statement.to)}.`,
        advice: `CREATE SCHEMA ${identifier(statement.to)}; with views over the tables of ${identifier(statement.from)}, move the code over, and drop ${identifier(statement.from)} later.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE SCHEMA billing;\nCREATE TABLE billing.invoices (id bigint PRIMARY KEY);'],
      sql: 'ALTER SCHEMA billing RENAME TO finance;',
    },
  ],
  good: [
    {
      history: ['CREATE SCHEMA billing;\nCREATE TABLE billing.invoices (id bigint PRIMARY KEY);'],
      sql: 'CREATE SCHEMA finance;\nCREATE VIEW finance.invoices AS SELECT * FROM billing.invoices;',
    },
    {
      sql: 'CREATE SCHEMA billing;\nALTER SCHEMA billing RENAME TO finance;',
      note: 'Nobody uses a schema that the same migration made.',
    },
  ],
};

/** Schemas that the section creates, IF NOT EXISTS left out: those may have been there. */
const createdIn = oncePerSection((section) => {
  const created = new Map<string, number>();
  for (const { statement, index } of statementsOf(section))
    if (statement.kind === 'create-schema' && !statement.ifNotExists) created.set(statement.schema, index);
  return created;
});
