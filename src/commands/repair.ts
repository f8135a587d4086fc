import { choice, defineCommand, yes } from './command.ts';
import { databaseFlags } from './database-flags.ts';

export const command = defineCommand({
  name: 'repair',
  summary: 'settle what history and files disagree about',
  operands: { name: 'ids', help: 'only these migrations', required: false, many: true },
  flags: {
    ...databaseFlags,
    statement: {
      schema: choice(['done', 'undone']),
      value: '<done|undone>',
      help: 'what became of the statement that a run was cut off in, as you have looked it up',
    },
    yes: { schema: yes, help: 'do it; without it the changes are only shown' },
  },
  examples: [
    ['airlock repair 20260101120000', 'what would be changed'],
    ['airlock repair 20260101120000 --yes', 'the file as it is now is what was applied'],
    ['airlock repair 20260101120000 --statement done --yes', 'go on behind the statement that was cut off'],
  ],
  run: async ({ operands, flags }, world) => (await import('./run-repair.ts')).repair(operands, flags, world),
});
