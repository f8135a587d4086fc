import { defineCommand, text, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';
import { count } from './numbers.ts';

export const command = defineCommand({
  name: 'plan',
  summary: 'what an up would run, and the digest that is approved',
  flags: {
    ...databaseFlags,
    target: { schema: text, value: '<id>', help: 'up to and with this migration, version or tag' },
    steps: { schema: count, value: '<n>', help: 'at most so many' },
    force: { schema: yes, help: 'past order and dependency complaints' },
  },
  examples: [['airlock plan --env production', 'the exact list, and its digest']],
  // Loaded where it runs: it brings the driver.
  run: async ({ flags }, world) => (await import('./run-plan.ts')).plan(flags, world),
});
