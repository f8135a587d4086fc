import { defineCommand, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'status',
  summary: 'what a database has, and where files disagree with it',
  flags: { ...databaseFlags, verbose: { schema: yes, help: 'the applied ones too' } },
  examples: [
    ['airlock status --env production', 'exit code 6 where history and files disagree'],
    ['airlock status --verbose --json', 'every migration, for programs'],
  ],
  // Loaded where it runs: it brings the driver.
  run: async ({ flags }, world) => (await import('./run-status.ts')).status(flags, world),
});
