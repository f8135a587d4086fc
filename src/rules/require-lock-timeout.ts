import type { TakenLock } from '../sql/locks.ts';
import type { Statement } from '../sql/statement.ts';
import { defineRule, type Fix, type MigrationContext, type RuleExamples } from './rule.ts';
import { blockingLocksBefore } from './shared/blocking-locks.ts';
import { quoted } from './shared/names.ts';
import { callsSetConfig, settingsOf } from './shared/session-settings.ts';
import { type SessionStep, sessionSteps } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'require-lock-timeout',
  title: 'A lock that blocks others is waited for without lock_timeout',
  severity: 'warning',
  aside: true,
  why: 'A statement that waits for a strong lock stands at the head of a queue: every query that comes after it and conflicts with it waits too, even behind a lock that is not given yet. Without lock_timeout (0 by default) one long transaction is enough to keep the whole application off the table for as long as it lasts.',
  safeAlternative:
    "SET LOCAL lock_timeout = '2s' before the statement (SET where there is no transaction), and try again when it runs out. Airlock's own runner sets one and retries.",
  sections: ['up'],
  reference: 'runtime-config-client',
  knownAs: {
    squawk: ['require-timeout-settings', 'require-lock-timeout'],
    pgls: ['lockTimeoutWarning'],
    eugene: ['E9'],
    pgfence: ['missing-lock-timeout'],
    migrationpilot: ['MP004'],
  },
  *migration(context) {
    let first: { readonly step: SessionStep; readonly lock: TakenLock } | undefined;
    let count = 0;
    for (const step of sessionSteps(context.migration.up)) {
      if (callsSetConfig(step, 'lock_timeout', context.text)) break;
      if (step.timeouts.lock !== undefined || isNowait(step.statement, context.text)) continue;
      const [lock] = blockingLocksBefore(step.statement, context);
      // The tables that a new table points to: fk-locks-both-tables speaks of them.
      if (!lock || (step.statement.kind === 'create-table' && lock.mode === 'SHARE ROW EXCLUSIVE')) continue;
      first ??= { step, lock };
      count++;
    }
    if (!first) return;
    const { step, lock } = first;
    // A SET that comes too late is moved by lock-timeout-after-dangerous-statement.
    const setLater = settingsOf(context.migration.up, 'lock_timeout').some(
      ({ statement, index }) => !statement.reset && index > step.index,
    );
    const more = count === 1 ? '' : ` (and ${count - 1} more after it)`;
    yield {
      migration: context.migration,
      section: 'up',
      span: step.statement.span,
      message: `This statement${more} needs ${lock.mode} on ${isIndex(step.statement, lock) ? 'the table of ' : ''}${quoted(lock.relation)} with no lock_timeout in force: while it waits, everybody who needs the table waits behind it.`,
      ...(step.nested || setLater || mustStayAlone(step, context) ? {} : { fix: fixFor(step, context) }),
    };
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;',
      runner: 'native',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN locale text;\nCOMMIT;\nALTER TABLE users ADD COLUMN zone text;",
      runner: 'native',
      noTransaction: true,
      note: 'SET LOCAL ends with its transaction.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'RESET lock_timeout;\nALTER TABLE users ADD COLUMN locale text;',
      note: 'RESET takes away what the runner had set.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN locale text;",
      runner: 'native',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN locale text;',
      note: "Airlock's runner sets lock_timeout itself.",
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN locale text;',
      runner: 'native',
      note: 'The table is new.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      runner: 'native',
      note: 'fk-locks-both-tables speaks of the lock on users.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_users_email ON users (email);',
      runner: 'native',
      noTransaction: true,
      note: 'Takes no lock that blocks others.',
    },
  ],
};

/** The index of a DROP INDEX, where the table that it stands on is not known. */
function isIndex(statement: Statement, { relation }: TakenLock): boolean {
  return (
    statement.kind === 'drop' &&
    statement.objectType === 'index' &&
    statement.objects.some(({ schema, name }) => schema === relation.schema && name === relation.name)
  );
}

/** LOCK … NOWAIT does not wait at all. */
function isNowait({ kind, span }: Statement, text: string): boolean {
  return kind === 'lock-table' && /\bnowait$/i.test(text.slice(span.start, span.end));
}

/** Where a file is sent as one, a second statement makes a transaction of it, and this one refuses to run in one. */
function mustStayAlone({ statement }: SessionStep, { migration }: MigrationContext): boolean {
  return statement.needsAutocommit && migration.up.execution.implicit === true;
}

function fixFor(step: SessionStep, { migration }: MigrationContext): Fix {
  const { start } = step.statement.span;
  const local = step.inTransaction || migration.up.execution.implicit;
  return {
    title:
      'Set a lock_timeout before the statement: where the lock is not free in time, it fails instead of waiting',
    edits: [{ start, end: start, text: `SET ${local ? 'LOCAL ' : ''}lock_timeout = '2s';\n` }],
  };
}
