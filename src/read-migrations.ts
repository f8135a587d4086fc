import { type Configuration, runnerFor } from './configuration/configuration.ts';
import { seal } from './engine/prepare.ts';
import { duplicateIds } from './migration/duplicates.ts';
import type { Layout, LayoutFolder, LayoutReading } from './migration/layout.ts';
import { layouts } from './migration/layouts/registry.ts';
import type { UnreadFile } from './migration/migration.ts';
import type { SealedMigration } from './migration/plan.ts';
import { detectInRepository } from './workspace/detect.ts';
import { excludedBy } from './workspace/excluded.ts';
import { foldersToRead } from './workspace/folders.ts';
import { readFolder } from './workspace/read-folder.ts';

/** A folder of migrations, read whole. */
export interface ReadFolder {
  readonly directory: string;
  readonly folder: LayoutFolder;
  readonly reading: LayoutReading;
  /** Besides those that the layout did not understand. */
  readonly unread: readonly UnreadFile[];
}

export type ReadMigrations =
  | {
      readonly ok: true;
      readonly layout: Layout;
      /** Relative to the root. */
      readonly directory: string;
      /** In order of execution. */
      readonly migrations: readonly SealedMigration[];
      /** What they were taken from. */
      readonly read: ReadFolder;
    }
  | {
      readonly ok: false;
      readonly reasonCode:
        | 'folder-missing'
        | 'file-unreadable'
        | 'layout-unknown'
        | 'layout-ambiguous'
        | 'runner-native'
        | 'usage';
      readonly message: string;
      readonly next: string;
    };

/**
 * The migrations that Airlock runs: one folder, whose files it may execute. Two files with one id, and files that
 * cannot be read, are refused: what a run leaves out must not be an accident.
 */
export async function readMigrations(
  root: string,
  configuration: Configuration,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadMigrations> {
  const located = await foldersToRead({ root, configuration, env });
  if (!located.ok) return located;
  const [directory, other] = located.directories;
  if (directory === undefined || other !== undefined)
    return {
      ok: false,
      reasonCode: 'usage',
      message: `there are several migrations folders (${located.directories.map((each) => each || '.').join(', ')}), and a database has one.`,
      next: `name it: --directory ${directory || '.'}, or directory: in migration.config.yml`,
    };
  const read = readFolder({ root, directory, excluded: await excludedBy(configuration.exclude) });
  if (!read.ok) return read;
  const named = configuration.layout === undefined ? undefined : layouts.get(configuration.layout);
  const detection = named ? undefined : await detectInRepository(read.folder, root, env);
  if (detection && detection.status !== 'found')
    return {
      ok: false,
      reasonCode: detection.status === 'unknown' ? 'layout-unknown' : 'layout-ambiguous',
      message: `the layout of ${directory || 'the repository root'} is not known.`,
      next: 'name it: --layout <layout>, or layout: in migration.config.yml',
    };
  const layout = named ?? detection?.layout;
  if (!layout) throw new Error('a layout was named or detected');
  if (runnerFor(configuration, layout.id) === 'native')
    return {
      ok: false,
      reasonCode: 'runner-native',
      message: `the files of ${directory || 'the repository root'} are in the layout of ${layout.title}, whose own tool runs them.`,
      next: 'to have Airlock run them: --runner airlock, or runner: airlock in migration.config.yml',
    };
  const reading = layout.read(read.folder, configuration.layouts);
  const broken =
    [...reading.unread, ...read.unread].find((file) => file.broken) ??
    // A link, a pipe or a locked folder among the files: what it holds may be a migration.
    read.unread.find(({ file, reason }) => file.endsWith('.sql') || reason.startsWith('cannot be listed'));
  if (broken)
    return {
      ok: false,
      reasonCode: 'file-unreadable',
      message: `${broken.file}:${broken.line} ${broken.reason}.`,
      next: 'correct the file, or leave it out: exclude: in migration.config.yml',
    };
  const [twice] = duplicateIds(reading.migrations);
  if (twice)
    return {
      ok: false,
      reasonCode: 'usage',
      message: `${twice.file.path}: ${twice.message}.`,
      next: 'airlock validate',
    };
  return {
    ok: true,
    layout,
    directory,
    migrations: reading.migrations.map(seal),
    read: { directory, folder: read.folder, reading, unread: read.unread },
  };
}
