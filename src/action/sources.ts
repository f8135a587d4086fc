import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { blobBytes } from './content.ts';
import type { ActionEvent } from './event.ts';
import { describeFailure } from './failure.ts';
import type { GitHub } from './github.ts';
import { filesOfCommit, type TreeFile } from './trees.ts';

/** Where the files under review lie on this machine. */
export type Sources =
  | { readonly ok: true; readonly root: string; readonly said: string }
  | { readonly ok: false; readonly message: string; readonly next: string };

export interface SourceSettings {
  readonly event: ActionEvent;
  readonly github: GitHub | undefined;
  /** GITHUB_WORKSPACE. */
  readonly workspace: string;
  /** The commit it stands at, where that holds what is under review. */
  readonly standsAt: string | undefined;
  /** Folder that may be written to, RUNNER_TEMP. */
  readonly temporary: string;
  /** Undefined: not known before the files are looked at. */
  readonly directories: readonly string[] | undefined;
  /** Files that the configuration names. */
  readonly named: readonly string[];
}

/** One request a file: more than this would use up the token's 1,000 requests an hour. */
const MOST_DOWNLOADS = 500;
const KINDS = new Set(['.sql', '.toml', '.conf', '.plan']);

/**
 * The checkout, where it stands at the commit under review. Else the files come through the API, as data, into a
 * folder of their own: always on pull_request_target, where nothing of the head may be checked out.
 */
export async function prepareSources(settings: SourceSettings): Promise<Sources> {
  const { event, workspace, standsAt, github } = settings;
  if (standsAt !== undefined) {
    return {
      ok: true,
      root: workspace,
      said: `Files were read from the checkout at ${standsAt.slice(0, 12)}.`,
    };
  }
  if (github === undefined) {
    const message = `The checkout does not stand at ${event.head.slice(0, 12)}, and there is no token to read its files with.`;
    return {
      ok: false,
      message,
      next: 'give the input github-token, or add a step: uses: actions/checkout@v6',
    };
  }
  try {
    return await download(settings, github);
  } catch (error) {
    return {
      ok: false,
      message: `The files of ${event.head.slice(0, 12)} could not be read through the API: ${describeFailure(error)}.`,
      next: 'give the job the permission "contents: read"',
    };
  }
}

async function download(
  { event, workspace, temporary, directories, named }: SourceSettings,
  github: GitHub,
): Promise<Sources> {
  const tree = await filesOfCommit(github, event.head);
  const next = 'name the folder of the migrations in the input "directory"';
  if (tree === undefined) return { ok: false, message: 'The repository is too large for one request.', next };
  const files = [...migrationFiles(tree, directories), ...tree.filter(({ path }) => named.includes(path))];
  const wanted = files.filter(({ path }) => isSafe(path));
  const root = await mkdtemp(join(temporary, 'airlock-'));
  const missing: TreeFile[] = [];
  for (const file of wanted) {
    const same = await sameInWorkspace(workspace, file);
    if (same === undefined) missing.push(file);
    else await store(root, file.path, same);
  }
  if (missing.length > MOST_DOWNLOADS) {
    const message = `${missing.length} files would have to be read one by one through the API; ${MOST_DOWNLOADS} is the most.`;
    return { ok: false, message, next: `${next}, or check out the base commit with actions/checkout first` };
  }
  await Promise.all(missing.map(async ({ path, sha }) => store(root, path, await blobBytes(github, sha))));
  const how = `${missing.length} read through the API, ${wanted.length - missing.length} the same in the checkout`;
  const refused = files.length - wanted.length;
  const hostile = refused > 0 ? ` ${refused} paths that no checkout could hold were left out.` : '';
  const said = `Files of ${event.head.slice(0, 12)} were read as data (${how}); nothing of that commit was checked out or run.${hostile}`;
  return { ok: true, root, said };
}

/** What migrations can consist of: all of the named folders, else SQL files, their settings, and what lies beside them. */
export function migrationFiles(
  tree: readonly TreeFile[],
  directories: readonly string[] | undefined,
): TreeFile[] {
  if (directories !== undefined && !directories.includes('')) {
    return tree.filter(({ path }) => directories.some((directory) => path.startsWith(`${directory}/`)));
  }
  const folders = new Set(
    tree.filter(({ path }) => path.endsWith('.sql')).map(({ path }) => posix.dirname(path)),
  );
  return tree.filter(({ path }) => {
    const besideSql = folders.has(posix.dirname(path)) && posix.dirname(path) !== '.';
    return besideSql || KINDS.has(posix.extname(path)) || posix.basename(path) === '_journal.json';
  });
}

/** A tree made by hand can hold any name; only plain relative paths are written. */
function isSafe(path: string): boolean {
  const parts = path.split('/');
  return (
    !/[\0\\:]/.test(path) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git')
  );
}

async function sameInWorkspace(workspace: string, { path, sha }: TreeFile): Promise<Buffer | undefined> {
  const bytes = await readFile(join(workspace, path)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const id = createHash(sha.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
  return id === sha ? bytes : undefined;
}

async function store(root: string, path: string, bytes: Buffer): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
}
