import { execFile } from 'node:child_process';
import { readdir, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { BARE_ENVIRONMENT } from './bare-environment.ts';

/** `initdb` and `postgres` of one installation. */
export interface PostgresBinaries {
  /** The folder that holds both. */
  readonly folder: string;
  readonly major: number;
  /** "18.4". */
  readonly version: string;
}

export interface BinariesFound {
  /** Undefined: none that can be used. */
  readonly chosen: PostgresBinaries | undefined;
  readonly seen: readonly PostgresBinaries[];
  /** In words for the report: what was taken and why, or what is missing. */
  readonly because: string;
}

/** Proofs are promised from this major version on. */
const OLDEST_MAJOR = 15;
/** Milliseconds for a program to say its version. */
const ASKING = 10_000;

/** Where each major version has a folder of its own: Debian, RHEL, SUSE and Alpine, Homebrew (arm64, x64), Postgres.app. */
const PLACES: readonly (readonly [parent: string, entry: RegExp])[] = [
  ['/usr/lib/postgresql', /^\d+$/],
  ['/usr', /^pgsql-\d+$/],
  ['/usr/lib', /^postgresql\d+$/],
  ['/usr/libexec', /^postgresql\d+$/],
  ['/opt/homebrew/opt', /^postgresql(?:@\d+)?$/],
  ['/usr/local/opt', /^postgresql(?:@\d+)?$/],
  ['/Applications/Postgres.app/Contents/Versions', /^\d+$/],
];

const run = promisify(execFile);

/**
 * Folders where PostgreSQL's server programs may be.
 *
 * @param path the variable PATH. What a package or the working folder puts there is not looked at: a pull request
 *   could have written it.
 */
export async function usualFolders(path: string | undefined): Promise<string[]> {
  const named = (path ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !folder.split('/').includes('node_modules'));
  const installed = await Promise.all(
    PLACES.map(async ([parent, entry]) =>
      (await entriesOf(parent)).filter((name) => entry.test(name)).map((name) => join(parent, name, 'bin')),
    ),
  );
  return [...named, ...installed.flat()];
}

/** Looks for PostgreSQL's server programs in the folders, and takes those of the target's major version, else the newest. */
export async function findBinaries(
  folders: readonly string[],
  target?: number | undefined,
): Promise<BinariesFound> {
  const found = await Promise.all([...new Set(folders)].map(binariesIn));
  const seen = new Map<string, PostgresBinaries>();
  for (const binaries of found) if (binaries) seen.set(binaries.folder, binaries);
  return chooseBinaries([...seen.values()], target);
}

/** @param target major version of the database that the change is for */
export function chooseBinaries(
  seen: readonly PostgresBinaries[],
  target?: number | undefined,
): BinariesFound {
  const usable = seen.filter(({ major }) => major >= OLDEST_MAJOR).sort((a, b) => newerFirst(a, b));
  const fitting = target === undefined ? undefined : usable.find(({ major }) => major === target);
  const chosen = fitting ?? usable[0];
  const listed = seen.length === 0 ? 'none' : [...seen].sort(newerFirst).map(said).join(', ');
  if (!chosen)
    return {
      chosen,
      seen,
      because:
        seen.length === 0
          ? 'no PostgreSQL server programs were found on this machine'
          : `PostgreSQL ${OLDEST_MAJOR} or newer is needed, and on this machine are: ${listed}`,
    };
  const why = fitting
    ? 'the major version of the target'
    : target === undefined
      ? `the newest of: ${listed}`
      : `the newest, as the target's version ${target} is not among: ${listed}`;
  return { chosen, seen, because: `PostgreSQL ${chosen.version} in ${chosen.folder}, ${why}` };
}

function said({ version, folder }: PostgresBinaries): string {
  return `${version} (${folder})`;
}

function newerFirst(a: PostgresBinaries, b: PostgresBinaries): number {
  return b.major - a.major || b.version.localeCompare(a.version, 'en', { numeric: true });
}

/** Undefined where the folder does not hold both programs, or they do not run on this machine. */
async function binariesIn(written: string): Promise<PostgresBinaries | undefined> {
  try {
    // Links in /usr/local/bin and the like lead to the folder that holds all of them.
    const postgres = await realpath(join(written, 'postgres'));
    const folder = join(postgres, '..');
    await realpath(join(folder, 'initdb'));
    const { stdout } = await run(postgres, ['--version'], {
      env: BARE_ENVIRONMENT,
      timeout: ASKING,
      cwd: '/',
    });
    const [, version, major] = /\(PostgreSQL\) ((\d+)[^\s]*)/.exec(stdout) ?? [];
    return version === undefined ? undefined : { folder, version, major: Number(major) };
  } catch (error) {
    // Not there, not ours to run, built for another machine: all the same to who looks for one that works.
    if (error instanceof Error && ('code' in error || 'signal' in error)) return undefined;
    throw error;
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
