import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Layout, LayoutFolder } from '../migration/layout.ts';
import { airlock } from '../migration/layouts/airlock.ts';
import { layouts } from '../migration/layouts/registry.ts';
import { writeMigration } from '../migration/write-migration.ts';
import { visibleLine } from '../report/visible.ts';
import { identifier, shortened } from '../rules/shared/names.ts';
import { RESERVED_WORDS } from '../rules/shared/reserved-words.ts';
import { detectInRepository } from '../workspace/detect.ts';
import { foldersToRead } from '../workspace/folders.ts';
import { readFolder } from '../workspace/read-folder.ts';
import { writeNew } from '../workspace/write-new.ts';
import { CORRECT_IT, choice, defineCommand, exitCodes, refuse, yes } from './command.ts';
import { configurationFlags, type OpenedProject, openProject } from './project.ts';

const types = ['ddl', 'dml', 'function'] as const;

export const command = defineCommand({
  name: 'create',
  summary: 'write a new migration from the template',
  operands: {
    name: 'name',
    help: 'what it does: add_user_preferences, or words in quotes',
    required: true,
    many: false,
  },
  flags: {
    type: {
      schema: choice(types),
      value: '<type>',
      help: 'ddl (default), dml or function: what the template shows',
    },
    breaking: { schema: yes, help: 'mark it as a breaking change' },
    directory: configurationFlags.directory,
    layout: configurationFlags.layout,
  },
  examples: [
    ['airlock create add_user_preferences', 'a file with metadata, UP, DOWN and VERIFY'],
    ['airlock create "backfill order totals" --type dml', 'a template for a data change'],
  ],
  async run({ operands, flags }, world) {
    const { type, breaking, ...settings } = flags;
    const name = snakeCase(operands[0] ?? '');
    if (name === undefined)
      return refuse(
        world,
        [`"${visibleLine(operands[0] ?? '')}" holds no letter or digit to name a file with.`],
        'airlock create add_user_preferences',
      );
    const project = await openProject(world, settings);
    if (!project.ok) return refuse(world, project.problems, CORRECT_IT);
    const place = await placeFor(project);
    if ('problem' in place) return refuse(world, [place.problem]);
    const { layout, folder } = place;
    if (!layout.write || !layout.nextId)
      return refuse(
        world,
        [
          `Airlock does not write files in the layout of ${layout.title}: its own tool keeps more than the file.`,
        ],
        `write it with ${layout.title}, then airlock validate --changed-since origin/main`,
      );
    const last = layout
      .read(folder, project.configuration.layouts)
      .migrations.findLast(({ repeatable }) => !repeatable)?.id;
    const { author } = await import('../workspace/git.ts');
    const who = (await author({ root: project.repository.root, env: project.env })) ?? 'unknown';
    const written = writeMigration(layout, folder, {
      id: layout.nextId(last, world.now()),
      name,
      ...template(type ?? 'ddl', name),
      noTransaction: false,
      metadata: {
        author: who,
        description: name.replaceAll('_', ' '),
        breakingChange: breaking === true,
        estimatedDuration: 1000,
        dataVolume: 'small',
        risk: breaking ? 'high' : 'low',
        tags: [type === 'dml' ? 'data' : 'schema'],
      },
    });
    const made = written ?? [];
    const problem = writeNew(made, project.root);
    if (problem !== undefined) return refuse(world, [problem]);
    const shown = made.map(({ path }) => relative(world.cwd, join(project.root, path)));
    world.print(
      `${shown.map((path) => `created ${visibleLine(path)}`).join('\n')}\nnext: write the SQL, then airlock validate ${shellWord(shown[0] ?? '')}\n`,
    );
    return exitCodes.done;
  },
});

/** Lower-case words joined by underscores; undefined where nothing is left. */
function snakeCase(words: string): string | undefined {
  const name = words
    .normalize('NFKD')
    // Letters keep their base: "Größe" becomes grosse.
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 80);
  return name === '' ? undefined : name;
}

function shellWord(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${visibleLine(path).replaceAll("'", "'\\''")}'`;
}

type Place = { readonly layout: Layout; readonly folder: LayoutFolder } | { readonly problem: string };

/** The folder and layout of what is there; `migrations/` in Airlock's own format where nothing is. */
async function placeFor({ root, configuration, env }: OpenedProject): Promise<Place> {
  const named = configuration.layout === undefined ? undefined : layouts.get(configuration.layout);
  const located = await foldersToRead({ root, configuration, env });
  const directory = located.ok ? located.directories[0] : undefined;
  if (located.ok && located.directories.length > 1)
    return {
      problem: `There are several migrations folders: ${located.directories.map((each) => each || '.').join(', ')}.\nnext: airlock create <name> --directory ${directory || '.'}`,
    };
  const empty: LayoutFolder = {
    directory: directory ?? 'migrations',
    paths: [],
    read: (path) => ({ file: path, line: 1, reason: 'does not exist' }),
  };
  if (directory === undefined || !existsSync(join(root, directory)))
    return { layout: named ?? airlock, folder: empty };
  const read = readFolder({ root, directory });
  if (!read.ok) return { problem: `${read.message}\nnext: ${read.next}` };
  if (named) return { layout: named, folder: read.folder };
  const detection = await detectInRepository(read.folder, root, env);
  if (detection.status === 'found') return { layout: detection.layout, folder: read.folder };
  if (detection.status === 'unknown') {
    if (!read.folder.paths.some((path) => path.endsWith('.sql')))
      return { layout: airlock, folder: read.folder };
    return {
      problem: `The layout of ${directory} is not known: ${detection.why}.\nnext: airlock create <name> --layout <layout>`,
    };
  }
  return {
    problem: `The files of ${directory} could be ${detection.candidates.map(({ layout }) => layout.id).join(' or ')}.\nnext: airlock create <name> --layout ${detection.candidates[0]?.layout.id}`,
  };
}

interface Template {
  readonly up: string;
  readonly down: string;
  readonly verify?: string;
}

function template(type: (typeof types)[number], name: string): Template {
  switch (type) {
    case 'ddl':
      return tableTemplate(name);
    case 'dml':
      return {
        up: '-- Change rows in batches by key, so that no lock is held for long:\n-- UPDATE orders SET total = subtotal + tax WHERE id BETWEEN 1 AND 10000 AND total IS NULL;',
        down: '-- UPDATE orders SET total = NULL WHERE id BETWEEN 1 AND 10000;',
      };
    case 'function': {
      const made = name
        .replace(/^(?:create|add|new)_(?:function_)?(?=.)/, '')
        .replace(/(?<=.)_function$/, '');
      return {
        up: `CREATE OR REPLACE FUNCTION ${sqlName(made)}() RETURNS void\nLANGUAGE plpgsql\nSET search_path = pg_catalog, public\nAS $$\nBEGIN\n  NULL;\nEND\n$$;`,
        down: `DROP FUNCTION IF EXISTS ${sqlName(made)}();`,
        verify: `SELECT 1 / count(*) FROM pg_proc WHERE proname = '${shortened(made)}';`,
      };
    }
  }
}

/** What the words of the name say is done: a column for a table, a table, or something that only the author knows. */
function tableTemplate(name: string): Template {
  const [, column, to] = /^add_(?:column_)?(.+?)_to_(.+)$/.exec(name) ?? [];
  if (column !== undefined && to !== undefined)
    return {
      up: `ALTER TABLE ${sqlName(to)} ADD COLUMN ${sqlName(column)} text;`,
      down: `ALTER TABLE ${sqlName(to)} DROP COLUMN IF EXISTS ${sqlName(column)};`,
      verify: `SELECT 1 / count(*) FROM information_schema.columns WHERE table_name = '${shortened(to)}' AND column_name = '${shortened(column)}';`,
    };
  if (/^(?:alter|change|drop|fix|index|move|remove|rename|replace|set|split|update|validate)_/.test(name))
    return {
      up: '-- Write the change here:\n-- ALTER TABLE orders ADD COLUMN note text;',
      down: '-- And here what takes it back:\n-- ALTER TABLE orders DROP COLUMN IF EXISTS note;',
    };
  const table = name.replace(/^(?:create|add|new|make)_(?:table_)?(?=.)/, '').replace(/(?<=.)_table$/, '');
  return {
    up: `CREATE TABLE ${sqlName(table)} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY\n);`,
    down: `DROP TABLE IF EXISTS ${sqlName(table)};`,
    verify: `SELECT 1 / count(*) FROM pg_tables WHERE tablename = '${shortened(table)}';`,
  };
}

function sqlName(name: string): string {
  return RESERVED_WORDS.has(name) ? `"${name}"` : identifier(shortened(name));
}
