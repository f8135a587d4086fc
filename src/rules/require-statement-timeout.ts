import type { Statement } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type RuleExamples } from './rule.ts';
import { longLocks } from './shared/long-locks.ts';
import { quoted } from './shared/names.ts';
import { reachOf } from './shared/reach.ts';
import { callsSetConfig } from './shared/session-settings.ts';
import { type SessionStep, sessionSteps } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'require-statement-timeout',
  title: 'A statement that goes through a table runs without statement_timeout',
  severity: 'info',
  why: 'Without statement_timeout (0 by default) a statement that turns out slower than thought runs on, with its locks, until somebody notices and cancels it.',
  safeAlternative:
    "SET LOCAL statement_timeout to what the statement may take at the most (SET where there is no transaction), or statementTimeout in Airlock's configuration.",
  sections: ['up'],
  secondary: true,
  reference: 'runtime-config-client',
  knownAs: {
    squawk: ['require-timeout-settings', 'require-statement-timeout'],
    pgls: ['requireStatementTimeout'],
    pgfence: ['missing-statement-timeout'],
    migrationpilot: ['MP020'],
  },
  *migration(context) {
    let first: SessionStep | undefined;
    let count = 0;
    for (const step of sessionSteps(context.migration.up)) {
      if (callsSetConfig(step, 'statement_timeout', context.text)) break;
      if (step.timeouts.statement !== undefined || !isSlow(step.statement, context)) continue;
      first ??= step;
      count++;
    }
    if (!first) return;
    const { statement } = first;
    const [relation] = statement.relations;
    const more = count === 1 ? '' : ` (and ${count - 1} more after it)`;
    yield {
      migration: context.migration,
      section: 'up',
      span: statement.span,
      message: `This statement${more} goes through ${relation ? `all of ${quoted(relation)}` : 'a whole table'} with no statement_timeout in force: nothing stops it when it takes too long.`,
    };
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: "SET LOCAL statement_timeout = '30s';\nALTER TABLE users ALTER COLUMN email SET NOT NULL;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;',
      note: 'Takes no time, whatever the size.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_users_email ON users (email);',
      noTransaction: true,
      note: 'Meant to take its time, and blocks nobody.',
    },
  ],
};

/** Goes through a table in use and blocks somebody while it does. */
function isSlow(statement: Statement, context: MigrationContext): boolean {
  if (statement.kind === 'update' || statement.kind === 'delete') {
    const reach = reachOf(statement, { ...context, catalog: context.before });
    return reach === 'every-row' || reach === 'many-rows';
  }
  return longLocks(statement, context.before).some(({ relation }) => !context.isNew(relation));
}
