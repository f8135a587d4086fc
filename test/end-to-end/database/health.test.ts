import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { session } from '../../engine/engine-room.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type Ended, parsed } from '../cli/run-cli.ts';
import { BOOKS, FAILS, openScene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

type Check = NonNullable<ReturnType<typeof parsed>['health']>['checks'][number];

function checksOf(ended: Ended): ReadonlyMap<string, Check> {
  return new Map(parsed(ended).health?.checks.map((check) => [check.name, check]));
}

function notWell(ended: Ended): readonly string[] {
  return [...checksOf(ended).values()].filter(({ status }) => status !== 'ok').map(({ name }) => name);
}

describe.concurrent('airlock health', () => {
  it('finds nothing wrong before the first run, and after one', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    const before = await scene.run(['health']);
    expect(before.out).toContain('all is well');
    expect(before.code).toBe(0);
    expect((await scene.run(['up'])).code).toBe(0);
    const after = await scene.run(['health', '--json']);
    expect(notWell(after)).toEqual([]);
    expect(after.code).toBe(0);
    expect(checksOf(after).get('drift')?.message).toContain('as the last run left it');
    expect(parsed(after).reasonCode).toBe('clean');
  });

  it('names what was changed past the migrations, until a run records the catalog anew', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up', '--steps', '1']);
    await scene.sql(
      'ALTER TABLE books ALTER COLUMN id TYPE numeric; CREATE INDEX by_hand ON books (id); CREATE TABLE notes (note text);',
    );
    const drifted = await scene.run(['health', '--json']);
    expect(drifted.code).toBe(1);
    expect(notWell(drifted)).toEqual(['drift']);
    expect(checksOf(drifted).get('drift')?.details).toEqual([
      'column books.id was changed: type: bigint became type: numeric',
      'index by_hand was added: CREATE INDEX by_hand ON public.books USING btree (id)',
      'table notes was added: there',
    ]);
    expect((await scene.run(['up'])).code).toBe(0);
    expect((await scene.run(['health'])).code).toBe(0);
    // Only the newest keeps the catalog.
    expect(
      await scene.column(
        `SELECT split_part(catalog_fingerprint, ' ', 3) <> '' FROM _migration_history ORDER BY id`,
      ),
    ).toEqual(['f', 't']);
    expect((await scene.run(['down'])).code).toBe(0);
    expect((await scene.run(['health'])).code).toBe(0);
    expect(
      await scene.column(
        `SELECT split_part(catalog_fingerprint, ' ', 3) <> '' FROM _migration_rollback_history`,
      ),
    ).toEqual(['t']);
  });

  it('says that drift is not known where the last run was cut off', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql('UPDATE _migration_history SET catalog_fingerprint = NULL');
    const ended = await scene.run(['health', '--json']);
    expect(ended.code).toBe(0);
    expect(checksOf(ended).get('drift')).toMatchObject({ status: 'unknown' });
  });

  it('names invalid indexes, unvalidated constraints and long transactions', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql('INSERT INTO books VALUES (1, $$a$$), (2, $$a$$)');
    await expect(scene.sql('CREATE UNIQUE INDEX CONCURRENTLY twice ON books (title)')).rejects.toThrow();
    await scene.sql('ALTER TABLE books ADD CONSTRAINT long CHECK (length(title) > 3) NOT VALID');
    const other = await session(scene.url);
    await other.run('BEGIN; LOCK TABLE books');
    try {
      const ended = await scene.run(['health', '--json'], { AIRLOCK_LOCK_TIMEOUT: '0.001' });
      expect(ended.code).toBe(1);
      expect(parsed(ended).reasonCode).toBe('unhealthy');
      const checks = checksOf(ended);
      // It waits for nobody.
      expect(checks.get('drift')).toMatchObject({
        status: 'unknown',
        message: expect.stringContaining('locked'),
      });
      expect(checks.get('invalid indexes')).toMatchObject({
        status: 'failed',
        details: ['public.twice on books'],
        next: 'REINDEX INDEX CONCURRENTLY public.twice; or DROP INDEX CONCURRENTLY public.twice;',
      });
      expect(checks.get('unvalidated constraints')).toMatchObject({
        status: 'warning',
        details: ['check long on books'],
        next: 'ALTER TABLE books VALIDATE CONSTRAINT "long";',
      });
      expect(checks.get('long transactions')).toMatchObject({
        status: 'warning',
        details: [
          expect.stringMatching(/^process \d+ \(idle in transaction, postgres, airlock\) .* locks on books$/),
        ],
      });
    } finally {
      await other.close();
    }
  });

  it('names failed and running rows', async () => {
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      'migrations/20260103120000_fail.sql': FAILS,
    });
    const up = await scene.run(['up']);
    expect(up.code, up.out + up.err).toBe(3);
    const failed = await scene.run(['health', '--json']);
    expect(failed.code).toBe(1);
    expect(checksOf(failed).get('history')).toMatchObject({
      status: 'failed',
      details: [expect.stringContaining('20260103120000 fail: failed: division by zero (22012)')],
    });
    await scene.sql(`UPDATE _migration_history SET status = 'running' WHERE status = 'failed'`);
    const running = await scene.run(['health', '--json']);
    expect(running.code).toBe(1);
    expect(checksOf(running).get('history')?.details).toEqual([
      expect.stringContaining('20260103120000 fail: interrupted: division by zero (22012)'),
    ]);
  });

  it('ends with 6 where history and files disagree, and with 1 where the audit log was written to', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql(
      `ALTER TABLE _migration_audit_log DISABLE TRIGGER append_only; UPDATE _migration_audit_log SET actor = 'eve' WHERE id = 2; ALTER TABLE _migration_audit_log ENABLE ALWAYS TRIGGER append_only`,
    );
    const forged = await scene.run(['health', '--json']);
    expect(forged.code).toBe(1);
    expect(notWell(forged)).toEqual(['audit log']);
    expect(checksOf(forged).get('audit log')?.message).toContain(
      'broken at row 2: its content is not what was written',
    );
    scene.write(
      'migrations/20260102120000_add_title.sql',
      `${BOOKS['migrations/20260102120000_add_title.sql']}-- edited\n`,
    );
    const edited = await scene.run(['health', '--json']);
    expect(edited.code).toBe(6);
    expect(parsed(edited).reasonCode).toBe('history-disagrees');
    expect(checksOf(edited).get('files')?.details).toEqual([
      '20260102120000 add_title: edited since it was applied',
    ]);
  });

  it('tells who holds the lease, and whether it is dead', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql(
      `INSERT INTO _migration_locks (lock_name, run_id, command, executed_by, host, process_id, expires_at)
       VALUES ('migration_lock', 'r', 'up', 'ada', 'laptop', 7, now() - interval '1 minute')`,
    );
    const ended = await scene.run(['health', '--json']);
    expect(ended.code).toBe(0);
    expect(checksOf(ended).get('lease')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('airlock up of ada on laptop (process 7)'),
    });
  });

  it('ends with 7 where nobody answers', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    const ended = await scene.run(['health', '--json'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    expect(ended.code).toBe(7);
    expect(parsed(ended).reasonCode).toBe('database-unreachable');
  });

  it('does without the rights that it has not', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.sql(
      `DO $$ BEGIN CREATE ROLE clerk LOGIN PASSWORD 'clerk-secret'; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT CREATE, USAGE ON SCHEMA public TO clerk`,
    );
    const url = new URL(scene.url);
    url.username = 'clerk';
    url.password = 'clerk-secret';
    const other = await session(scene.url);
    try {
      const env = { DATABASE_URL: url.href };
      expect((await scene.run(['up'], env)).code).toBe(0);
      const ended = await scene.run(['health', '--json'], env);
      expect(ended.code).toBe(0);
      expect(checksOf(ended).get('drift')?.status).toBe('ok');
      expect(checksOf(ended).get('long transactions')).toMatchObject({
        status: 'unknown',
        message: expect.stringContaining('are not shown to this user'),
      });
    } finally {
      await other.close();
    }
  });
});

describe('airlock health of a server with a slot', () => {
  it('tells how it is connected, and which slot keeps the log', async () => {
    const own = await startPostgres();
    try {
      const scene = await openScene(own.connectionString, BOOKS);
      await scene.sql(`SELECT pg_create_physical_replication_slot('left_over', true)`);
      const few = checksOf(await scene.run(['health', '--json']));
      expect(few.get('connection')?.message).toMatch(/^t_[0-9a-f]+ as postgres, no TLS, answered in \d+ ms$/);
      expect(few.get('replication')).toMatchObject({
        status: 'ok',
        message: '0 standbys, 1 slot that nobody reads',
        details: [expect.stringMatching(/^slot left_over \(read by nobody\): \d+ kB behind$/)],
      });
      await scene.sql(
        'CREATE TABLE much AS SELECT repeat(md5(n::text), 60) AS filling FROM generate_series(1, 40000) n',
      );
      const ended = await scene.run(['health', '--json']);
      expect(ended.code).toBe(0);
      expect(checksOf(ended).get('replication')).toMatchObject({
        status: 'warning',
        message: '0 standbys, 1 slot that nobody reads; 1 more than 10 s or 64 MB behind',
      });
    } finally {
      await own.stop();
    }
  });
});

const binaries15 = installedBinaries(15);
if (binaries15 === undefined) console.warn('not tested on PostgreSQL 15: it is not installed');
describe.skipIf(binaries15 === undefined)('airlock health on PostgreSQL 15', () => {
  it('looks at the same', async () => {
    const old = await startPostgres(binaries15);
    try {
      const scene = await openScene(old.connectionString, BOOKS);
      expect((await scene.run(['up'])).code).toBe(0);
      const ended = await scene.run(['health', '--json']);
      expect(ended.code, ended.out).toBe(0);
      expect(notWell(ended)).toEqual([]);
    } finally {
      await old.stop();
    }
  });
});
