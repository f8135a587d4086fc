import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, serverAccount, temporaryFolder } from './server.ts';

/** A PgBouncer in transaction mode (config of its documentation, pool_mode) before a server of the tests. */
export interface PgBouncer {
  /** The same database through the pooler. */
  through(connectionString: string): string;
  stop(): Promise<void>;
}

/** Debian puts it where only the path of root leads. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
const READY_MS = 20_000;
/** Ends with the process that started it, as the servers do. */
const GUARD = `trap '' INT TERM HUP
"$@" </dev/null & pooler=$!
cat >/dev/null
kill -KILL $pooler`;

/** Undefined: PgBouncer is not installed on this machine. */
export function pgBouncer(): string | undefined {
  return FOLDERS.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file));
}

/** @throws Error when it does not come up; what it said is in the message. */
export async function startPgBouncer(binary: string, server: string): Promise<PgBouncer> {
  const account = await serverAccount();
  const folder = await temporaryFolder(account);
  const port = await freePort();
  const target = new URL(server);
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]
* = host=${target.hostname} port=${target.port} user=${target.username} password=${target.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
`,
    { mode: 0o600 },
  );
  if (account) await chown(settings, account.uid, account.gid);
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', binary, settings], {
    ...account,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  guard.stderr.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    guard.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + READY_MS; !(await answers(port)); await wait(50))
    if (Date.now() > end) {
      await stop();
      throw new Error(`PgBouncer did not start:\n${log}`);
    }
  return {
    stop,
    through: (connectionString) => {
      const url = new URL(connectionString);
      url.port = String(port);
      return url.href;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
