import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'extension-version-pin',
  title: 'CREATE EXTENSION without a version',
  severity: 'off',
  why: 'Without VERSION each server installs what its packages hold as the default: two environments get different functions and types from the same migration, and what a later migration needs is there on one of them only.',
  safeAlternative:
    "CREATE EXTENSION IF NOT EXISTS name VERSION '…', and ALTER EXTENSION name UPDATE TO in a migration of its own.",
  sections: ['up'],
  reference: 'sql-createextension',
  knownAs: { migrationpilot: ['MP078'] },
  statements: {
    *'create-extension'(statement) {
      if (statement.version === undefined)
        yield {
          message: `The version of ${quoted(statement.extension)} is whatever the server holds as its default.`,
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: 'CREATE EXTENSION IF NOT EXISTS pg_trgm;' }],
  good: [{ sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm VERSION '1.6';" }],
};
