import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import { CONFIGURATION_FILES, loadConfiguration, withDotEnv } from '../configuration/load.ts';
import type { ConfigurationProblem } from '../configuration/parse.ts';
import { type Flags, resolveConfiguration } from '../configuration/resolve.ts';
import { layouts } from '../migration/layouts/registry.ts';
import { visibleLine } from '../report/visible.ts';
import { registry } from '../rules/registry.ts';
import { type FoundRepository, findRepository } from '../workspace/repository.ts';
import { type CommandWorld, text } from './command.ts';

/** Flags that most commands share: they stand above the configuration file. */
export const configurationFlags = {
  directory: { schema: text, value: '<folder>', help: 'migrations folder, relative to the repository root' },
  layout: {
    schema: text,
    value: '<layout>',
    help: `how the files are written: ${[...layouts.keys()].join(', ')}`,
  },
  runner: {
    schema: text,
    value: '<runner>',
    help: 'who executes the files: airlock or native (the layout’s own tool)',
  },
  dialect: { schema: text, value: '<dialect>', help: 'postgres or mysql' },
  'target-version': {
    schema: text,
    value: '<version>',
    help: 'PostgreSQL version of the target, 16 or 14.2',
  },
  sizes: { schema: text, value: '<file>', help: 'table sizes of the target (JSON)' },
} as const;

/** Flags of the commands that prove. */
export const shadowFlags = {
  shadow: {
    schema: text,
    value: '<kind>',
    help: 'database to prove in: auto (default), embedded, local, or an address',
  },
  snapshot: {
    schema: text,
    value: '<file>',
    help: 'schema to prove on, as airlock snapshot writes it, in place of replaying the history',
  },
  'cache-dir': {
    schema: text,
    value: '<folder>',
    help: 'where replayed histories are kept (default: airlock in the cache folder of the user)',
  },
} as const;

export interface OpenedProject {
  readonly ok: true;
  readonly repository: FoundRepository;
  /** Folder of the configuration file, else of the repository: what paths are relative to. */
  readonly root: string;
  readonly configuration: Configuration;
  readonly env: CommandWorld['env'];
}

export type Project = OpenedProject | { readonly ok: false; readonly problems: readonly string[] };

/** Repository, configuration file, `.env`, variables and flags, put together; every problem at once. */
export async function openProject(
  world: CommandWorld,
  flags: Readonly<Record<string, string | undefined>>,
): Promise<Project> {
  const found = findRepository(world.cwd);
  const root = configuredFolder(world.cwd, found) ?? found.root;
  const repository = found.git ? found : { root, git: false };
  const withFile = await withDotEnv(root, world.env);
  const known = { rules: [...registry.values()], layouts: [...layouts.keys()] };
  const loaded = await loadConfiguration(root, known);
  const given: Flags = {
    directory: flags['directory'],
    layout: flags['layout'],
    runner: flags['runner'],
    dialect: flags['dialect'],
    targetVersion: flags['target-version'],
    sizes: flags['sizes'],
    shadow: flags['shadow'],
    failOn: flags['fail-on'],
  };
  const env = 'problem' in withFile ? world.env : withFile.env;
  if (!('problem' in withFile))
    for (const ignored of withFile.ignored) world.printError(`warning: ${placed(ignored)}\n`);
  const resolved = resolveConfiguration({
    flags: given,
    env,
    file: loaded.ok ? loaded.file : undefined,
    snapshot: flags['snapshot'],
    layouts: known.layouts,
  });
  // All mistakes at once, wherever they are: who mends one should not meet the next in another run.
  const problems = [
    ...('problem' in withFile ? [placed(withFile.problem)] : []),
    ...(loaded.ok ? [] : loaded.problems.map(placed)),
    ...(resolved.ok ? [] : resolved.problems.map(({ message }) => visibleLine(message))),
  ];
  if (!resolved.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, repository, root, configuration: resolved.configuration, env };
}

function placed({ path, line, column, message }: ConfigurationProblem): string {
  return visibleLine(`${path}:${line}:${column} ${message}`);
}

/**
 * The nearest folder with a configuration file, from here up to the repository's root: a repository may hold
 * several projects. Without git there is no such bound.
 */
function configuredFolder(cwd: string, { root, git }: FoundRepository): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (CONFIGURATION_FILES.some((name) => existsSync(join(folder, name)))) return folder;
    if ((git && folder === root) || folder === dirname(folder)) return undefined;
  }
}
