import { defineCommand, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'baseline',
  summary: 'record a schema that was there before; nothing is run',
  operands: { name: 'id', help: 'the last migration whose schema is there', required: true, many: false },
  flags: { ...databaseFlags, yes: { schema: yes, help: 'do it; without it the list is only shown' } },
  examples: [['airlock baseline 20260101120000 --env production --yes', 'the first run starts behind it']],
  run: async ({ operands, flags }, world) =>
    (await import('./run-baseline.ts')).baseline(operands[0] ?? '', flags, world),
});
