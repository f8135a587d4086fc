import { defineCommand, text, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'adopt',
  summary: 'take over the history that another tool kept',
  flags: {
    ...databaseFlags,
    table: {
      schema: text,
      value: '<schema.table>',
      help: 'where the tool keeps its history, if not in its usual table',
    },
    'dry-run': { schema: yes, help: 'show what it would record; exit 0 where it would go through' },
    yes: { schema: yes, help: 'do it; without it the list is only shown' },
  },
  examples: [
    [
      'airlock adopt --env production --dry-run',
      'what Flyway, Prisma, goose … ran there, held against the files',
    ],
    ['airlock adopt --env production --yes', 'records the same as done, so that up goes on behind it'],
  ],
  run: async ({ flags }, world) => (await import('./run-adopt.ts')).adopt(flags, world),
});
