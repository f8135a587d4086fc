import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

export interface FileToWrite {
  /** Relative to the root. */
  readonly path: string;
  /** What it holds now, exactly; undefined: it does not exist yet. */
  readonly before?: string | undefined;
  readonly after: string;
}

/**
 * Writes all files or none. New contents are first written whole, and handed to the disk, beside the files that they
 * replace; only when all of them stand there is the first one put in place. Whatever is in the way, everything is taken
 * back. Returns what it was, as a sentence; throws what is no refusal of the system, after taking back, too.
 */
export function writeAll(files: readonly FileToWrite[], root: string): string | undefined {
  const undo: (() => void)[] = [];
  const replaced: Staged[] = [];
  let at = files[0];
  try {
    const staged: Staged[] = [];
    for (const file of files) {
      at = file;
      if (file.before === undefined) create(file, root, undo);
      else staged.push({ file, ...stage(file, file.before, root, undo) });
    }
    for (const each of staged) {
      at = each.file;
      putInPlace(each, undo);
      replaced.push(each);
    }
  } catch (error) {
    const stuck = takeBack(undo);
    const reason = error instanceof Refusal ? error.message : whyNotWritten(error);
    if (reason === undefined) throw error;
    const problem = `${at?.path} cannot be written: ${reason}.`;
    return stuck === undefined ? problem : `${problem} And it could not all be taken back: ${stuck}.`;
  }
  for (const { old } of replaced) rmSync(old, { force: true });
  return undefined;
}

/** What Airlock itself does not write over. */
class Refusal extends Error {}

interface Staged {
  readonly file: FileToWrite;
  /** Absolute paths: the file, its new content, and the name that keeps the old one meanwhile. */
  readonly full: string;
  readonly temporary: string;
  readonly old: string;
}

function create({ path, after }: FileToWrite, root: string, undo: (() => void)[]): void {
  const full = join(root, path);
  const folder = dirname(full);
  refuseOutside(folder, root);
  const made = mkdirSync(folder, { recursive: true });
  if (made !== undefined) undo.push(() => removeEmpty(folder, made));
  // Noted before anything is in it: half a file is taken back, one that somebody else made is not.
  const descriptor = openSync(full, 'wx');
  undo.push(() => rmSync(full, { force: true }));
  writeWhole(descriptor, after);
}

function stage(
  { path, after }: FileToWrite,
  before: string,
  root: string,
  undo: (() => void)[],
): Omit<Staged, 'file'> {
  const full = join(root, path);
  refuseOutside(dirname(full), root);
  const stats = unchanged(full, before);
  // Renaming asks only for the folder; who made the file read-only meant the file.
  accessSync(full, constants.W_OK);
  const temporary = join(dirname(full), `.${basename(full).slice(0, 200)}.airlock-${process.pid}`);
  const descriptor = openSync(temporary, 'wx', 0o600);
  undo.push(() => rmSync(temporary, { force: true }));
  writeWhole(descriptor, after, stats);
  return { full, temporary, old: `${temporary}-old` };
}

function putInPlace({ file, full, temporary, old }: Staged, undo: (() => void)[]): void {
  unchanged(full, file.before ?? '');
  // The old content keeps a name of its own, so that taking back needs no room on the disk.
  try {
    linkSync(full, old);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
    renameSync(full, old);
  }
  undo.push(() => renameSync(old, full));
  renameSync(temporary, full);
}

/** From file systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Closed on every way out; written through to the disk, because some systems refuse only then. */
function writeWhole(descriptor: number, text: string, like?: Stats): void {
  try {
    writeFileSync(descriptor, text);
    if (like) {
      // Nobody else may give a file away; theirs it is then, as after an editor.
      if (process.getuid?.() === 0) fchownSync(descriptor, like.uid, like.gid);
      fchmodSync(descriptor, like.mode & 0o7777);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unchanged(full: string, before: string): Stats {
  const stats = lstatSync(full);
  if (!stats.isFile()) throw new Refusal('it is a link or a device, which is not written through');
  if (readFileSync(full, 'utf8') !== before)
    throw new Refusal('it was changed while it was checked; type the command again');
  return stats;
}

/** A link may lead out of the repository; what is written there would be written to somebody else. */
function refuseOutside(folder: string, root: string): void {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const [inside, real] = [realpathSync(root), realpathSync(there)];
  if (real !== inside && !real.startsWith(inside.endsWith(sep) ? inside : inside + sep))
    throw new Refusal(`${folder} leads out of the repository`);
}

/** Newest first; goes on after a failure. Returns what could not be taken back. */
function takeBack(undo: readonly (() => void)[]): string | undefined {
  const stuck: string[] = [];
  for (const step of undo.toReversed()) {
    try {
      step();
    } catch (error) {
      stuck.push(error instanceof Error ? error.message : String(error));
    }
  }
  return stuck.length === 0 ? undefined : stuck.join('; ');
}

/** Folders that were made for a file, from the innermost up to the first one made; what holds anything else stays. */
function removeEmpty(innermost: string, first: string): void {
  for (let folder = innermost; folder.startsWith(first); folder = dirname(folder)) {
    if (readdirSync(folder).length > 0) return;
    rmdirSync(folder);
  }
}

/** Why the system refused, in words; undefined for what is no refusal of the system. */
function whyNotWritten(error: unknown): string | undefined {
  const code = codeOf(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'no space is left on the device';
    case 'EDQUOT':
      return 'the disk quota is used up';
    case 'EFBIG':
      return 'it would be larger than a file may be here (ulimit -f)';
    case 'EIO':
      return 'the disk reports an error';
    case 'EEXIST':
      return 'it exists already';
    case 'ENOENT':
      return 'it is gone';
    case 'ENOTDIR':
      return 'a part of its path is a file, not a folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return code === undefined ? undefined : `the system refused (${code})`;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;
}
