import { defineCommand } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'health',
  summary: 'whether a database is well, and what has drifted',
  flags: databaseFlags,
  examples: [
    [
      'airlock health --env production',
      'exit code 1 where something failed, 6 where history and files disagree, 7 where nobody answers',
    ],
    ['airlock health --env production --json', 'each check with its state, for monitoring'],
  ],
  run: async ({ flags }, world) => (await import('./run-health.ts')).health(flags, world),
});
