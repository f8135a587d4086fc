import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'change-default-partial-writes',
  title: 'Default changed under an ORM that leaves out unchanged columns',
  severity: 'info',
  why: 'With partial inserts (Rails before 7, partial_inserts = true) a running process leaves out of its INSERT each column that has the default it read when it started. After the default has changed, such an INSERT silently writes the new default where the old one was meant. The database cannot tell whether the application does that, so the rule is silent unless its option says so.',
  safeAlternative:
    'Turn partial inserts off (config.active_record.partial_inserts = false) and deploy that before the default changes.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { strong_migrations: ['change_column_default'] },
  options: {
    partialWrites: {
      default: false,
      description: 'The application leaves columns that have their default out of its INSERTs.',
    },
  },
  statements: {
    *'alter-table'(statement, context) {
      if (context.options['partialWrites'] !== true) return;
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'set-default' && action.action !== 'drop-default') continue;
        const column = table?.columns.get(action.column);
        if (column && !column.default) continue;
        yield {
          span: action.span,
          message: `Processes that started before this change leave ${quoted(action.column)} out of their INSERTs into ${quoted(statement.table)} and so write the new default instead of the old one.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ["CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'new');"],
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';",
      options: { partialWrites: true },
    },
  ],
  good: [
    {
      history: ["CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'new');"],
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, state text);'],
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';",
      options: { partialWrites: true },
      note: 'There was no default that a process could have read.',
    },
  ],
};
