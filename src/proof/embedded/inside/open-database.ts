import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { type Extension, PGlite } from '@electric-sql/pglite';
import { extensionsIn } from '../extensions.ts';
import { DataDirectory } from './data-directory.ts';

/** PGlite without its question about array types, which costs a tenth of the opening: all values are texts here. */
class Database extends PGlite {
  override _initArrayTypes(): Promise<void> {
    return Promise.resolve();
  }
}

/** PostgreSQL's program and its files, as PGlite takes them. */
export interface Assets {
  readonly pgliteWasmModule: WebAssembly.Module;
  readonly fsBundle: Blob;
}

/** Compiles the program; `folder`: of the assets. */
export async function loadAssets(folder: URL): Promise<Assets> {
  const [program, files] = await Promise.all(
    ['pglite.wasm', 'pglite.data'].map((name) => readFile(new URL(name, folder))),
  );
  return {
    pgliteWasmModule: await WebAssembly.compile(program ?? new Uint8Array()),
    fsBundle: new Blob([files ?? '']),
  };
}

/**
 * @param base a data directory as tar, zstd-compressed, or its path
 * @param folder of the program and its assets
 */
export async function openDatabase(
  base: string | Uint8Array,
  extensions: readonly string[],
  folder: URL,
  assets: Assets,
): Promise<PGlite> {
  const database = new Database({
    ...assets,
    fs: new DataDirectory(unpacked(base)),
    extensions: Object.fromEntries(extensions.map((name) => [name, extension(name, folder)])),
    // A new data directory is never made here, so its program need not be there.
    initdbWasmModule: NOTHING,
    relaxedDurability: true,
    startParams: START,
  });
  await database.waitReady;
  for (const name of extensions.flatMap(extensionsIn)) trust(database, name);
  return database;
}

/** Without the search_path that PGlite sets: elsewhere it is "$user", public (runtime-config-client). */
const START = PGlite.defaultStartParams.filter(
  (word, at, words) => ![word, words[at + 1]].includes('search_path=public'),
);

async function unpacked(base: string | Uint8Array): Promise<Buffer> {
  const packed = typeof base === 'string' ? await readFile(base) : base;
  return promisify(zstdDecompress)(packed, { chunkSize: CHUNK });
}

/** Bytes that are unpacked at a time; most data directories come out in one piece, which saves a copy. */
const CHUNK = 32 * 1024 * 1024;

/** Node has it, and its types do not say so. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
};

/** The smallest module there is: its magic number and version. */
const NOTHING = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

function extension(name: string, folder: URL): Extension {
  return {
    name,
    setup: () => Promise.resolve({ bundlePath: new URL(`extensions/${name}.tar.gz`, folder) }),
  };
}

/** Lets the database's owner create an extension that only superusers may create elsewhere (extend-extensions). */
function trust({ Module: { FS, WASM_PREFIX } }: PGlite, name: string): void {
  const path = `${WASM_PREFIX}/share/postgresql/extension/${name}.control`;
  // What is loaded beside the shipped bundles is nobody's extension.
  if (!FS.analyzePath(path).exists) return;
  FS.writeFile(path, `${FS.readFile(path, { encoding: 'utf8' })}\ntrusted = true\n`);
}
