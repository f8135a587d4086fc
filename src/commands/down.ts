import { defineCommand, text, yes } from './command.ts';
import { approvalFlag, databaseFlags } from './database-flags.ts';
import { count } from './numbers.ts';

export const command = defineCommand({
  name: 'down',
  summary: 'take back the newest migrations of a database',
  flags: {
    ...databaseFlags,
    steps: { schema: count, value: '<n>', help: 'so many (default: 1)' },
    target: {
      schema: text,
      value: '<id>',
      help: 'all that were applied after this migration, version or tag, which stays',
    },
    'dry-run': { schema: yes, help: 'show what it would run' },
    force: {
      schema: yes,
      help: 'what has no down is recorded as rolled back and nothing is run; goes past edited files',
    },
    approval: approvalFlag,
    timeout: {
      schema: count,
      value: '<ms>',
      help: 'milliseconds one migration, and one statement, may take',
    },
  },
  examples: [
    ['airlock down --env staging', 'the newest one'],
    ['airlock down --target 20260101120000 --dry-run', 'what stands between now and then'],
  ],
  run: async ({ flags }, world) => (await import('./run-down.ts')).down(flags, world),
});
