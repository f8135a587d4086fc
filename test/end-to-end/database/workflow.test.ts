import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../engine/engine-room.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { CLI, type Ended, noStackTrace, parsed, run } from '../cli/run-cli.ts';
import { BOOKS, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  // The oldest one that is promised, where there is one: all else here runs on the newest.
  server = await startPostgres(installedBinaries(15));
});
afterAll(() => server.stop());

const CONFIGURATION = `directory: migrations
shadow: embedded
environments:
  development: { skipBackup: true }
  test: { skipBackup: true }
  staging: { skipBackup: true }
  production: { skipBackup: true }
`;
const script = (command: string): string => `"${process.execPath}" "${CLI}" ${command}`;
/** The scripts of the guide. */
const PACKAGE = JSON.stringify({
  name: 'shop',
  scripts: {
    'migrate:create': script('create'),
    'migrate:validate': script('validate'),
    'migrate:up': script('up'),
    'migrate:down': script('down'),
    'migrate:status': script('status'),
    'db:verify': script('verify'),
  },
});

/** `npm run --silent …` in the folder of a scene. */
async function npmRun(
  { folder, url }: Scene,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const quiet = { HOME: folder, npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  const ended = await run('npm', ['run', '--silent', ...args], {
    cwd: folder,
    env: { DATABASE_URL: url, ...quiet, ...env },
  });
  noStackTrace(ended);
  return ended;
}

const shop = (): Promise<Scene> =>
  openScene(server.connectionString, {
    ...BOOKS,
    'migration.config.yml': CONFIGURATION,
    'package.json': PACKAGE,
  });

describe.concurrent('the npm scripts of the guide', () => {
  it('validate, apply, tell, verify and take back, with the exit codes of the program', async () => {
    const books = await shop();
    expect((await npmRun(books, ['migrate:validate'])).code).toBe(0);
    const made = await npmRun(books, ['migrate:create', '--', 'add_note']);
    expect(made.code, made.err).toBe(0);
    const file = /migrations\/\d{14}_add_note\.sql/.exec(made.out)?.[0];
    expect(file).toBeDefined();
    books.remove(file ?? '');

    // What npm keeps for itself arrives all the same.
    const dry = await npmRun(books, ['migrate:up', '--env=development', '--dry-run']);
    expect(dry.code, dry.err).toBe(0);
    expect(dry.out).toMatch(/^plan on development: 2 migrations, digest /m);
    expect(await books.column(`SELECT to_regclass('books')::text`)).toEqual([null]);

    const up = await npmRun(books, ['migrate:up', '--', '--env', 'development']);
    expect(up.code, up.err).toBe(0);
    expect(up.out).toContain('2 applied');
    expect((await npmRun(books, ['migrate:status', '--', '--env', 'development'])).out).toContain(
      '2 applied',
    );
    const verified = await npmRun(books, ['db:verify', '--', '--env', 'development']);
    expect(verified.code, verified.err).toBe(0);
    expect(verified.out).toMatch(/ok {7}VERIFY sections {2}1 pass/);
    expect((await npmRun(books, ['migrate:down', '--', '--steps', '2'])).code).toBe(0);
    expect(await books.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
    expect((await npmRun(books, ['migrate:up', '--', '--env', 'nowhere'])).code).toBe(2);
  });
});

describe.concurrent('the workflow of the guide', () => {
  it('validates, tries, applies on staging, and on production what was approved', async () => {
    const books = await shop();
    const [test, staging, production] = [
      await freshDatabase(server.connectionString),
      await freshDatabase(server.connectionString),
      books.url,
    ];
    const databases = {
      DATABASE_URL: '',
      TEST_DATABASE_URL: test,
      STAGING_DATABASE_URL: staging,
      PRODUCTION_DATABASE_URL: production,
    };
    const step = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
      books.run(args, { ...databases, ...env });

    expect((await step(['validate'])).code).toBe(0);
    const dry = await step(['up', '--env', 'test', '--dry-run']);
    expect(dry.code, dry.err).toBe(0);
    expect(dry.out).toContain('no problems found in 2 migrations');
    expect(parsed(await step(['status', '--env', 'test', '--json'])).status?.systemSchema).toBeUndefined();

    const applied = await step(['up', '--env', 'staging']);
    expect(applied.code, applied.err).toBe(0);
    expect(applied.out).toContain('2 applied');

    const guarded = { REQUIRE_APPROVAL: 'true' };
    const key = { ...guarded, APPROVAL_KEY: '0123456789abcdef0123456789abcdef' };
    const refused = await step(['up', '--env', 'production', '--json'], guarded);
    expect(refused.code).toBe(5);
    expect(parsed(refused).reasonCode).toBe('approval-required');
    expect((await step(['up', '--env', 'production', '--force'], guarded)).code).toBe(5);
    expect(await books.column(`SELECT to_regclass('books')::text`)).toEqual([null]);

    const { digest } = parsed(refused).plan ?? {};
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const approval = await step(
      ['approve', '--env', 'production', '--plan', digest ?? '', '--as', 'grace'],
      key,
    );
    expect(approval.code, approval.err).toBe(0);
    const token = { APPROVAL_TOKEN: approval.out.trim() };
    const up = await step(['up', '--env', 'production'], { ...key, ...token });
    expect(up.code, up.err).toBe(0);
    expect(`${up.out}${up.err}`).not.toContain(token.APPROVAL_TOKEN);
    expect(await books.column(`SELECT status FROM _migration_history`)).toEqual(['applied', 'applied']);
    expect((await step(['status', '--env', 'production'])).code).toBe(0);

    // It is used up: what comes later asks again.
    expect((await step(['down', '--env', 'production'], { ...key, ...token })).code).toBe(5);
    expect(await books.column(`SELECT status FROM _migration_history`)).toEqual(['applied', 'applied']);
  });
});
