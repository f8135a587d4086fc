import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { visibleLine } from '../report/visible.ts';
import { codeOf, explain } from './read-folder.ts';

export type NamedFiles =
  /** Relative to the root; undefined where none was named. */
  | { readonly ok: true; readonly paths?: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Files as typed on a command line in `cwd`. All that is wrong with them is told at once. */
export function namedFiles(operands: readonly string[], cwd: string, root: string): NamedFiles {
  if (operands.length === 0) return { ok: true };
  const problems: string[] = [];
  const paths = operands.map((operand) => {
    const full = resolve(cwd, operand);
    const path = pathBelow(root, full);
    const shown = visibleLine(operand);
    const kind = path === undefined ? 'outside' : kindOf(full);
    if (kind === 'outside') problems.push(`${shown} lies outside the repository ${root}.`);
    else if (kind === 'missing') problems.push(`${shown}: there is no such file.`);
    else if (kind === 'folder')
      problems.push(
        `${shown} is a folder.\nType: airlock validate --directory ${visibleLine(path ?? '') || '.'}`,
      );
    else if (kind !== 'file') problems.push(`${shown} cannot be read: ${kind}.`);
    return path ?? operand;
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, paths };
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
