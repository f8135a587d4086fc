import * as z from 'zod/mini';
import { defineCommand, text } from './command.ts';
import { databaseFlags } from './database-flags.ts';
import { count } from './numbers.ts';

export const command = defineCommand({
  name: 'approve',
  summary: 'approve one plan on one environment: prints a token',
  flags: {
    ...databaseFlags,
    plan: {
      schema: z.optional(
        z.string().check(z.regex(/^[0-9a-f]{64}$/, 'is not a digest of 64 hexadecimal digits')),
      ),
      value: '<digest>',
      help: 'digest of the plan, as airlock plan shows it (of a rollback: airlock down --dry-run)',
    },
    target: { schema: text, value: '<id>', help: 'of a plan that was made with --target' },
    as: { schema: text, value: '<name>', help: 'who approves (default: the GitHub actor, or the user)' },
    hours: { schema: count, value: '<n>', help: 'how long the approval holds (default: 24)' },
  },
  examples: [
    ['airlock approve --env production --plan <digest>', 'shows what the plan runs, and prints the token'],
  ],
  run: async ({ flags }, world) => (await import('./run-approve.ts')).approve(flags, world),
});
