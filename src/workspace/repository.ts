import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type GitEnvironment, runGit } from './run-git.ts';

export interface FoundRepository {
  /** Absolute path: the folder that holds `.git`, else the folder that was asked about. */
  readonly root: string;
  readonly git: boolean;
}

/** `.git` is a folder, or a file in linked work trees and submodules. */
export function findRepository(cwd: string): FoundRepository {
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return { root: folder, git: true };
    if (folder === dirname(folder)) return { root: start, git: false };
  }
}

export interface RepositoryPaths {
  /** Relative to the root, sorted. */
  readonly paths: readonly string[];
  /** `walk`: git could not be asked, so ignored files are in the list too. */
  readonly source: 'git' | 'walk';
  /** False: the walk ended at its bound or met a folder that may not be listed, so there may be more files. */
  readonly complete: boolean;
}

const MOST_FILES = 100_000;
const MOST_DEPTH = 20;

/** All files of a repository, tracked or new but not those ignored: where migrations folders are looked for. */
export async function listRepository(
  { root, git }: FoundRepository,
  env: GitEnvironment,
): Promise<RepositoryPaths> {
  if (git) {
    const listed = await runGit(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      root,
      env,
      timeout: 30_000,
    });
    if (listed.ok) {
      const paths = new Set(listed.stdout.toString('utf8').split('\0'));
      paths.delete('');
      return { paths: [...paths].sort(), source: 'git', complete: true };
    }
  }
  return walk(root);
}

/** Breadth first, so that a bound cuts off the deepest files. Links, hidden folders and node_modules are left out. */
function walk(root: string): RepositoryPaths {
  const paths: string[] = [];
  let complete = true;
  let level = [''];
  for (let depth = 0; level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = entriesOf(join(root, folder));
      complete &&= entries !== undefined;
      for (const entry of entries ?? []) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isFile()) paths.push(path);
        else if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
          next.push(path);
      }
      if (paths.length > MOST_FILES)
        return { paths: paths.slice(0, MOST_FILES).sort(), source: 'walk', complete: false };
    }
    complete &&= depth < MOST_DEPTH || next.length === 0;
    level = depth < MOST_DEPTH ? next : [];
  }
  return { paths: paths.sort(), source: 'walk', complete };
}

/** Undefined: the folder may not be listed. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
