import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { checkedOutCommit } from './checkout.ts';
import { blobBytes } from './content.ts';
import type { ActionEvent } from './event.ts';
import { describeFailure, type GitHub } from './github.ts';
import { filesOfCommit, type TreeFile } from './trees.ts';

/** Where the files under review lie on this machine. */
export type Sources =
  | { readonly ok: true; readonly root: string; readonly said: string }
  | { readonly ok: false; readonly message: string; readonly next: string };

export interface SourceSettings {
  readonly event: ActionEvent;
  readonly github: GitHub | undefined;
  readonly workspace: string;
  /** GITHUB_SHA: on pull_request the merge commit that actions/checkout stands at. */
  readonly githubSha: string | undefined;
  /** Folder that may be written to, RUNNER_TEMP. */
  readonly temporary: string;
  /** Undefined: not known before the files are looked at. */
  readonly directories: readonly string[] | undefined;
}

/** One request a file: more than this would use up the token's 1,000 requests an hour. */
const MOST_DOWNLOADS = 500;
const KINDS = new Set(['.sql', '.toml', '.conf', '.plan']);

/**
 * The checkout, where it stands at the commit under review. Else the files come through the API, as data, into a
 * folder of their own: always on pull_request_target, where nothing of the head may be checked out.
 */
export async function prepareSources(settings: SourceSettings): Promise<Sources> {
  const { event, workspace, githubSha, github } = settings;
  const standsAt = await checkedOutCommit(workspace);
  const privileged = event.kind === 'pull-request' && event.privileged;
  if (!privileged && standsAt !== undefined && (standsAt === event.head || standsAt === githubSha)) {
    return { ok: true, root: workspace, said: `Files were read from the checkout at ${standsAt.slice(0, 12)}.` };
  }
  if (github === undefined) {
    const message = `The checkout does not stand at ${event.head.slice(0, 12)}, and there is no token to read its files with.`;
    return { ok: false, message, next: privileged ? 'give the input github-token' : 'add a step: uses: actions/checkout@v6' };
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

async function download({ event, workspace, temporary, directories }: SourceSettings, github: GitHub): Promise<Sources> {
  const tree = await filesOfCommit(github, event.head);
  const next = 'name the folder of the migrations in the input "directory"';
  if (tree === undefined) return { ok: false, message: 'The repository is too large for one request.', next };
  const wanted = migrationFiles(tree, directories).filter(({ path }) => isSafe(path));
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
  const said = `Files of ${event.head.slice(0, 12)} were read as data (${how}); nothing of that commit was checked out or run.`;
  return { ok: true, root, said };
}

/** What migrations can consist of: all of the named folders, else SQL files, their settings, and what lies beside them. */
export function migrationFiles(tree: readonly TreeFile[], directories: readonly string[] | undefined): TreeFile[] {
  const named = directories?.filter((directory) => directory !== '');
  if (named !== undefined && named.length === directories?.length) {
    return tree.filter(({ path }) => named.some((directory) => path.startsWith(`${directory}/`)));
  }
  const folders = new Set(tree.filter(({ path }) => path.endsWith('.sql')).map(({ path }) => posix.dirname(path)));
  return tree.filter(({ path }) => {
    const besideSql = folders.has(posix.dirname(path)) && posix.dirname(path) !== '.';
    return besideSql || KINDS.has(posix.extname(path)) || posix.basename(path) === '_journal.json';
  });
}

/** A tree made by hand can hold any name; only plain relative paths are written. */
function isSafe(path: string): boolean {
  const parts = path.split('/');
  return !/[\0\\:]/.test(path) && parts.every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}

async function sameInWorkspace(workspace: string, { path, sha }: TreeFile): Promise<Buffer | undefined> {
  const bytes = await readFile(join(workspace, path)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const id = createHash(sha.length === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return id === sha ? bytes : undefined;
}

async function store(root: string, path: string, bytes: Buffer): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
}
