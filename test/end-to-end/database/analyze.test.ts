import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { session } from '../../engine/engine-room.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { parsed } from '../cli/run-cli.ts';
import { BOOKS, migration, openScene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const SLOW = 'migrations/20260103120000_slow.sql';
const slow = (third: string): string =>
  migration(`-- @no-transaction\nSELECT pg_sleep(0.3);\nSELECT 1;\n${third};`, 'SELECT 1;').replace(
    '-- UP\n-- @no-transaction',
    '-- @no-transaction\n-- UP',
  );

describe.concurrent('airlock analyze', () => {
  it('tells each run, where the time went, the estimate, and what the proof says', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.run(['down']);
    await scene.run(['up']);
    const ended = await scene.run(['analyze', '20260102120000', '--json']);
    expect(ended.code, ended.err).toBe(0);
    const { analysis, proofs } = parsed(ended);
    expect(analysis).toMatchObject({
      name: 'add_title',
      standing: 'applied',
      estimatedMs: 100,
      runs: [
        { direction: 'up', status: 'rolled_back', statements: 1, of: 1 },
        { direction: 'down', status: 'rolled_back', statements: 1, of: 1 },
        { direction: 'up', status: 'applied', statements: 1, of: 1 },
      ],
      statements: [{ number: 1, line: 3, text: 'ALTER TABLE books ADD COLUMN title text' }],
      notes: [],
    });
    expect(analysis?.actualMs).toBeGreaterThanOrEqual(0);
    expect(proofs?.[0]).toMatchObject({
      migrationId: '20260102120000',
      up: {
        ok: true,
        statements: [{ line: 3, locks: [{ relation: 'public.books', mode: 'AccessExclusive' }] }],
      },
      roundTrip: { status: 'reverts' },
    });
    const text = await scene.run(['analyze', '20260102120000']);
    expect(text.code).toBe(0);
    expect(text.out).toContain('estimate: 100 ms by its metadata; it took');
    expect(text.out).toMatch(/ 1 {2}line 3 +\d+ ms +100 % {2}ALTER TABLE books ADD COLUMN title text/);
    expect(text.out).toContain('proof of 20260102120000');
  });

  it('counts the statements of a run that went on where another stopped', async () => {
    const scene = await openScene(server.connectionString, { ...BOOKS, [SLOW]: slow('SELECT 1 / 0') });
    expect((await scene.run(['up'])).code).toBe(3);
    scene.write(SLOW, slow('SELECT 3'));
    expect((await scene.run(['up'])).code).toBe(0);
    const { analysis } = parsed(await scene.run(['analyze', '20260103120000', '--json', '--skip-proof']));
    expect(analysis?.runs).toMatchObject([
      { status: 'failed', statements: 2, of: 3, error: expect.stringContaining('division by zero') },
      { status: 'applied', statements: 3, of: 3 },
    ]);
    expect(analysis?.statements).toMatchObject([{ number: 3, line: 6, text: 'SELECT 3' }]);
  });

  it('tells the statement that took long, and how long locks were waited for', async () => {
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      [SLOW]: slow('ALTER TABLE books ADD COLUMN pages int'),
    });
    const other = await session(scene.url);
    await scene.run(['up', '--steps', '1']);
    await other.run('BEGIN; LOCK TABLE books');
    const up = scene.run(['up'], { AIRLOCK_LOCK_TIMEOUT: '0.2' });
    // On a busy machine the command takes its time to get there.
    await expect
      .poll(
        () =>
          scene.column(
            `SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE books%'`,
          ),
        { timeout: 30_000, interval: 20 },
      )
      .toEqual(['t']);
    await new Promise((done) => setTimeout(done, 500));
    await other.run('ROLLBACK');
    await other.close();
    const upEnd = await up;
    expect(upEnd.code, upEnd.out + upEnd.err).toBe(0);
    const waited = parsed(await scene.run(['analyze', '20260102120000', '--json', '--skip-proof']));
    expect(waited.analysis?.runs[0]?.lockWaitMs).toBeGreaterThan(200);
    const took = parsed(await scene.run(['analyze', '20260103120000', '--json', '--skip-proof']));
    const [sleep, select] = took.analysis?.statements ?? [];
    expect(sleep?.durationMs).toBeGreaterThan(290);
    expect(select?.durationMs).toBeLessThan(290);
  });

  it('says what it cannot tell', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    const never = await scene.run(['analyze', '20260101120000', '--skip-proof']);
    expect(never.code).toBe(0);
    expect(never.out).toContain('runs: none');
    expect(never.out).toContain('estimate: 100 ms by its metadata; it never came to its end here');
    await scene.run(['up']);
    scene.write('migrations/20260102120000_add_title.sql', migration('SELECT 1;', 'SELECT 1;'));
    const edited = await scene.run(['analyze', '20260102120000', '--skip-proof']);
    expect(edited.out).toContain('its file was edited since that run: statements have numbers only');
    scene.remove('migrations/20260102120000_add_title.sql');
    const gone = await scene.run(['analyze', '20260102120000']);
    expect(gone.code).toBe(0);
    expect(gone.out).toContain('its file is gone');
    const unknown = await scene.run(['analyze', '20260101120001', '--json']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('did you mean 20260101120000?');
    expect(parsed(unknown).reasonCode).toBe('usage');
    expect((await scene.run(['analyze'])).code).toBe(2);
  });
});
