import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionLost } from '../../../src/engine/connection.ts';
import { closeRun } from '../../../src/engine/open.ts';
import { startProxy } from '../../engine/answer-dropping-proxy.ts';
import { opening, session } from '../../engine/engine-room.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { inProcess } from './in-process.ts';
import { BOOKS, FAILS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
let scene: Scene;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  scene = await openScene(server.connectionString, {
    ...BOOKS,
    'migration.config.yml': 'directory: migrations\nfailOn: never\nleaseTimeout: 1s\n',
  });
});

const MORE = 'migrations/20260104120000_more.sql';
const NAMES = [
  { id: '20260101120000', name: 'create_books' },
  { id: '20260102120000', name: 'add_title' },
];

/** Whatever `work` does, somebody else holds the lease meanwhile. */
async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const other = await opening(scene.url);
  if (!other.ok) throw new Error(other.because);
  try {
    return await work();
  } finally {
    await closeRun(other.run);
  }
}

describe('what was changed past Airlock', () => {
  beforeEach(async () => {
    expect((await inProcess(scene, ['up'])).code).toBe(0);
    scene.write(MORE, migration('CREATE TABLE more (id bigint PRIMARY KEY);', 'DROP TABLE more;'));
  });

  it('is said before an up, on the terminal, as an event and in the audit log, and the up goes on', async () => {
    await scene.sql('ALTER TABLE books ADD COLUMN by_hand text; CREATE TABLE sneaked_in (id int)');
    const { code, err, of } = await inProcess(scene, ['up']);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning: 2 things are not as the last run left them \(.*\); this run goes on with them:\n/,
    );
    expect(err).toContain('by_hand was added');
    expect(err).toContain('sneaked_in was added');
    expect(of('drift:found')).toMatchObject([
      { command: 'up', differences: [expect.any(String), expect.any(String)] },
    ]);
    const [details] = await scene.column(
      `SELECT details FROM _migration_audit_log WHERE action = 'drift' AND run_id = (SELECT run_id FROM _migration_history ORDER BY id DESC LIMIT 1)`,
    );
    expect(JSON.parse(details ?? '')).toMatchObject({
      count: 2,
      differences: of('drift:found')[0]?.differences,
    });
    expect(await scene.column(`SELECT to_regclass('more')`)).toEqual(['more']);
    // It is what this run left now.
    const again = await inProcess(scene, ['down', '--json']);
    expect([again.code, again.result?.drift]).toEqual([0, undefined]);
    expect(again.err).not.toContain('warning');
  });

  it('is said before a down too, and in the result document', async () => {
    await scene.sql('DROP INDEX IF EXISTS nothing; ALTER TABLE books ALTER COLUMN title SET NOT NULL');
    const { code, result } = await inProcess(scene, ['down', '--json']);
    expect(code).toBe(0);
    expect(result?.drift).toMatchObject({ status: 'found', since: expect.any(String) });
    expect(result?.drift?.differences?.join()).toContain('title');
  });

  it('is not looked for where there is nothing to do, nor found where a migration did it', async () => {
    expect(await inProcess(scene, ['up'])).toMatchObject({ code: 0, err: '' });
    await scene.sql('CREATE TABLE sneaked_in (id int)');
    expect(await inProcess(scene, ['up'])).toMatchObject({ code: 0, err: '' });
    expect(await scene.column(`SELECT 1 FROM _migration_audit_log WHERE action = 'drift'`)).toEqual([]);
  });

  it('cannot be told where the last run was cut off, and that is said', async () => {
    await scene.sql('UPDATE _migration_history SET catalog_fingerprint = NULL');
    const { code, err, result } = await inProcess(scene, ['up', '--json']);
    expect(code).toBe(0);
    expect(err).toContain(
      'warning: whether anything was changed by hand since the last run cannot be told: the last run (',
    );
    expect(result?.drift).toMatchObject({ status: 'unknown' });
  });
});

describe('the events of a run', () => {
  it('end with one that says how it ended', async () => {
    const done = await inProcess(scene, ['up']);
    expect(done.events.map(({ name }) => name)).toEqual([
      'run:start',
      'migration:start',
      'migration:end',
      'migration:start',
      'migration:end',
      'migration:complete',
      'run:end',
    ]);
    expect(done.of('run:end')).toMatchObject([{ command: 'up', outcome: 'complete' }]);
    scene.write(MORE, FAILS);
    const failed = await inProcess(scene, ['up']);
    expect(failed.code).toBe(3);
    expect(failed.events.slice(-2).map(({ name }) => name)).toEqual(['migration:failed', 'run:end']);
    expect(failed.of('run:end')).toMatchObject([{ outcome: 'failed' }]);
  });

  it('are none of a dry run in the database', async () => {
    const { code, events } = await inProcess(scene, ['up', '--dry-run=database']);
    expect(code).toBe(0);
    expect(events).toEqual([]);
  });

  it.each([
    ['up', ['up']],
    ['baseline', ['baseline', '20260101120000', '--yes']],
  ])('%s: where the lease is held they say who is waited for, and that nothing was run', async (_, argv) => {
    const { code, out, of } = await whileHeld(() => inProcess(scene, argv));
    expect(code).toBe(4);
    expect(out).toContain('waiting for airlock up of ada on here');
    expect(of('lease:waiting').length).toBeGreaterThan(0);
    expect(of('run:end')).toMatchObject([
      {
        outcome: 'refused',
        reasonCode: 'lease-held',
        problems: [expect.stringContaining('holds the lease')],
      },
    ]);
    expect(await scene.column('SELECT 1 FROM _migration_history')).toEqual([]);
  });

  it('tell of a baseline, a repair and an unlock', async () => {
    const baseline = await inProcess(scene, ['baseline', '20260102120000', '--yes']);
    expect(baseline.of('migration:baselined')).toMatchObject([{ command: 'baseline', migrations: NAMES }]);
    expect(baseline.events.map(({ name }) => name)).toEqual(['run:start', 'migration:baselined', 'run:end']);
    await scene.sql(`UPDATE _migration_history SET checksum = 'other' WHERE migration_id = '20260101120000'`);
    const repair = await inProcess(scene, ['repair', '--yes']);
    expect([repair.code, repair.err]).toEqual([0, '']);
    expect(repair.of('migration:repaired')).toMatchObject([
      { migration: { id: '20260101120000' }, change: expect.stringContaining('checksum other') },
    ]);
    const other = await opening(scene.url);
    if (!other.ok) throw new Error(other.because);
    const unlock = await inProcess(scene, ['unlock', '--force']);
    expect(unlock.of('lease:unlocked')).toMatchObject([
      { holder: expect.stringContaining('ada'), sessionsEnded: 2 },
    ]);
    expect(unlock.of('run:end')).toMatchObject([{ command: 'unlock', outcome: 'complete' }]);
    await closeRun(other.run);
  });

  it('are counted as metrics, refusals and baselines among them', async () => {
    const counted = await whileHeld(() => metricsOf(['up']));
    expect(counted.get('airlock.runs')).toEqual([
      expect.objectContaining({ 'airlock.outcome': 'refused', 'airlock.reason': 'lease-held' }),
    ]);
    const baseline = await metricsOf(['baseline', '20260102120000', '--yes']);
    expect(baseline.get('airlock.migrations')).toEqual([
      expect.objectContaining({ 'airlock.status': 'baselined' }),
    ]);
    expect(baseline.get('airlock.runs')).toEqual([
      expect.objectContaining({ 'airlock.command': 'baseline', 'airlock.outcome': 'complete' }),
    ]);
  });
});

/** The attributes of each metric's data points, as a collector of OTLP gets them. */
async function metricsOf(argv: readonly string[]): Promise<Map<string, unknown[]>> {
  const received = new Map<string, unknown[]>();
  const http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { resourceMetrics } = JSON.parse(Buffer.concat(parts).toString());
      for (const { name, sum } of resourceMetrics[0].scopeMetrics[0].metrics)
        if (sum)
          received.set(
            name,
            sum.dataPoints.map(
              ({ attributes }: { attributes: { key: string; value: { stringValue: string } }[] }) =>
                Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue])),
            ),
          );
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const address = http.address();
  if (!address || typeof address === 'string') throw new Error('the system gave no port');
  const { err } = await inProcess(scene, argv, {
    env: { METRICS_ENDPOINT: `http://127.0.0.1:${address.port}` },
  });
  expect(err).not.toContain('warning');
  await new Promise((done) => http.close(done));
  return received;
}

describe('a statement that a run without a lease left at work', () => {
  it('is what unlock --force ends, though nobody holds the lease', async () => {
    expect((await inProcess(scene, ['up'])).code).toBe(0);
    const left = await session(scene.url);
    const [me] = await left.query(
      `SELECT pid, date_part('epoch', backend_start)::numeric::text AS start FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    );
    await scene.sql(
      `UPDATE _migration_history SET status = 'running', transactional = false, statements_total = 2, statements_begun = 1, statements_done = 0, backend_pid = ${me?.['pid']}, backend_start = '${me?.['start']}' WHERE migration_id = '20260102120000'`,
    );
    const idle = await inProcess(scene, ['unlock']);
    expect([idle.code, idle.out]).toEqual([0, 'nobody holds the lease\n']);
    const asleep = left.run('SELECT pg_sleep(60)').catch((error: unknown) => error);
    const status = await inProcess(scene, ['status']);
    expect(status.out).toContain('0 of 2 statements done; statement 1 was begun');
    const { code, out } = await inProcess(scene, ['unlock', '--force']);
    expect(code).toBe(0);
    expect(out).toContain('nobody held the lease; 1 session was ended');
    expect(await asleep).toBeInstanceOf(ConnectionLost);
    expect(await scene.column(`SELECT 1 FROM _migration_audit_log WHERE action = 'unlock'`)).toEqual(['1']);
  });
});

describe('a connection that is lost under the lease and does not come back', () => {
  it('ends with exit code 7, says what is known, and leaves a lease that the next run takes over', async () => {
    const proxy = await startProxy(scene.url);
    const { code, err, of, result } = await inProcess(scene, ['up', '--json'], {
      env: { DATABASE_URL: proxy.url },
      whenAt: { name: 'migration:start', times: 2, then: () => void proxy.close() },
    });
    expect(code).toBe(7);
    expect(result).toMatchObject({
      reasonCode: 'database-unreachable',
      applied: ['20260101120000'],
      failed: '20260102120000',
      next: expect.stringContaining('airlock status'),
    });
    expect(err).toContain('NOT KNOWN');
    expect(of('run:end')).toMatchObject([{ outcome: 'failed' }]);
    expect((await inProcess(scene, ['status'])).out).toContain('1 applied, 1 pending');
    expect(await inProcess(scene, ['up'])).toMatchObject({ code: 0 });
    expect(await scene.column('SELECT status FROM _migration_history ORDER BY id')).toEqual([
      'applied',
      'applied',
    ]);
  });

  it('while it waits for the lease: exit code 7, and nothing was run', async () => {
    const proxy = await startProxy(scene.url);
    const { code, err, of } = await whileHeld(() =>
      inProcess(scene, ['up'], {
        env: { DATABASE_URL: proxy.url },
        whenAt: { name: 'lease:waiting', times: 1, then: () => void proxy.close() },
      }),
    );
    expect(code).toBe(7);
    expect(err).toContain('next: look at DATABASE_URL, and whether the server is up');
    expect(of('run:end')).toMatchObject([{ outcome: 'refused', reasonCode: 'database-unreachable' }]);
  });
});
