import { expect, it } from 'vitest';
import { parsed } from '../cli/run-cli.ts';
import { asleep, onEachServer } from './each-server.ts';
import { BOOKS, migration, type Scene } from './scene.ts';

/** Long enough that only what ends it ends it. */
const SLEEPS = migration(
  'CREATE TABLE slept (id bigint PRIMARY KEY);\nSELECT pg_sleep(40);',
  'DROP TABLE slept;',
);
const APART = migration(
  '-- @no-transaction\nCREATE TABLE first_step (id bigint PRIMARY KEY);\nSELECT pg_sleep(40);\nCREATE TABLE second_step (id bigint PRIMARY KEY);',
  'DROP TABLE IF EXISTS first_step;\nDROP TABLE IF EXISTS second_step;',
);
/** Ends by itself, so that what comes behind it would run. */
const NAPS = APART.replace('pg_sleep(40)', 'pg_sleep(3)');
const SLEEPER = 'migrations/20260103120000_sleeps.sql';
const AFTER = { 'migrations/20260104120000_after.sql': migration('SELECT 1;', 'SELECT 1;') };

const history = ({ column }: Scene): Promise<readonly (string | null)[]> =>
  column(`SELECT migration_id || ' ' || status FROM _migration_history ORDER BY id`);
const made = async ({ column }: Scene, table: string): Promise<boolean> =>
  (await column(`SELECT to_regclass('${table}')::text`))[0] !== null;
const DONE = ['20260101120000 applied', '20260102120000 applied'];

onEachServer('a run that is cut short', (open) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`ends with 130 on ${signal}, and leaves nothing half-recorded`, async () => {
      const sleeping = await open({ ...BOOKS, [SLEEPER]: SLEEPS, ...AFTER });
      const { ended, kill } = await asleep(sleeping, ['up']);
      kill(signal);
      const { code, out, err } = await ended;
      expect(code, err).toBe(130);
      expect(out).toContain('nothing of it is left in the database');
      expect(err).toContain('20260103120000 sleeps: interrupted. 1 not begun.');
      expect(await made(sleeping, 'slept')).toBe(false);
      expect(await sleeping.column('SELECT count(*) FROM _migration_locks')).toEqual(['0']);
      expect((await history(sleeping)).filter((row) => row?.endsWith('running'))).toEqual([]);
      expect((await history(sleeping)).slice(0, 2)).toEqual(DONE);
      expect((await sleeping.run(['status'])).code).toBe(0);
    });

  it('outside of a transaction goes on behind the statements that were done', async () => {
    const apart = await open({ ...BOOKS, [SLEEPER]: APART });
    const { ended, kill } = await asleep(apart, ['up']);
    kill('SIGTERM');
    const { code, err } = await ended;
    expect(code, err).toBe(130);
    expect(await made(apart, 'first_step')).toBe(true);
    expect(await made(apart, 'second_step')).toBe(false);
    const stood = parsed(await apart.run(['status', '--json'])).status?.migrations.at(-1);
    expect(stood).toMatchObject({ standing: 'failed', statementsDone: 1, statementsTotal: 3 });
    // What was done may not be edited; what was not may.
    apart.write(SLEEPER, APART.replace('pg_sleep(40)', 'pg_sleep(0)'));
    const again = await apart.run(['up']);
    expect(again.code, again.err).toBe(0);
    expect(await made(apart, 'second_step')).toBe(true);
  });

  it('makes others wait, and end with 4 where that is too long', async () => {
    const held = await open({
      ...BOOKS,
      [SLEEPER]: SLEEPS,
      'migration.config.yml': 'directory: migrations\nleaseTimeout: 1\n',
    });
    const { ended, kill } = await asleep(held, ['up']);
    const { code, err } = await held.run(['up']);
    expect(code).toBe(4);
    expect(err).toMatch(/airlock up of .* on .* \(process \d+\), since .* holds the lease\./);
    const told = parsed(await held.run(['status', '--json']));
    expect(told.status?.lease).toMatchObject({ command: 'up', alive: 'yes' });
    expect((await held.run(['status'])).out).toMatch(/^lease: airlock up of /m);
    expect((await held.run(['down'])).code).toBe(4);
    const who = await held.run(['unlock']);
    expect(who.code).toBe(4);
    expect(who.err).toContain('next: wait for it, or end it: airlock unlock --force');
    kill('SIGINT');
    expect((await ended).code).toBe(130);
    const free = await held.run(['unlock']);
    expect(free.code).toBe(0);
    expect(free.out).toBe('nobody holds the lease\n');
  });

  it('by unlock --force has its session ended, and is not recorded as applied', async () => {
    const held = await open({ ...BOOKS, [SLEEPER]: SLEEPS, ...AFTER });
    const { ended } = await asleep(held, ['up']);
    const forced = await held.run(['unlock', '--force']);
    expect(forced.code, forced.err).toBe(0);
    expect(forced.out).toMatch(/held the lease; it is free now, and \d of its sessions (was|were) ended/);
    const { code, err } = await ended;
    expect(code, err).toBe(4);
    expect(err).toContain('the lease was lost');
    expect(await made(held, 'slept')).toBe(false);
    expect((await history(held)).filter((row) => row?.startsWith('20260103120000 applied'))).toEqual([]);
    expect((await history(held)).filter((row) => row?.startsWith('20260104120000'))).toEqual([]);
    expect(await held.column(`SELECT count(*) FROM _migration_audit_log WHERE action = 'unlock'`)).toEqual([
      '1',
    ]);
    held.write(SLEEPER, SLEEPS.replace('pg_sleep(40)', 'pg_sleep(0)'));
    const again = await held.run(['up']);
    expect(again.code, again.err).toBe(0);
  });

  it('by DELETE FROM _migration_locks stops before its next statement, in a transaction and outside', async () => {
    for (const [text, left] of [
      [NAPS, true],
      [NAPS.replace('-- @no-transaction\n', ''), false],
    ] as const) {
      const held = await open({ ...BOOKS, [SLEEPER]: text, ...AFTER });
      const { ended } = await asleep(held, ['up']);
      await held.sql(`DELETE FROM _migration_locks WHERE lock_name = 'migration_lock'`);
      const { code, err } = await ended;
      expect(code, err).toBe(4);
      expect(err).toContain('the lease was lost, and it stopped before its next statement');
      expect(await made(held, 'first_step')).toBe(left);
      expect(await made(held, 'second_step')).toBe(false);
      expect((await history(held)).filter((row) => row?.startsWith('20260104120000'))).toEqual([]);
      const again = await held.run(['up']);
      expect(again.code, again.err).toBe(0);
      expect(await made(held, 'second_step')).toBe(true);
    }
  });
});
