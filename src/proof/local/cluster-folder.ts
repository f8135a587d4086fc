import { readlinkSync } from 'node:fs';
import { chown, lstat, mkdir, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, mayUse } from './account.ts';

export type FolderMade =
  | { readonly ok: true; readonly folder: string }
  | { readonly ok: false; readonly reason: string };

/** Bytes that have to be free: a cluster takes some 60 MB and each copy of its database 8, before anything is in it. */
const LEAST_ROOM = 512 * 1024 * 1024;
/** Bytes that a Unix socket's path may have where it is shortest (sun_path of macOS, 104 with its end). */
const LONGEST_SOCKET = 103;

/** Memory first, where Linux mounts it: copying a database is many times faster there. */
export const USUAL_PARENTS: readonly string[] = ['/dev/shm', tmpdir(), '/tmp'];

/**
 * A temporary folder that only the account may enter, with a folder `socket` in it. Its name tells who made it, so
 * that it can be removed when nobody lives who would do it.
 */
export async function makeFolder(parents: readonly string[], account: Account): Promise<FolderMade> {
  const refused: string[] = [];
  for (const parent of new Set(parents)) {
    const reason = (await unfit(parent)) ?? (await makeIn(parent, account));
    if (typeof reason === 'object') return { ok: true, folder: reason.folder };
    refused.push(`${parent} ${reason}`);
  }
  return { ok: false, reason: `there is no room for a temporary cluster: ${refused.join('; ')}` };
}

/** Removes what processes of this machine left behind that do not live any more, and were not able to remove it. */
export async function sweep(parents: readonly string[], account: Account): Promise<void> {
  const owners = [process.getuid?.(), account?.uid];
  for (const parent of new Set(parents))
    for (const name of await namesIn(parent)) {
      const [, where, pid] = /^airlock-shadow-(\d+)-(\d+)-/.exec(name) ?? [];
      if (where !== namespace() || isAlive(Number(pid))) continue;
      const folder = join(parent, name);
      const { uid, directory } = await ownerOf(folder);
      // PostgreSQL ends itself within a minute when its folder is gone.
      if (directory && owners.includes(uid))
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
}

/** Why not, or undefined. */
async function unfit(parent: string): Promise<string | undefined> {
  // PostgreSQL reads the setting as a list with commas.
  if (!/^\/[\w./+-]*$/.test(parent)) return 'has a name that PostgreSQL cannot take a socket in';
  const socket = join(parent, `${prefix()}XXXXXX`, 'socket', '.s.PGSQL.5432');
  if (socket.length > LONGEST_SOCKET) return 'has too long a name for a Unix socket';
  try {
    const { bavail, bsize } = await statfs(parent);
    if (bavail * bsize < LEAST_ROOM) return `has less than ${LEAST_ROOM / 1024 / 1024} MB free`;
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 'is not there';
    throw error;
  }
}

async function makeIn(parent: string, account: Account): Promise<string | { readonly folder: string }> {
  let folder: string;
  try {
    // Mode 0700 (mkdtemp of the C library).
    folder = await mkdtemp(join(parent, prefix()));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return `cannot be written to (${String(error.code)})`;
    throw error;
  }
  await mkdir(join(folder, 'socket'), { mode: 0o700 });
  if (account) {
    await chown(join(folder, 'socket'), account.uid, account.gid);
    await chown(folder, account.uid, account.gid);
  }
  // Its guard, which removes it, is that account too.
  if ((await mayUse(folder, account)) && (await mayUse(parent, account))) return { folder };
  await rm(folder, { recursive: true });
  return `cannot be used by user id ${account?.uid}`;
}

function prefix(): string {
  return `airlock-shadow-${namespace()}-${process.pid}-`;
}

/** Process ids mean something within one namespace: a folder may be shared with other containers. */
function namespace(): string {
  if (process.platform !== 'linux') return '0';
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '0';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

/** Of the entry itself: a link is not followed. */
async function ownerOf(path: string): Promise<{ uid: number | undefined; directory: boolean }> {
  try {
    const found = await lstat(path);
    return { uid: found.uid, directory: found.isDirectory() };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { uid: undefined, directory: false };
    throw error;
  }
}
