import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'drop-database',
  title: 'Database dropped',
  severity: 'error',
  why: 'DROP DATABASE removes every schema, table and row of a database and cannot be undone: it runs outside any transaction, and no ROLLBACK brings it back.',
  safeAlternative:
    'Leave it to the people who run the server, by hand and after a backup; a migration works inside one database.',
  keepSeverityInDown: true,
  reference: 'sql-dropdatabase',
  knownAs: {
    squawk: ['ban-drop-database'],
    pgls: ['banDropDatabase'],
    pgfence: ['drop-database'],
    migrationpilot: ['MP034'],
    'eslint-plugin-postgresql': ['no-drop-database'],
  },
  statements: {
    *'drop-database'(statement, context) {
      const takesBack =
        context.section.name === 'down' && databasesMade(context.migration.up).has(statement.database);
      yield {
        severity: takesBack ? 'info' : undefined,
        message: `The database ${quoted(statement.database)} is gone with everything in it, and no rollback brings it back.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: 'DROP DATABASE IF EXISTS analytics;', noTransaction: true }],
  good: [
    {
      history: ['CREATE SCHEMA analytics;'],
      sql: 'ALTER SCHEMA analytics RENAME TO analytics_old;',
      note: 'Nothing is lost.',
    },
  ],
};

const databasesMade = oncePerSection((section) => {
  const made = new Set<string>();
  for (const { statement } of statementsOf(section))
    if (statement.kind === 'create-database') made.add(statement.database);
  return made;
});
