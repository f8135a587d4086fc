import * as z from 'zod/mini';
import { defineCommand, text, yes } from './command.ts';
import { approvalFlag, databaseFlags } from './database-flags.ts';
import { count } from './numbers.ts';

export const command = defineCommand({
  name: 'up',
  summary: 'run the pending migrations on a database',
  flags: {
    ...databaseFlags,
    target: { schema: text, value: '<id>', help: 'up to and with this migration, version or tag' },
    steps: { schema: count, value: '<n>', help: 'at most so many' },
    'dry-run': {
      schema: z.optional(z.union([z.literal(true), z.literal('database')])),
      value: '[database]',
      help: 'show plan, SQL, findings and proof; with =database also run it there, in a transaction that is rolled back',
    },
    force: { schema: yes, help: 'go on past warnings, order and dependency complaints' },
    'skip-backup': { schema: yes, help: 'no backup before the run' },
    'allow-downtime': { schema: yes, help: 'run migrations whose metadata asks for downtime' },
    approval: approvalFlag,
    timeout: {
      schema: count,
      value: '<ms>',
      help: 'milliseconds one migration, and one statement, may take in this run',
    },
  },
  examples: [
    ['airlock up --env staging', 'everything that is pending'],
    ['airlock up --env production --dry-run', 'what it would run'],
    ['airlock up --target 20260101120000', 'not further than this migration'],
  ],
  // Loaded where it runs: it brings the driver.
  run: async ({ flags }, world) => (await import('./run-up.ts')).up(flags, world),
});
