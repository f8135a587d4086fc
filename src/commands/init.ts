import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CONFIGURATION_FILES } from '../configuration/load.ts';
import { configurationText, workflowText } from '../configuration/templates.ts';
import { layouts } from '../migration/layouts/registry.ts';
import { plural } from '../report/order.ts';
import { detectInRepository } from '../workspace/detect.ts';
import { foldersToRead } from '../workspace/folders.ts';
import { readFolder } from '../workspace/read-folder.ts';
import { writeNew } from '../workspace/write-new.ts';
import { defineCommand, exitCodes } from './command.ts';
import { configurationFlags, type OpenedProject, openProject } from './project.ts';

export const command = defineCommand({
  name: 'init',
  summary: 'set a repository up: configuration and workflow',
  flags: { directory: configurationFlags.directory, layout: configurationFlags.layout },
  examples: [
    ['airlock init', 'finds the migrations, writes migration.config.yml and .github/workflows/airlock.yml'],
    ['airlock init --layout flyway --directory db/migration', 'where they cannot be told apart'],
  ],
  async run({ flags }, world) {
    const project = await openProject(world, flags);
    if (!project.ok) {
      for (const problem of project.problems) world.printError(`error: ${problem}\n`);
      return exitCodes.usage;
    }
    const found = await look(project);
    if ('problem' in found) {
      world.printError(`error: ${found.problem}\n`);
      return exitCodes.usage;
    }
    const plans = [
      {
        root: project.root,
        path: 'migration.config.yml',
        text: configurationText(found),
        names: CONFIGURATION_FILES,
      },
      { root: project.repository.root, path: WORKFLOW, text: workflowText(), names: [WORKFLOW] },
    ];
    const said: string[] = [];
    for (const { root, path, text, names } of plans) {
      const kept = names.find((name) => existsSync(join(root, name)));
      // A file that exists stays as it is.
      const problem = kept === undefined ? writeNew([{ path, text }], root) : undefined;
      if (problem !== undefined) {
        world.printError(`error: ${problem}\n`);
        return exitCodes.usage;
      }
      const shown = relative(world.cwd, join(root, kept ?? path));
      said.push(kept === undefined ? `created ${shown}` : `kept    ${shown} (it exists already)`);
    }
    const paths = plans.map(({ root, path, names }) =>
      relative(world.cwd, join(root, names.find((name) => existsSync(join(root, name))) ?? path)),
    );
    const first = found.count === 0 ? 'airlock create my_first_migration' : 'airlock validate';
    world.print(
      `${[found.said, ...said].join('\n')}\n\nNext:\n  ${first}\n  git add ${paths.join(' ')} && git commit -m "Check migrations with Airlock"\n  open a pull request that adds a migration: the findings appear on its lines.\n`,
    );
    return exitCodes.done;
  },
});

const WORKFLOW = '.github/workflows/airlock.yml';

interface Found {
  readonly directory: string;
  readonly layout: string;
  readonly count: number;
  readonly said: string;
}

async function look({
  root,
  configuration,
  env,
}: OpenedProject): Promise<Found | { readonly problem: string }> {
  const located = await foldersToRead({ root, configuration, env });
  const directory = located.ok ? located.directories[0] : undefined;
  if (!located.ok || directory === undefined || !existsSync(join(root, directory))) {
    if (!located.ok && located.message.includes('look like one'))
      return { problem: `${located.message}\nType: airlock init --directory <folder>` };
    const layout = configuration.layout ?? 'airlock';
    return {
      directory: directory ?? 'migrations',
      layout,
      count: 0,
      said: `No migrations yet: they will be in ${directory ?? 'migrations'}/, in the layout ${layout}.`,
    };
  }
  const read = readFolder({ root, directory });
  if (!read.ok) return { problem: `${read.message}\nNext: ${read.next}` };
  const others =
    located.directories.length > 1
      ? ` (also found: ${located.directories.slice(1).join(', ')}; list them under directory: to check them too)`
      : '';
  if (configuration.layout === undefined) {
    const detection = await detectInRepository(read.folder, root, env);
    if (detection.status === 'unknown')
      return {
        problem: `The layout of ${directory} is not known: ${detection.why}.\nType: airlock init --layout <layout>`,
      };
    if (detection.status === 'ambiguous') {
      const [first] = detection.candidates;
      return {
        problem: `The files of ${directory} could be ${detection.candidates.map(({ layout, why }) => `${layout.id} (${why})`).join(' or ')}.\nType: airlock init --layout ${first?.layout.id}`,
      };
    }
    const { layout, why } = detection;
    const { migrations } = layout.read(read.folder, configuration.layouts);
    return {
      directory,
      layout: layout.id,
      count: migrations.length,
      said: `Found ${plural(migrations.length, 'migration')} of ${layout.title} in ${directory}: ${why}${others}.`,
    };
  }
  const migrations =
    layouts.get(configuration.layout)?.read(read.folder, configuration.layouts).migrations ?? [];
  return {
    directory,
    layout: configuration.layout,
    count: migrations.length,
    said: `Found ${plural(migrations.length, 'migration')} in ${directory}, read as ${configuration.layout}${others}.`,
  };
}
