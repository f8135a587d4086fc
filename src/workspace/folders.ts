import { dirname } from 'node:path/posix';
import type { Configuration } from '../configuration/configuration.ts';
import { locateMigrations, type ProposedFolder } from '../migration/locate.ts';
import type { NotAnalysedEntry } from '../report/result.ts';
import { listRepository } from './repository.ts';
import type { GitEnvironment } from './run-git.ts';

export interface FolderQuestion {
  readonly root: string;
  readonly configuration: Pick<Configuration, 'directories'>;
  /** Changed files, relative to the root. */
  readonly changed?: readonly string[] | undefined;
  /** Files named one by one. */
  readonly files?: readonly string[] | undefined;
  readonly env: GitEnvironment;
}

export type Folders =
  | {
      readonly ok: true;
      readonly directories: readonly string[];
      readonly notAnalysed: readonly NotAnalysedEntry[];
    }
  | {
      readonly ok: false;
      readonly reasonCode: 'folder-missing';
      readonly message: string;
      readonly next: string;
      /** There are folders that look like migrations, but not like those of the application. */
      readonly doubtful: boolean;
    };

const NEXT = 'name the folder: airlock validate --directory <folder>, or directory: in migration.config.yml';

/**
 * The migrations folders of a run: those of the configuration; else those that hold the named files; else
 * those found in the repository, and of these the ones that the change touches. A folder that looks like
 * migrations and is passed over is said as not analysed.
 */
export async function foldersToRead(question: FolderQuestion): Promise<Folders> {
  const { configuration, files, changed } = question;
  if (configuration.directories) return { ok: true, directories: configuration.directories, notAnalysed: [] };
  if (files) return { ok: true, directories: [...new Set(files.map(folderOf))], notAnalysed: [] };
  const { paths, complete } = await listRepository({ root: question.root, git: true }, question.env);
  const proposals = locateMigrations(paths);
  const likely = proposals.filter((proposal) => proposal.likely);
  const touched =
    changed && proposals.filter(({ directory }) => changed.some((path) => isBelow(path, directory)));
  const chosen =
    touched && touched.length > 0
      ? touched.filter((proposal) => proposal.likely || likely.length === 0)
      : likely;
  if (chosen.length > 0)
    return {
      ok: true,
      directories: chosen.map(({ directory }) => directory),
      notAnalysed: passedOver(touched ?? [], chosen),
    };
  const bound = complete ? '' : ' (the repository has more files than were looked at)';
  const [first] = proposals;
  if (!first) return refuse(`No migrations were found in this repository${bound}.`, NEXT, false);
  const shown = proposals.slice(0, 3).map(({ directory }) => directory || '.');
  const more = proposals.length > 3 ? ` and ${proposals.length - 3} more` : '';
  return refuse(
    `No folder here is surely that of the application's migrations${bound}. What looks like some are examples, tests, single files or another database's: ${shown.join(', ')}${more}.`,
    `name the folder that is meant: airlock validate --directory ${first.directory || '.'}`,
    true,
  );
}

function refuse(message: string, next: string, doubtful: boolean): Folders {
  return { ok: false, reasonCode: 'folder-missing', message, next, doubtful };
}

function passedOver(
  touched: readonly ProposedFolder[],
  chosen: readonly ProposedFolder[],
): NotAnalysedEntry[] {
  return touched
    .filter((proposal) => !chosen.includes(proposal))
    .map(({ directory }) => ({
      file: directory || '.',
      line: 1,
      reason: `looks like migrations, but not like those of the application; ${NEXT}`,
    }));
}

/** The migrations folder that a named file belongs to: the one above for layouts that give each migration a folder. */
function folderOf(file: string): string {
  const [proposal] = locateMigrations([file]);
  if (proposal) return proposal.directory;
  const folder = dirname(file);
  return folder === '.' ? '' : folder;
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}
