import { defineCommand, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'unlock',
  summary: 'who holds the lease; --force ends its sessions',
  flags: {
    ...databaseFlags,
    force: { schema: yes, help: 'end the holder’s sessions on the server and free the lease' },
  },
  examples: [
    ['airlock unlock --env production', 'who holds it; exit code 4 where somebody alive does'],
    ['airlock unlock --env production --force', 'a holder that will not come back'],
  ],
  run: async ({ flags }, world) => (await import('./run-unlock.ts')).unlock(flags, world),
});
