import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { LayoutFolder } from '../migration/layout.ts';
import type { UnreadFile } from '../migration/migration.ts';
import { SourceFile } from '../sql/source.ts';
import { decodeText, MOST_BYTES } from './text.ts';

export interface FolderRequest {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Relative to the root, `/` between parts, empty for the root itself. */
  readonly directory: string;
  /** Whether a file, relative to the root, is left out. Undefined: none. */
  readonly excluded?: ((path: string) => boolean) | undefined;
  /** Texts of files as they would be, in place of those on the disk and beside them; paths relative to the root. */
  readonly texts?: ReadonlyMap<string, string> | undefined;
}

export type FolderReading =
  | {
      readonly ok: true;
      readonly folder: LayoutFolder;
      /** What was seen and not followed or not opened: symbolic links, locked folders, devices. */
      readonly unread: readonly UnreadFile[];
    }
  | {
      readonly ok: false;
      readonly reasonCode: 'folder-missing' | 'file-unreadable';
      readonly message: string;
      readonly next: string;
    };

const MOST_FILES = 200_000;
const NAME_THE_FOLDER =
  'name the folder: airlock validate --directory <folder>, or directory: in migration.config.yml';

/**
 * Lists a migrations folder; the texts are read when a layout asks for them, each once. Hidden folders and
 * node_modules are skipped, symbolic links are never followed: the folder may be a stranger's.
 */
export function readFolder({ root, directory, excluded, texts: given }: FolderRequest): FolderReading {
  const top = resolve(root, directory);
  const shown = directory === '' ? 'the repository root' : directory;
  const refused = checkFolder(root, top, shown);
  if (refused) return refused;

  const listing = listFiles(top, directory);
  if (listing === undefined) {
    return {
      ok: false,
      reasonCode: 'file-unreadable',
      message: `${shown} holds more than ${MOST_FILES} files`,
      next: NAME_THE_FOLDER,
    };
  }
  const { denied, unread } = listing;
  if (denied)
    return {
      ok: false,
      reasonCode: 'file-unreadable',
      message: `${shown} may not be read: permission denied`,
      next: `ls -ld ${shown}`,
    };
  const prefixed = (path: string) => (directory === '' ? path : `${directory}/${path}`);
  const own = prefixed('');
  const added = [...(given?.keys() ?? [])].flatMap((path) =>
    path.startsWith(own) ? [path.slice(own.length)] : [],
  );
  const paths = [...new Set([...listing.paths, ...added])]
    .filter((path) => !excluded?.(prefixed(path)))
    .sort(byCodeUnits);
  const known = new Set(paths);
  const texts = new Map<string, SourceFile | UnreadFile>();
  const read = (path: string): SourceFile | UnreadFile => {
    const cached = texts.get(path);
    if (cached) return cached;
    const file = prefixed(path);
    // Readers only ask for what was listed; anything else could lead out of the folder.
    const text = given?.get(file);
    const result =
      text !== undefined
        ? new SourceFile(file, text)
        : known.has(path)
          ? readText(join(top, path), file)
          : { file, line: 1, reason: 'is not in the folder' };
    texts.set(path, result);
    return result;
  };
  return { ok: true, folder: { directory, paths, read }, unread };
}

function checkFolder(
  root: string,
  top: string,
  shown: string,
): Extract<FolderReading, { ok: false }> | undefined {
  const refuse = (reasonCode: 'folder-missing' | 'file-unreadable', message: string) =>
    ({ ok: false, reasonCode, message, next: NAME_THE_FOLDER }) as const;
  try {
    if (!statSync(top).isDirectory()) return refuse('folder-missing', `${shown} is a file, not a folder`);
    const [realRoot, realTop] = [realpathSync(root), realpathSync(top)];
    if (realTop !== realRoot && !realTop.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
      return refuse('file-unreadable', `${shown} leads out of the repository; it is not followed`);
    }
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse('folder-missing', `${shown} does not exist`);
    return refuse('file-unreadable', `${shown} cannot be read: ${explain(code)}`);
  }
}

interface Listing {
  readonly paths: string[];
  readonly unread: UnreadFile[];
  /** The folder itself is locked. */
  denied: boolean;
}

/** Undefined: too many. One readdir a folder, so that a locked subfolder costs only itself. */
function listFiles(top: string, directory: string): Listing | undefined {
  const listing: Listing = { paths: [], unread: [], denied: false };
  const note = (path: string, reason: string) =>
    listing.unread.push({ file: [directory, path].filter(Boolean).join('/'), line: 1, reason });
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    let entries: Dirent[];
    try {
      entries = readdirSync(join(top, folder), { withFileTypes: true });
    } catch (error) {
      if (folder === '') listing.denied = true;
      else note(folder, `cannot be listed: ${explain(codeOf(error))}`);
      continue;
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) listing.paths.push(path);
      else if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'node_modules') pending.push(path);
      } else
        note(
          path,
          entry.isSymbolicLink()
            ? 'is a symbolic link, which is not followed'
            : 'is not a file (a pipe, socket or device)',
        );
    }
    if (listing.paths.length > MOST_FILES) return undefined;
  }
  return listing;
}

/** Opened without following a link and without waiting for a pipe: what was listed may have been replaced. */
function readText(path: string, file: string): SourceFile | UnreadFile {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { file, line: 1, reason: 'is not a file' };
    if (stats.size > MOST_BYTES) {
      return {
        file,
        line: 1,
        reason: `is too large: ${Math.ceil(stats.size / 1024 / 1024)} MB, at most ${MOST_BYTES / 1024 / 1024} MB are read`,
        broken: true,
      };
    }
    const decoded = decodeText(bytesOf(descriptor, stats.size));
    return 'text' in decoded ? new SourceFile(file, decoded.text) : { file, ...decoded, broken: true };
  } catch (error) {
    return { file, line: 1, reason: `cannot be read: ${explain(codeOf(error))}`, broken: true };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const BUFFER = Buffer.allocUnsafe(64 * 1024);

/** Of a small file in one buffer for all of them, good until the next one: there may be thousands. */
function bytesOf(descriptor: number, size: number): Uint8Array {
  if (size > BUFFER.length) return readFileSync(descriptor);
  let length = 0;
  for (let read = -1; read !== 0 && length < size; length += read)
    read = readSync(descriptor, BUFFER, length, size - length, null);
  return BUFFER.subarray(0, length);
}

/** Of an error of the file system; throws what is none. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

/** The code in words. */
export function explain(code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'it does not exist';
    case 'ELOOP':
      return 'it is a symbolic link, which is not followed';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return code;
  }
}

/** The same order on every machine. */
function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
