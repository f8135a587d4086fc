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
import { CORRECT_IT, defineCommand, exitCodes, refuse } from './command.ts';
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
    if (!project.ok) return refuse(world, project.problems, CORRECT_IT);
    const found = await look(project);
    if ('problem' in found) return refuse(world, [found.problem]);
    const plans = [
      {
        root: project.root,
        path: 'migration.config.yml',
        text: configurationText(found),
        names: CONFIGURATION_FILES,
      },
      { root: project.repository.root, path: WORKFLOW, text: workflowText(), names: [WORKFLOW] },
    ];
    // Git keeps no empty folder, and a configuration that names one which is not there is a mistake.
    const keep = `${found.directory}/.gitkeep`;
    if (!existsSync(join(project.root, found.directory)))
      plans.push({ root: project.root, path: keep, text: '', names: [keep] });
    // A file that exists stays as it is; of the others all are written, or none.
    const kept = plans.map(({ root, names }) => names.find((name) => existsSync(join(root, name))));
    const top = project.repository.root;
    const missing = plans
      .filter((_, index) => kept[index] === undefined)
      .map(({ root, path, text }) => ({ path: relative(top, join(root, path)), text }));
    const problem = writeNew(missing, top);
    if (problem !== undefined) return refuse(world, [problem]);
    const said = plans.map(({ root, path }, index) => {
      const shown = relative(world.cwd, join(root, kept[index] ?? path));
      return kept[index] === undefined ? `created ${shown}` : `kept    ${shown} (it exists already)`;
    });
    const paths = plans.map(({ root, path, names }) =>
      relative(world.cwd, join(root, names.find((name) => existsSync(join(root, name))) ?? path)),
    );
    // Not all that was merged long ago: what is new is what can still be mended.
    const first =
      found.count === 0
        ? 'airlock create my_first_migration'
        : 'airlock validate --changed-since origin/main';
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
    if (!located.ok && located.doubtful)
      return { problem: `${located.message}\nnext: airlock init --directory <folder>` };
    const layout = configuration.layout ?? 'airlock';
    return {
      directory: directory ?? 'migrations',
      layout,
      count: 0,
      said: `No migrations yet: they will be in ${directory ?? 'migrations'}/, in the layout ${layout}.`,
    };
  }
  const read = readFolder({ root, directory });
  if (!read.ok) return { problem: `${read.message}\nnext: ${read.next}` };
  const others =
    located.directories.length > 1
      ? ` (also found: ${located.directories.slice(1).join(', ')}; list them under directory: to check them too)`
      : '';
  if (configuration.layout === undefined) {
    const detection = await detectInRepository(read.folder, root, env);
    if (detection.status === 'unknown')
      return {
        problem: `The layout of ${directory} is not known: ${detection.why}.\nnext: airlock init --layout <layout>`,
      };
    if (detection.status === 'ambiguous') {
      const [first] = detection.candidates;
      return {
        problem: `The files of ${directory} could be ${detection.candidates.map(({ layout, why }) => `${layout.id} (${why})`).join(' or ')}.\nnext: airlock init --layout ${first?.layout.id}`,
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
