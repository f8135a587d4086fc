import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'lock-without-timeout',
  title: 'Lock that blocks others was taken with no lock_timeout in force',
  severity: 'warning',
  why: 'The statement was seen to take a lock that blocks writes to an existing table, and nothing limits how long it waits for it: behind a long transaction it stands at the head of a queue in which every query that needs the table waits too. Said where the text of the statement does not show the lock; require-lock-timeout speaks of the others.',
  safeAlternative:
    "SET LOCAL lock_timeout = '2s' before the statement (SET where there is no transaction), and try again when it runs out. Airlock's own runner sets one and retries.",
  sections: ['up'],
  firedBy: 'proof',
  ignorable: true,
  reference: 'runtime-config-client',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'users ADD COLUMN email text'; END $$;",
      runner: 'native',
      note: 'What a body builds as text no rule can read.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET LOCAL lock_timeout = '2s';\nDO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'users ADD COLUMN email text'; END $$;",
      runner: 'native',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'users ADD COLUMN email text'; END $$;",
      note: "Airlock's runner sets lock_timeout itself.",
    },
  ],
};
