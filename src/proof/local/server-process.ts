import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { BARE_ENVIRONMENT } from './bare-environment.ts';

export interface ServerProcess {
  /** Ends the server and removes its folder. A second call does nothing more. */
  stop(): Promise<void>;
}

export type Started =
  | { readonly ok: true; readonly server: ServerProcess }
  /** What the programs wrote last. */
  | { readonly ok: false; readonly log: string };

/** The bootstrap superuser. Not `postgres`, which migrations name as one role among others. */
export const SUPERUSER = 'airlock_superuser';

/** Milliseconds for a data directory to be made and the server to take connections. */
const STARTING = 120_000;
const KEPT_LOG = 4_000;

/**
 * Makes the data directory, runs the server on it, ends it when standard input closes, and removes the folder. The
 * input closes when the process that holds its other end is gone, by whatever signal. The signal is repeated, because
 * the shell and initdb do not listen to it, and a server that has just been started does not yet.
 */
const GUARD = `
trap '' INT TERM HUP
folder=$1 binaries=$2; shift 2
exec 3<&0
(
  "$binaries/initdb" --pgdata="$folder/data" --username=${SUPERUSER} --auth=trust --encoding=UTF8 --locale=C \\
    --no-sync --no-instructions >/dev/null && exec "$binaries/postgres" -D "$folder/data" "$@"
) </dev/null 3<&- & server=$!
( read -r nothing <&3; while kill -QUIT $server; do sleep 1; done ) >/dev/null 2>&1 & watcher=$!
exec 3<&-
wait $server
kill -KILL $watcher
rm -rf "$folder"
`;

/** Durability off, no way in but the socket, and nothing in the background that changes what a proof sees. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  autovacuum: 'off',
  jit: 'off',
  shared_buffers: '64MB',
  max_connections: '20',
  // As much room for locks as a server with hundreds of connections has.
  max_locks_per_transaction: '1024',
  // A session whose socket was closed ends, though its statement goes on (runtime-config-connection).
  client_connection_check_interval: '500',
};

/** Makes a cluster in the folder and waits until it takes connections; the folder is gone when it does not. */
export async function startServer(binaries: string, folder: string, account: Account): Promise<Started> {
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: join(folder, 'socket') });
  const guard = spawn(
    '/bin/sh',
    [
      ...['-c', GUARD, 'sh', folder, binaries],
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // A group of its own: Ctrl-C in a terminal is for us, and what we still have to say to the server comes first.
    { ...account, env: BARE_ENVIRONMENT, cwd: '/', stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
  const ended = new Promise<string>((resolve) => {
    guard.once('exit', () => resolve('it ended'));
    guard.once('error', ({ message }) => resolve(message));
  });
  leaveBehind(guard, folder);
  const stop = async (): Promise<void> => {
    guard.stdin.end();
    guard.ref();
    await ended;
    // The guard has done it, unless somebody ended the guard.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    live.delete(guard);
  };
  const log = await logUnlessReady(guard, ended);
  if (log === undefined) return { ok: true, server: { stop } };
  await stop();
  return { ok: false, log };
}

/** Undefined when the server takes connections, else what it wrote. */
function logUnlessReady(guard: ChildProcess, ended: Promise<string>): Promise<string | undefined> {
  return new Promise((resolve) => {
    let log = '';
    const limit = setTimeout(() => resolve(`${log}(not ready after ${STARTING / 1000} s)`), STARTING);
    const decide = (outcome: string | undefined): void => {
      clearTimeout(limit);
      resolve(outcome);
    };
    // Read to the end: a full pipe would stop the server.
    guard.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-KEPT_LOG);
      if (log.includes('database system is ready to accept connections')) decide(undefined);
    });
    void ended.then((how) => decide(log || how));
  });
}

/** Servers that nobody has stopped yet, by what guards them. */
const live = new Map<ChildProcess, string>();
let listening = false;

/** A server that somebody forgot does not keep this process alive, and is gone when it has ended. */
function leaveBehind(guard: ChildProcess, folder: string): void {
  if (!listening) process.once('exit', endAll);
  listening = true;
  live.set(guard, folder);
  guard.unref();
  for (const pipe of [guard.stdin, guard.stderr]) if (pipe instanceof Socket) pipe.unref();
}

/** Only what is done at once is done when a process exits: the guards are told, and waited for some seconds. */
function endAll(): void {
  if (live.size === 0) return;
  for (const { stdin } of live.keys()) stdin?.destroy();
  const wait =
    'n=0; for folder; do while [ -e "$folder" ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n+1)); done; done';
  spawnSync('/bin/sh', ['-c', wait, 'sh', ...live.values()], { env: BARE_ENVIRONMENT });
}
