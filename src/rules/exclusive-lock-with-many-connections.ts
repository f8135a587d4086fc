import type { Span } from '../sql/source.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { blockingLocksBefore } from './shared/blocking-locks.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { count, numberOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'exclusive-lock-with-many-connections',
  title: 'ACCESS EXCLUSIVE lock while many sessions are active',
  severity: 'info',
  why: 'ACCESS EXCLUSIVE conflicts with every other lock, a plain SELECT’s included. While it waits for one long transaction, every new statement on the table waits behind it; with many active sessions the connection pool is full of waiting ones soon.',
  safeAlternative: 'Run it when fewer sessions are active, with a short lock_timeout and retries.',
  claims: ['blocks-reads'],
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { migrationpilot: ['MP019'] },
  options: { connections: { default: 50, description: 'Active sessions from which on it is reported.' } },
  migration: (context) => {
    const { activeConnections } = context.target;
    if (
      activeConnections === undefined ||
      activeConnections < numberOption(context.options, 'connections', 50)
    )
      return [];
    const tables = new Set<string>();
    let first: Span | undefined;
    for (const { statement } of statementsOf(context.migration.up)) {
      for (const { relation, mode } of blockingLocksBefore(statement, context)) {
        if (mode !== 'ACCESS EXCLUSIVE') continue;
        first ??= statement.span;
        tables.add(quoted(relation));
      }
    }
    if (!first) return [];
    return [
      {
        migration: context.migration,
        section: 'up',
        span: first,
        message: `${count(activeConnections)} sessions are active on the target; each that touches ${[...tables].join(', ')} waits while this migration waits for its ACCESS EXCLUSIVE lock or holds it.`,
      },
    ];
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      target: { activeConnections: 180 },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      target: { activeConnections: 4 },
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nALTER TABLE orders ADD COLUMN note text;',
      target: { activeConnections: 180 },
    },
  ],
};
