import { defineRule, type Fix, type RuleExamples } from './rule.ts';
import { blockingLocksBefore } from './shared/blocking-locks.ts';
import { removal } from './shared/moves.ts';
import { quoted } from './shared/names.ts';
import { sameTransaction } from './shared/section-memo.ts';
import { callsSetConfig } from './shared/session-settings.ts';
import { type SessionStep, sessionSteps } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'lock-timeout-after-dangerous-statement',
  title: 'A lock_timeout set after the statement that needs it',
  severity: 'error',
  why: 'A lock_timeout is in force from the SET on. A statement before it waits for its lock without limit, and every query that needs the table queues behind it, although the file looks as if that were taken care of.',
  safeAlternative: 'Move the SET to the top of the file.',
  sections: ['up'],
  reference: 'runtime-config-client',
  knownAs: { pgfence: ['lock-timeout-after-dangerous-statement'] },
  *migration(context) {
    let unprotected: { readonly step: SessionStep; readonly table: string } | undefined;
    for (const step of sessionSteps(context.migration.up)) {
      const { statement } = step;
      if (callsSetConfig(step, 'lock_timeout', context.text)) return;
      if (
        statement.kind === 'set' &&
        statement.name === 'lock_timeout' &&
        !statement.reset &&
        statement.value !== '0'
      ) {
        if (!unprotected) return;
        const fix = fixFor(unprotected.step, step, context.migration.up, context.text);
        yield {
          migration: context.migration,
          section: 'up',
          span: statement.span,
          message: `${quoted(unprotected.table)} was locked before this, without a lock_timeout: it comes too late for that statement.`,
          ...(fix ? { fix } : {}),
        };
        return;
      }
      if (unprotected || step.timeouts.lock !== undefined) continue;
      const [lock] = blockingLocksBefore(statement, context);
      if (lock) unprotected = { step, table: lock.relation.name };
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE users ADD COLUMN locale text;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN zone text;",
      runner: 'native',
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
      sql: "CREATE TABLE notes (id bigint PRIMARY KEY);\nALTER TABLE notes ADD COLUMN body text;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN locale text;",
      runner: 'native',
      note: 'What stands before it locks a new table only.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "ALTER TABLE users ADD COLUMN locale text;\nSET LOCAL lock_timeout = '1s';\nALTER TABLE users ADD COLUMN zone text;",
      note: "Airlock's runner set one before the file.",
    },
  ],
};

function fixFor(
  first: SessionStep,
  late: SessionStep,
  section: Parameters<typeof sameTransaction>[0],
  text: string,
): Fix | undefined {
  if (
    first.nested ||
    late.nested ||
    (first.inTransaction && !sameTransaction(section, first.index, late.index)) ||
    (!first.inTransaction && late.inTransaction)
  )
    return undefined;
  const { start } = first.statement.span;
  const sql = text.slice(late.statement.span.start, late.statement.span.end);
  return {
    title: 'Set lock_timeout before the first lock',
    edits: [{ start, end: start, text: `${sql};\n` }, removal(late.statement, text)],
  };
}
