import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import { locateMigrations } from '../migration/locate.ts';
import { visibleLine } from '../report/visible.ts';
import { codeOf, explain } from './read-folder.ts';
import { listRepository } from './repository.ts';
import type { GitEnvironment } from './run-git.ts';

export type NamedFiles =
  | {
      readonly ok: true;
      /** Relative to the root; undefined where none was named. */
      readonly paths?: readonly string[];
      /** A folder was named, and stands for the migrations in it. */
      readonly whole: boolean;
    }
  | { readonly ok: false; readonly problems: readonly string[]; readonly next: string };

const NEXT = 'name migrations, or folders that hold some, or nothing for all of them: airlock validate';

interface Place {
  readonly cwd: string;
  readonly root: string;
  readonly configuration: Pick<Configuration, 'directories'>;
  readonly env: GitEnvironment;
}

/** Files and folders as typed on a command line in `cwd`. All that is wrong with them is told at once. */
export async function namedFiles(operands: readonly string[], place: Place): Promise<NamedFiles> {
  if (operands.length === 0) return { ok: true, whole: false };
  const { cwd, root } = place;
  const problems: string[] = [];
  const paths: string[] = [];
  let whole = false;
  for (const operand of operands) {
    const full = resolve(cwd, operand);
    const path = pathBelow(root, full);
    const shown = visibleLine(operand);
    const kind = path === undefined ? 'outside' : kindOf(full);
    if (path === undefined) problems.push(`${shown} lies outside the repository ${root}.`);
    else if (kind === 'missing') problems.push(`${shown}: there is no such file.`);
    else if (kind === 'folder') {
      const inside = await migrationsIn(path, place);
      if (inside.length > 0) paths.push(...inside);
      else problems.push(`${shown} is a folder without migrations.`);
      whole = true;
    } else if (kind === 'file') paths.push(path);
    else problems.push(`${shown} cannot be read: ${kind}.`);
  }
  return problems.length > 0 ? { ok: false, problems, next: NEXT } : { ok: true, paths, whole };
}

/** SQL files below a folder that stand in a migrations folder: one that the configuration names, else one that looks like it. */
async function migrationsIn(folder: string, { root, configuration, env }: Place): Promise<string[]> {
  const { paths } = await listRepository({ root, git: true }, env);
  const proposals = locateMigrations(paths).filter(
    ({ directory }) => isBelow(directory, folder) || isBelow(folder, directory),
  );
  const likely = proposals.filter((proposal) => proposal.likely);
  const directories =
    configuration.directories ?? (likely.length > 0 ? likely : proposals).map(({ directory }) => directory);
  return paths.filter(
    (path) =>
      path.endsWith('.sql') &&
      isBelow(path, folder) &&
      directories.some((directory) => isBelow(path, directory)) &&
      existsSync(join(root, path)),
  );
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Or why it cannot be opened, in words. */
function kindOf(full: string): string {
  try {
    const stats = statSync(full, { throwIfNoEntry: false });
    if (stats === undefined) return 'missing';
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'it is a pipe, socket or device';
  } catch (error) {
    return explain(codeOf(error));
  }
}

/** Undefined outside the root. Typed through a link to the repository, a file is inside all the same. */
function pathBelow(root: string, full: string): string | undefined {
  const folder = dirname(full);
  const candidates = [full, ...(existsSync(folder) ? [join(realpathSync(folder), basename(full))] : [])];
  return candidates
    .map((candidate) => relative(root, candidate))
    .find((path) => path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path))
    ?.split(sep)
    .join('/');
}
