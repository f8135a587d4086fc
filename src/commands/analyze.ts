import { defineCommand, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'analyze',
  summary: 'what one migration took, statement by statement',
  operands: { name: 'id', help: 'the migration', required: true, many: false },
  flags: {
    ...databaseFlags,
    'skip-proof': { schema: yes, help: 'do not run it in a shadow database to tell what the proof says' },
  },
  examples: [
    ['airlock analyze 20260101120000 --env production', 'what it took there, and where the time went'],
    ['airlock analyze 20260101120000 --json --skip-proof', 'what the history knows, for programs'],
  ],
  run: async ({ operands, flags }, world) =>
    (await import('./run-analyze.ts')).analyze(operands, flags, world),
});
