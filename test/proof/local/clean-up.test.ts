import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/proof/local/cluster-folder.ts';
import { startCluster } from '../../../src/proof/local/start-cluster.ts';
import { embeddedBinaries } from './binaries.ts';

const HOLDER = fileURLToPath(new URL('hold-cluster.ts', import.meta.url));
let parent = '';

beforeAll(async () => {
  // A short path: a Unix socket's may have about a hundred bytes.
  parent = await mkdtemp('/tmp/airlock-clean-');
  // As /tmp is: as root the server runs as another user, whose folder is in it.
  await chmod(parent, 0o1777);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

describe('a cluster that nobody closes', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('is gone after %s', async (signal) => {
    const { child, folder, server } = await hold();
    child.kill(signal);
    await once(child, 'exit');
    await until(() => !existsSync(folder) && !isAlive(server));
    expect(existsSync(folder)).toBe(false);
    expect(isAlive(server)).toBe(false);
  });

  it('is gone when its process has exited', async () => {
    const child = holder('exit');
    const folder = await firstLine(child);
    await once(child, 'exit');
    expect(existsSync(folder)).toBe(false);
  });

  it('is gone when its process is ended while the data directory is made', async () => {
    const child = holder();
    await until(async () => (await foldersOf(child)).some((name) => existsSync(join(parent, name, 'data'))));
    expect(await foldersOf(child)).toHaveLength(1);
    child.kill('SIGTERM');
    await until(async () => (await foldersOf(child)).length === 0);
    expect(await foldersOf(child)).toEqual([]);
  });

  it('is removed on the next start where not even its guard was left', async () => {
    const made = await makeFolder([parent], undefined);
    if (!made.ok) throw new Error(made.reason);
    const dead = spawnSync('true').pid;
    const stale = join(parent, basename(made.folder).replace(`-${process.pid}-`, `-${dead}-`));
    const elsewhere = join(parent, basename(stale).replace(/shadow-\d+/, 'shadow-1'));
    await mkdir(join(stale, 'data'), { recursive: true });
    await mkdir(elsewhere);
    const started = await startCluster({
      binaries: await embeddedBinaries(),
      longestRequest: 10_000,
      parents: [parent],
    });
    if (!started.ok) throw new Error(started.reason);
    const names = await readdir(parent);
    await started.cluster.close();
    expect(names).not.toContain(basename(stale));
    // Of a process that lives, and of another namespace, where the number may be anybody's.
    expect(names).toContain(basename(made.folder));
    expect(names).toContain(basename(elsewhere));
  });
});

/** Kept until the test has seen them. */
function holder(how = ''): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', HOLDER, binFolder, parent, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

let binFolder = '';
beforeAll(async () => {
  binFolder = (await embeddedBinaries()).folder;
});

async function hold(): Promise<{ child: ChildProcess; folder: string; server: number }> {
  const child = holder();
  const folder = await firstLine(child);
  const server = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  expect(isAlive(server)).toBe(true);
  return { child, folder, server };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no output');
  const [data] = await once(child.stdout, 'data');
  const folder = String(data).trim();
  expect(folder.startsWith(`${parent}/airlock-shadow-`)).toBe(true);
  return folder;
}

async function foldersOf(child: ChildProcess): Promise<string[]> {
  return (await readdir(parent)).filter((name) => name.includes(`-${child.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200 && !(await condition()); tries++) await wait(50);
}
