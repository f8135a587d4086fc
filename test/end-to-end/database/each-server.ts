import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import { installedBinaries, type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type Background, background } from '../cli/run-cli.ts';
import { openScene, type Scene } from './scene.ts';

type Files = Readonly<Record<string, string>>;

const installed15 = installedBinaries(15);

/**
 * The same tests on PostgreSQL 15, where the machine has it, and 18: each with a server of its own that all of them
 * share.
 */
export function onEachServer(name: string, tests: (scene: (files: Files) => Promise<Scene>) => void): void {
  const missing = installed15 === undefined ? ' (skipped: /usr/lib/postgresql/15 is not there)' : '';
  describe.skipIf(installed15 === undefined).concurrent(`${name} on PostgreSQL 15${missing}`, () => {
    tests(served(installed15));
  });
  describe.concurrent(`${name} on PostgreSQL 18`, () => {
    tests(served(undefined));
  });
}

function served(binaries: string | undefined): (files: Files) => Promise<Scene> {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres(binaries);
  });
  afterAll(() => server?.stop());
  return (files) => {
    if (!server) throw new Error('the server is started before the first test');
    return openScene(server.connectionString, files);
  };
}

/** A command that is in the middle of a statement which sleeps. */
export async function asleep(
  { folder, url, column }: Scene,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Background> {
  const started = background(args, { cwd: folder, env: { DATABASE_URL: url, ...env } });
  let over = false;
  void started.ended.then(() => {
    over = true;
  });
  while ((await column(SLEEPING))[0] !== '1') {
    if (over) throw new Error(`it ended before it slept: ${(await started.ended).err}`);
    await pause(50);
  }
  return started;
}

const SLEEPING = `SELECT count(*) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND wait_event = 'PgSleep'`;
