import { defineCommand, text, yes } from './command.ts';
import { configurationFlags } from './project.ts';

export const command = defineCommand({
  name: 'release',
  summary: 'name what is new; without a version, propose the next',
  operands: {
    name: 'version',
    help: 'a semantic version, greater than all before',
    required: false,
    many: false,
    second: { name: 'name', help: 'what the release is called' },
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
  examples: [
    ['airlock release', 'the version that the metadata asks for: what is breaking makes it major'],
    ['airlock release 1.2.0 "spring cleaning"', 'adds it to releases.yml beside the migrations'],
  ],
  run: async ({ operands, flags }, world) =>
    (await import('./run-release.ts')).release(operands, flags, world),
});
