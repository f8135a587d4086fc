import { defineCommand, text, yes } from './command.ts';
import { configurationFlags } from './project.ts';

export const command = defineCommand({
  name: 'changelog',
  summary: 'what changed between releases, breaking changes first',
  flags: {
    from: {
      schema: text,
      value: '<version>',
      help: 'after this version or tag (default: from the beginning)',
    },
    to: {
      schema: text,
      value: '<version>',
      help: 'up to and with this one (default: all, and what is not released yet)',
    },
    env: {
      schema: text,
      value: '<name>',
      help: 'only what this environment does not have yet',
    },
    json: { schema: yes, help: 'the result document on standard output' },
    directory: configurationFlags.directory,
    layout: configurationFlags.layout,
  },
  examples: [
    ['airlock changelog --from 1.1.0 --to 1.2.0', 'what 1.2.0 brought'],
    ['airlock changelog --env production', 'what the next up of production brings'],
  ],
  run: async ({ flags }, world) => (await import('./run-release.ts')).changelog(flags, world),
});
