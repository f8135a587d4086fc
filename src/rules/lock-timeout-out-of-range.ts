import { milliseconds } from '../sql/session.ts';
import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type RuleExamples } from './rule.ts';
import { blockingLocksBefore } from './shared/blocking-locks.ts';
import { type SessionStep, sessionSteps } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'lock-timeout-out-of-range',
  title: 'A lock_timeout or statement_timeout that is off or too long',
  severity: 'warning',
  aside: true,
  why: 'With lock_timeout = 0 a statement waits for ever, with a long one long; for all that time every query that needs the table queues behind the migration. A statement_timeout of hours does not stop a statement that goes wrong.',
  safeAlternative: "SET LOCAL lock_timeout = '2s', and try again when it runs out.",
  sections: ['up'],
  reference: 'runtime-config-client',
  options: {
    maxLockTimeout: { default: 10_000, description: 'The longest lock_timeout, in milliseconds.' },
    maxStatementTimeout: {
      default: 3_600_000,
      description: 'The longest statement_timeout, in milliseconds.',
    },
  },
  knownAs: { pgfence: ['lock-timeout-too-long', 'lock-timeout-zero', 'statement-timeout-too-long'] },
  *migration(context) {
    const most = (name: string, fallback: number): number => {
      const value = context.options[name];
      return typeof value === 'number' ? value : fallback;
    };
    const limits = {
      lock_timeout: most('maxLockTimeout', 10_000),
      statement_timeout: most('maxStatementTimeout', 3_600_000),
    };
    // The last SET of each parameter that is out of range, until a lock is taken under it.
    const pending = new Map<
      string,
      { readonly step: SessionStep; readonly statement: StatementOf<'set'>; readonly value: number }
    >();
    for (const step of sessionSteps(context.migration.up)) {
      const { statement } = step;
      if (statement.kind === 'set') {
        if (statement.name !== 'lock_timeout' && statement.name !== 'statement_timeout') continue;
        const value =
          statement.reset || statement.value === undefined ? undefined : milliseconds(statement.value);
        const off = value === 0 && statement.name === 'lock_timeout';
        pending.delete(statement.name);
        if (value !== undefined && (off || value > limits[statement.name]))
          pending.set(statement.name, { step, statement, value });
        continue;
      }
      if (pending.size === 0) continue;
      const [lock] = blockingLocksBefore(statement, context);
      if (!lock) continue;
      for (const [name, { step: setting, statement: set, value }] of pending) {
        // SET LOCAL may have ended with its transaction.
        if ((name === 'lock_timeout' ? step.timeouts.lock : step.timeouts.statement) !== value) continue;
        const length = value === 0 ? `${name} = 0 waits for ever` : `${name} is ${seconds(value)}`;
        const fix = name === 'lock_timeout' && !setting.nested ? fixFor(set) : undefined;
        yield {
          migration: context.migration,
          section: 'up',
          span: set.span,
          message:
            name === 'lock_timeout'
              ? `${length}: everybody who needs "${lock.relation.name}" queues behind this migration that long.`
              : `${length}: it stops no statement that keeps "${lock.relation.name}" locked too long.`,
          ...(name === 'lock_timeout'
            ? {}
            : { advice: 'Set statement_timeout to what the statements may take at the most.' }),
          ...(fix ? { fix } : {}),
        };
      }
      pending.clear();
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'SET lock_timeout = 0;\nALTER TABLE users ADD COLUMN locale text;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL lock_timeout = '5min';\nALTER TABLE users ADD COLUMN locale text;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL statement_timeout = '1d';\nALTER TABLE users ADD COLUMN locale text;",
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL lock_timeout = '2s';\nSET LOCAL statement_timeout = 0;\nALTER TABLE users ADD COLUMN locale text;",
    },
    {
      sql: 'SET lock_timeout = 0;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCREATE INDEX idx_users_id ON users (id);',
      note: 'No table in use is locked under it.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY idx_users_email ON users (email);',
      noTransaction: true,
      note: 'What waits for a lock here blocks nobody.',
    },
  ],
};

function seconds(value: number): string {
  return value < 60_000 ? `${value / 1000} s` : `${Math.round(value / 6000) / 10} min`;
}

function fixFor(statement: StatementOf<'set'>): Fix {
  return {
    title: 'Wait two seconds for locks',
    edits: [{ ...statement.span, text: `SET ${statement.local ? 'LOCAL ' : ''}lock_timeout = '2s'` }],
  };
}
