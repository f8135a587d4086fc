import * as z from 'zod/mini';
import { defineCommand } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'verify',
  summary: 'whether what is in a database is whole',
  flags: {
    ...databaseFlags,
    checksums: {
      schema: z.optional(z.union([z.literal(true), z.string()])),
      value: '[tables]',
      help: 'a checksum of the rows of each table, or of these (with commas between), to hold against another time or server',
    },
  },
  examples: [
    ['airlock verify --env production', 'exit code 1 where something is damaged, broken, or a VERIFY fails'],
    ['airlock verify --env production --checksums', 'before and after a restore, or on primary and replica'],
    ['airlock verify --checksums=orders,sales.items', 'of two tables'],
  ],
  // Loaded where it runs: it brings the driver.
  run: async ({ flags }, world) => (await import('./run-verify.ts')).verify(flags, world),
});
