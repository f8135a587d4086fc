import { defineCommand, text, yes } from './command.ts';
import { configurationFlags } from './project.ts';

export const command = defineCommand({
  name: 'tag',
  summary: 'put a label on a release, in place of where it was before',
  operands: {
    name: 'version',
    help: 'a version of releases.yml',
    required: true,
    many: false,
    second: { name: 'tag', help: 'the label' },
  },
  flags: {
    env: {
      schema: text,
      value: '<name>',
      help: 'tell it to the database of this environment at once; else its next up does',
    },
    json: { schema: yes, help: 'the result document on standard output' },
    directory: configurationFlags.directory,
    layout: configurationFlags.layout,
  },
  examples: [['airlock tag 1.2.0 lts', 'then airlock up --target lts']],
  run: async ({ operands, flags }, world) => (await import('./run-release.ts')).tag(operands, flags, world),
});
