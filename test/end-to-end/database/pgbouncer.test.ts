import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { column, session, up } from '../../engine/engine-room.ts';
import { type PgBouncer, pgBouncer, startPgBouncer } from '../../postgres/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type Ended, parsed } from '../cli/run-cli.ts';
import { BOOKS, migration, openScene, type Scene } from './scene.ts';

const INDEX = 'migrations/20260103120000_index.sql';
const CONCURRENTLY = migration(
  'CREATE INDEX CONCURRENTLY books_title ON books (title);',
  'DROP INDEX CONCURRENTLY books_title;',
);
/** Of the command line: rules about files that these tests are not about. */
const CONFIGURATION = 'directory: migrations\nfailOn: never\n';

describe('through PgBouncer in transaction mode', () => {
  const binary = pgBouncer();
  let server: PostgresServer;
  let pooler: PgBouncer | undefined;
  let scene: Scene;
  beforeAll(async () => {
    if (binary === undefined) return;
    server = await startPostgres();
    pooler = await startPgBouncer(binary, server.connectionString);
  });
  afterAll(async () => {
    await pooler?.stop();
    await server?.stop();
  });
  beforeEach(async ({ skip }) => {
    if (!pooler)
      return skip('PgBouncer is not installed on this machine (Debian: apt-get install pgbouncer)');
    scene = await openScene(server.connectionString, {
      ...BOOKS,
      // As dumps of pg_dump begin.
      'migrations/20260102130000_set.sql': migration(
        "SET search_path = ''; SELECT pg_catalog.set_config('statement_timeout', '77', false);",
        'SET lock_timeout = 77;',
      ),
      'migration.config.yml': CONFIGURATION,
    });
  });

  function airlock(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const [command = '', ...rest] = args;
    const words = command === 'up' ? [command, '--skip-backup', ...rest] : args;
    return scene.run(words, { DATABASE_URL: pooler?.through(scene.url) ?? '', ...env });
  }

  it('transactional migrations go up and down, and nothing is left set in sessions that others get', async () => {
    const up = await airlock(['up']);
    expect([up.code, up.err]).toEqual([0, '']);
    expect(up.out).toContain('3 applied');
    expect(await scene.column(`SELECT 1 FROM _migration_history WHERE status = 'applied'`)).toHaveLength(3);
    expect((await airlock(['status'])).out).toContain('3 applied');
    expect((await airlock(['up'])).out).toContain('nothing to do');
    const verified = await airlock(['verify']);
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect((await airlock(['down'])).code).toBe(0);
    expect(await scene.column(`SELECT status FROM _migration_history ORDER BY id`)).toEqual([
      'applied',
      'applied',
      'rolled_back',
    ]);
    expect(await scene.column('SELECT 1 FROM _migration_locks')).toEqual([]);
    // Each server session of the pool, one transaction on each at the same time.
    const clients = await Promise.all([1, 2, 3].map(() => session(pooler?.through(scene.url) ?? '')));
    for (const client of clients) await client.run('BEGIN');
    for (const client of clients)
      for (const name of ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'])
        expect(await client.query(`SHOW ${name}`), name).toEqual([{ [name]: '0' }]);
    for (const client of clients)
      expect(await client.query('SHOW search_path')).toEqual([{ search_path: '"$user", public' }]);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('health says that a pooler stands there, and what to set', async () => {
    await airlock(['up']);
    const health = await airlock(['health', '--json']);
    expect(parsed(health).health?.checks.find(({ name }) => name === 'connection')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('pooler in transaction mode'),
      next: 'set directUrl to the name of a variable that holds the address past it',
    });
    const direct = await airlock(['health', '--json'], { DATABASE_URL: scene.url });
    expect(parsed(direct).health?.checks.find(({ name }) => name === 'connection')).toMatchObject({
      status: 'ok',
    });
    const client = await session(pooler?.through(scene.url) ?? '');
    expect(await client.query('SHOW lock_timeout')).toEqual([{ lock_timeout: '0' }]);
    await client.close();
  });

  it('what needs a session is refused before anything runs, and runs once its address is given', async () => {
    scene.write(INDEX, CONCURRENTLY);
    const refused = await airlock(['up']);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      '20260103120000 index needs a session of its own, and DATABASE_URL leads through a pooler in transaction mode.',
    );
    expect(refused.err).toContain('next: set DIRECT_URL to the address past the pooler');
    expect(await scene.column(`SELECT to_regclass('_migration_history')`)).toEqual([null]);
    const done = await airlock(['up'], { DIRECT_URL: scene.url });
    expect([done.code, done.err]).toEqual([0, '']);
    expect(
      await scene.column(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'books_title'::regclass`),
    ).toEqual(['t']);
    const down = await airlock(['down']);
    expect(down.code, down.out).toBe(2);
    expect(down.err).toContain('next: set DIRECT_URL to the address past the pooler');
    expect(await scene.column(`SELECT 1 FROM _migration_rollback_history`)).toEqual([]);
    expect((await airlock(['down'], { DIRECT_URL: scene.url })).code).toBe(0);
  });

  it('a named environment names the variable of its own', async () => {
    scene.write(INDEX, CONCURRENTLY);
    scene.write(
      'migration.config.yml',
      `${CONFIGURATION}environments:\n  staging: { directUrl: STAGING_SESSIONS }\n`,
    );
    const refused = await airlock(['up', '--env', 'staging']);
    expect(refused.err).toContain('next: set STAGING_SESSIONS to the address past the pooler');
    const done = await airlock(['up', '--env', 'staging', '--skip-backup'], { STAGING_SESSIONS: scene.url });
    expect([done.code, done.err]).toEqual([0, '']);
  });

  it('runs that race apply each migration once, and a lease is not taken from one who lives', async () => {
    const url = pooler?.through(scene.url) ?? '';
    const files = Object.fromEntries(
      ['001', '002', '003'].map((id) => [`${id}_step.sql`, `-- UP\nCREATE TABLE t_${id} (id int);\n`]),
    );
    const ended = await Promise.all([1, 2, 3, 4].map(() => up(url, files)));
    expect(ended.flatMap(({ executions }) => executions.map(({ migrationId }) => migrationId))).toEqual([
      '001',
      '002',
      '003',
    ]);
    expect(await column(scene.url, 'SELECT count(*) FROM _migration_history')).toEqual(['3']);
  });
});
