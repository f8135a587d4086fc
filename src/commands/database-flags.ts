import { text, yes } from './command.ts';
import { configurationFlags } from './project.ts';

/** Flags of every command that is about a database. */
export const databaseFlags = {
  env: {
    schema: text,
    value: '<name>',
    help: 'environment of migration.config.yml; its address is <NAME>_DATABASE_URL, else DATABASE_URL',
  },
  json: { schema: yes, help: 'the result document on standard output' },
  directory: configurationFlags.directory,
  layout: configurationFlags.layout,
  runner: configurationFlags.runner,
} as const;

export const approvalFlag = {
  schema: text,
  value: '<token>',
  help: 'what airlock approve printed (several with commas), or github-environment in a job that reviewers let in; else APPROVAL_TOKEN',
} as const;
