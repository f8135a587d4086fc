import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import type { Furnishing, Given } from '../database-shadow.ts';
import type { LaidBase } from './lay-base.ts';
import type { Piece } from './piece.ts';

/** A base that was laid once, and what was seen then. */
export interface CachedBase {
  readonly laid: LaidBase;
  readonly given: Given;
  /** A data directory as tar, compressed with zstd. */
  readonly kept: Uint8Array;
}

/** Where bases are kept beside the folder, for machines that begin with an empty one. */
export interface RemoteBases {
  /** Puts what is kept under the name at the paths; nothing where there is nothing. */
  fetch(name: string, paths: readonly string[]): Promise<void>;
  store(name: string, paths: readonly string[]): Promise<void>;
}

/** Raised when what is written down means something else. */
const FORMAT = 1;
/** Bytes of all entries together; the oldest go first. */
const MOST = 512 * 1024 * 1024;

const recordSchema = z.strictObject({
  format: z.literal(FORMAT),
  sha256: z.string(),
  given: z.strictObject({
    extensions: z.array(z.string()),
    missingExtensions: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
    schemas: z.array(z.string()),
    ownerMakesRoles: z.boolean(),
  }),
  problems: z.array(
    z.strictObject({
      id: z.optional(z.string()),
      file: z.string(),
      line: z.int(),
      error: z.string(),
      code: z.string(),
      alike: z.int(),
      because: z.optional(z.string()),
      consequences: z.array(z.string()),
    }),
  ),
  names: z.array(z.tuple([z.string(), z.string()])),
  extensions: z.array(z.string()),
});

/**
 * Where replayed bases are kept: `given`, else below XDG_CACHE_HOME, else below ~/.cache (XDG Base Directory
 * Specification).
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  given?: string | undefined,
): string {
  if (given !== undefined) return given;
  const named = env['XDG_CACHE_HOME'];
  const parent = named !== undefined && isAbsolute(named) ? named : join(homedir(), '.cache');
  return join(parent, 'airlock');
}

/**
 * The name of a base: a digest of everything that makes it. What is kept under it was written before anything under
 * review ran, by a process that had run nothing but what the digest covers; so a pull request that fills the cache
 * fills it with what its name says, and a change of a file of the history has another name.
 *
 * @param assets digests of the programs and data that it is made with
 */
export function baseDigest(
  assets: readonly string[],
  furnishing: Furnishing,
  pieces: readonly Piece[],
): string {
  const { prepare = [], ...wishes } = furnishing;
  const runs = [...prepare, ...pieces].map(({ file, run: { transaction, steps } }) => [
    file.path,
    transaction,
    steps.map(({ sql, span }) => [span.start, sql]),
  ]);
  const made = [FORMAT, assets, wishes, prepare.length, runs];
  return createHash('sha256').update(JSON.stringify(made)).digest('hex');
}

/** Undefined: it is not there, or not whole; then it is thrown away. */
export async function loadBase(
  folder: string,
  digest: string,
  remote?: RemoteBases | undefined,
): Promise<CachedBase | undefined> {
  const here = await loadHere(folder, digest);
  if (here || !remote) return here;
  await remote.fetch(nameOf(digest), Object.values(pathsOf(folder, digest)));
  return loadHere(folder, digest);
}

async function loadHere(folder: string, digest: string): Promise<CachedBase | undefined> {
  const at = pathsOf(folder, digest);
  const record = await read(at.record);
  const kept = await read(at.data);
  if (!record || !kept) return undefined;
  const parsed = recordSchema.safeParse(fromJson(record.toString('utf8')));
  if (!parsed.success || sha256(kept) !== parsed.data.sha256) {
    await removeBase(folder, digest);
    return undefined;
  }
  const { given, problems, names, extensions } = parsed.data;
  await touch(at.data);
  return { laid: { problems, unmade: { names: new Map(names), extensions } }, given, kept };
}

/**
 * Writes a base down, and removes the oldest ones when all together are too large. The record comes last and by
 * renaming, so that nobody reads half of it. False: it could not be written, which takes nothing from the proof.
 */
export async function saveBase(
  folder: string,
  digest: string,
  base: CachedBase,
  remote?: RemoteBases | undefined,
): Promise<boolean> {
  const at = pathsOf(folder, digest);
  const { laid, given, kept } = base;
  const record: z.infer<typeof recordSchema> = {
    format: FORMAT,
    sha256: sha256(kept),
    given: {
      extensions: [...given.extensions],
      missingExtensions: given.missingExtensions.map(({ name, reason }) => ({ name, reason })),
      schemas: [...given.schemas],
      ownerMakesRoles: given.ownerMakesRoles,
    },
    problems: laid.problems.map((problem) => ({ ...problem, consequences: [...problem.consequences] })),
    names: [...laid.unmade.names],
    extensions: [...laid.unmade.extensions],
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await whole(at.data, kept);
    await whole(at.record, JSON.stringify(record));
    await prune(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
  await remote?.store(nameOf(digest), Object.values(at));
  return true;
}

/** One that turned out not to open is made again. */
export async function removeBase(folder: string, digest: string): Promise<void> {
  const { record, data } = pathsOf(folder, digest);
  await rm(record, { force: true });
  await rm(data, { force: true });
}

function nameOf(digest: string): string {
  return `airlock-base-${digest}`;
}

function pathsOf(folder: string, digest: string): { record: string; data: string } {
  const stem = join(folder, `base-${digest}`);
  return { record: `${stem}.json`, data: `${stem}.tar.zst` };
}

async function whole(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(unfinished, content, { mode: 0o600 });
  await rename(unfinished, path);
}

/** Milliseconds after which nobody writes a file any more. */
const ABANDONED = 60 * 60 * 1000;

/** Whatever is of another digest goes by the time it was last used; what an ended process left half-written goes too. */
async function prune(folder: string): Promise<void> {
  const entries = await readdir(folder);
  for (const name of entries.filter((entry) => /^base-.*\.tmp$/.test(entry))) {
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < Date.now() - ABANDONED) await rm(path, { force: true });
  }
  const names = entries.filter((name) => /^base-[0-9a-f]{64}\.tar\.zst$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { digest: name.slice('base-'.length, 'base-'.length + 64), size, mtimeMs };
    }),
  );
  let room = MOST;
  for (const { digest, size } of found.toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
    room -= size;
    if (room < 0) await removeBase(folder, digest);
  }
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Used just now; where that cannot be written it only goes earlier. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(path, now, now);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
