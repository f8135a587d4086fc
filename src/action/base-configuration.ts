import type { Configuration } from '../configuration/configuration.ts';
import { CONFIGURATION_FILES } from '../configuration/load.ts';
import type { ConfigurationProblem, Known } from '../configuration/parse.ts';
import type { FileConfiguration } from '../configuration/schema.ts';
import type { ReasonCode } from '../report/result.ts';
import type { Repository } from '../workspace/git.ts';
import { type ContentRead, readContent } from './content.ts';
import type { ActionEvent } from './event.ts';
import type { GitHub } from './github.ts';
import type { Inputs } from './inputs.ts';

export type BaseConfiguration =
  | { readonly ok: true; readonly configuration: Configuration; readonly said: string }
  | { readonly ok: false; readonly reasonCode: ReasonCode; readonly message: string; readonly next: string };

export interface ConfigurationSettings {
  readonly event: ActionEvent;
  readonly inputs: Inputs;
  readonly github: GitHub | undefined;
  readonly workspace: Repository;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly known: Known;
}

/**
 * The configuration that nobody can change in the change it judges: of the base commit on a pull request and in a
 * merge queue. What was pushed is judged by its own.
 */
export async function baseConfiguration(settings: ConfigurationSettings): Promise<BaseConfiguration> {
  const { event, inputs, github, workspace } = settings;
  const proposal = event.kind === 'pull-request' || event.kind === 'merge-group';
  const commit = proposal ? event.base : event.head;
  const read = await firstOf(configurationPaths(inputs), (path) =>
    readContent(github, workspace, commit, path),
  );
  const place = `${read.path} at ${proposal ? 'the base commit' : 'the commit'} ${commit.slice(0, 12)}`;
  if (!read.content.ok) {
    return {
      ok: false,
      reasonCode: 'github-failed',
      message: `${place} could not be read: ${read.content.reason}.`,
      next: 'give the job the permission "contents: read"',
    };
  }
  const { text } = read.content;
  if (text === undefined) return resolve(settings, undefined, `There is no ${place}: defaults were used.`);
  const { parseConfiguration } = await import('../configuration/parse.ts');
  const parsed = parseConfiguration(text, { path: read.path, known: settings.known });
  if (parsed.ok) return resolve(settings, parsed.configuration, `Configuration: ${place}.`);
  const message = `The configuration is wrong; it was read from ${place}.\n${problemLines(parsed.problems)}`;
  return {
    ok: false,
    reasonCode: 'configuration-invalid',
    message,
    next: `correct ${read.path} and merge that first`,
  };
}

/** The file that an input names, else the names that are looked for. */
export function configurationPaths({ config }: Inputs): readonly string[] {
  return config === undefined ? CONFIGURATION_FILES : [config];
}

/** The first that exists; where none does, or reading fails, that of the last one tried. */
async function firstOf(
  paths: readonly string[],
  read: (path: string) => Promise<ContentRead>,
): Promise<{ readonly path: string; readonly content: ContentRead }> {
  for (const path of paths) {
    const content = await read(path);
    if (!content.ok || content.text !== undefined) return { path, content };
  }
  return { path: paths[0] ?? '', content: { ok: true, text: undefined } };
}

async function resolve(
  { inputs, env, known }: ConfigurationSettings,
  file: FileConfiguration | undefined,
  said: string,
): Promise<BaseConfiguration> {
  const { resolveConfiguration } = await import('../configuration/resolve.ts');
  const { directories: directory, layout, failOn } = inputs;
  const resolved = resolveConfiguration({
    flags: { directory, layout, failOn },
    env,
    file,
    layouts: known.layouts,
  });
  if (resolved.ok) return { ok: true, configuration: resolved.configuration, said };
  // What a flag is on the command line is an input here.
  const lines = resolved.problems.map(({ message }) => message.replace(/^--/, 'input '));
  return { ok: false, reasonCode: 'usage', message: lines.join('\n'), next: 'correct the workflow file' };
}

export function problemLines(problems: readonly ConfigurationProblem[]): string {
  return problems
    .map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`)
    .join('\n');
}
