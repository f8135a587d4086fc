import { defineRule, type RuleExamples } from './rule.ts';
import { settingsOf } from './shared/session-settings.ts';

export const rule = defineRule({
  id: 'require-idle-in-transaction-timeout',
  title: 'No idle_in_transaction_session_timeout',
  severity: 'off',
  why: 'When the client of a migration hangs or loses its network in the middle, its transaction stays open with all locks until the server notices. idle_in_transaction_session_timeout (0, that is off, by default) ends such a session.',
  safeAlternative:
    "SET LOCAL idle_in_transaction_session_timeout = '30s' at the start. Airlock's own runner sets it.",
  sections: ['up'],
  reference: 'runtime-config-client',
  knownAs: { pgls: ['requireIdleInTransactionTimeout'], pgfence: ['missing-idle-timeout'] },
  *migration(context) {
    const { execution, sql } = context.migration.up;
    const [first] = sql.statements;
    const opened = execution.transaction
      ? first
      : sql.statements.find((statement) => statement.kind === 'transaction' && statement.command === 'begin');
    if (execution.runner === 'airlock' || !opened) return;
    if (
      settingsOf(context.migration.up, 'idle_in_transaction_session_timeout').some(
        ({ statement }) => !statement.reset,
      )
    )
      return;
    yield {
      migration: context.migration,
      section: 'up',
      span: opened.span,
      message:
        'The transaction of this migration stays open, with its locks, if its client hangs: idle_in_transaction_session_timeout is not set.',
    };
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;',
      runner: 'native',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL idle_in_transaction_session_timeout = '30s';\nALTER TABLE users ADD COLUMN email text;",
      runner: 'native',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_users_email ON users (email);',
      runner: 'native',
      noTransaction: true,
      note: 'No transaction stays open.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;',
      note: "Airlock's runner sets it.",
    },
  ],
};
