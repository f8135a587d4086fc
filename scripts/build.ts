import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { bundles } from '../src/proof/embedded/extensions.ts';
import { licences } from './licences.ts';
import { writeTypes } from './types.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Doors that exist; each becomes dist/<name>.js. */
const DOORS = ['cli', 'action', 'index'].filter((name) => existsSync(join(ROOT, `src/${name}.ts`)));

/**
 * Assets that are copied, not built: WebAssembly beside the scripts that load it. Pinned by checksum in
 * test/dist.test.ts, because a different binary must never come in unseen.
 */
const ASSETS: readonly (readonly [from: string, to: string])[] = [
  ['node_modules/libpg-query/wasm/libpg-query.wasm', 'libpg-query.wasm'],
];

const PGLITE = 'node_modules/@electric-sql/pglite/dist';
/** Of the embedded chamber. PGlite's initdb.wasm is not among them: a chamber never makes a new data directory. */
const CHAMBER_ASSETS: typeof ASSETS = [
  [`${PGLITE}/pglite.wasm`, 'pglite.wasm'],
  [`${PGLITE}/pglite.data`, 'pglite.data'],
  ...bundles.map((name) => [bundleOf(name), `extensions/${name}.tar.gz`] as const),
  ['src/proof/embedded/chamber-base.tar.zst', 'chamber-base.tar.zst'],
];

/** pgvector has a package of its own; the others come with PGlite. */
function bundleOf(name: string): string {
  return name === 'vector'
    ? 'node_modules/@electric-sql/pglite-pgvector/dist/vector.tar.gz'
    : `${PGLITE}/${name}.tar.gz`;
}

/** CommonJS packages inside an ES module ask for these three. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  "import { dirname as __pathDirname } from 'node:path';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __pathDirname(__filename);',
].join('\n');

/**
 * commander loads child_process for subcommands that are programs of their own, which Airlock has none of;
 * it would cost every start five milliseconds.
 */
const WITHOUT_CHILD_PROCESS: Plugin = {
  name: 'commander-without-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules[/\\]commander[/\\]/.test(importer)
        ? { path: 'child_process', namespace: 'none' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

/** Builds everything into `outdir`; the same sources always give the same bytes. */
export async function buildTo(folder: string, doors: readonly string[] = DOORS): Promise<void> {
  // Built beside it and put in its place at the end, so that what runs from it never finds half of it.
  const outdir = `${resolve(folder)}.new`;
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });

  const inputs = new Set<string>();
  // One build a door: what two doors share stands twice, but a door is then a few files and not dozens.
  for (const name of doors) {
    const result = await build({
      absWorkingDir: ROOT,
      entryPoints: [{ in: `src/${name}.ts`, out: name }],
      outdir,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // ES modules where a package has both: they split and shake better.
      mainFields: ['module', 'main'],
      minify: true,
      chunkNames: `${name}-[hash]`,
      legalComments: 'none',
      banner: { js: BANNER },
      plugins: [WITHOUT_CHILD_PROCESS],
      metafile: true,
      logLevel: 'warning',
    });
    for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
    stripBanners(outdir, Object.keys(result.metafile.outputs));
    withoutEmptyImports(join(outdir, `${name}.js`), result.metafile);
    if (name === 'cli') await joinChunks(result.metafile);
  }
  for (const input of await buildChamber(outdir)) inputs.add(input);
  if (doors.includes('index')) writeTypes(ROOT, join(outdir, 'types'));
  copyAssets(ASSETS, outdir);
  for (const [from] of [...ASSETS, ...CHAMBER_ASSETS]) inputs.add(from);
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(outdir, 'LICENSES.txt'), licences(ROOT, [...inputs]));
  rmSync(folder, { recursive: true, force: true });
  renameSync(outdir, folder);
}

/**
 * The program of the embedded chamber with its assets; the tests build one from an entry of their own. Gives the
 * paths of its sources. It runs by a Node that has the permission model, whatever runs the doors.
 */
export async function buildChamber(outdir: string, entry = 'src/chamber.ts'): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: entry, out: 'chamber' }],
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  copyAssets(CHAMBER_ASSETS, outdir);
  return Object.keys(metafile.inputs);
}

function copyAssets(assets: typeof ASSETS, outdir: string): void {
  for (const [from, to] of assets) {
    mkdirSync(dirname(join(outdir, to)), { recursive: true });
    copyFileSync(join(ROOT, from), join(outdir, to));
  }
}

/** Most files hold no CommonJS; making a `require` for each of them costs a millisecond a file. */
function stripBanners(outdir: string, outputs: readonly string[]): void {
  for (const output of outputs) {
    const path = join(outdir, basename(output));
    const text = readFileSync(path, 'utf8');
    const body = text.replace(`${BANNER}\n`, '');
    if (!/\b(?:require|__filename|__dirname)\b/.test(body)) writeFileSync(path, body);
  }
}

/** esbuild has a door import the chunk of its helpers for nothing but their order, which costs a millisecond. */
function withoutEmptyImports(door: string, { outputs }: Metafile): void {
  let text = readFileSync(door, 'utf8');
  for (const [path, { inputs }] of Object.entries(outputs))
    if (Object.keys(inputs).length === 0) text = text.replace(`import"./${basename(path)}";`, '');
  writeFileSync(door, text);
}

/**
 * What the command line loads at every start, put into one file: esbuild cuts what is shared with code that is loaded
 * later into dozens of small files, and each costs half a millisecond. Later code keeps the small files, so a few
 * modules stand twice; none of them holds state.
 */
async function joinChunks({ outputs }: Metafile): Promise<void> {
  const chunkOf = (source: string): string => {
    const found = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === source);
    if (found === undefined) throw new Error(`${source} has no chunk of its own.`);
    return resolve(ROOT, found);
  };
  const program = chunkOf('src/program.ts');
  const joined = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'later-stays-apart',
        setup({ onResolve }) {
          onResolve({ filter: /^\.\// }, ({ path, kind }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined,
          );
        },
      },
    ],
  });
  const [file] = joined.outputFiles;
  if (file) writeFileSync(program, file.text);
}

/** Paths of all files below a built folder, by `/`, with their bytes. */
export function filesIn(folder: string): Map<string, Buffer> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)]),
  );
}

if (import.meta.main) await buildTo(process.argv[2] ?? join(ROOT, 'dist'), process.argv[3]?.split(','));
