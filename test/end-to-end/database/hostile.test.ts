import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeRun } from '../../../src/engine/open.ts';
import { opening } from '../../engine/engine-room.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { inProcess, type Told } from './in-process.ts';
import { BOOKS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
let scene: Scene;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
const CONFIGURATION = 'directory: migrations\nfailOn: never\nleaseTimeout: 20s\n';
beforeEach(async () => {
  scene = await openScene(server.connectionString, { ...BOOKS, 'migration.config.yml': CONFIGURATION });
});

const FIRST = 'migrations/20260101120000_create_books.sql';
const SECOND = 'migrations/20260102120000_add_title.sql';
const THIRD = 'migrations/20260103120000_third.sql';
const MAKES_THIRD = migration('CREATE TABLE third (id bigint PRIMARY KEY);', 'DROP TABLE third;');

async function applied(): Promise<void> {
  expect((await inProcess(scene, ['up'])).code).toBe(0);
}

/** Starts a command while somebody else holds the lease, does something, and lets it go on. */
async function whileItWaits(argv: readonly string[], meanwhile: () => void, more = {}): Promise<Told> {
  const other = await opening(scene.url);
  if (!other.ok) throw new Error(other.because);
  let waiting: (() => void) | undefined;
  const waits = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const ended = inProcess(scene, argv, {
    ...more,
    whenAt: { name: 'lease:waiting', times: 1, then: () => waiting?.() },
  });
  await Promise.race([waits, ended]);
  meanwhile();
  await closeRun(other.run);
  return ended;
}

describe('a history that somebody edited by hand', () => {
  beforeEach(applied);

  it('with another checksum disagrees with the file, and nothing runs on top of it', async () => {
    scene.write(THIRD, MAKES_THIRD);
    await scene.sql(`UPDATE _migration_history SET checksum = 'x' WHERE migration_id = '20260101120000'`);
    for (const argv of [['status'], ['up'], ['down', '--steps', '2']]) {
      const { code, out, err } = await inProcess(scene, argv);
      expect(code, `${argv}`).toBe(6);
      expect(`${out}${err}`).toMatch(/airlock repair/);
    }
    expect((await inProcess(scene, ['up', '--force'])).code).toBe(6);
    expect(await scene.column(`SELECT to_regclass('third')`)).toEqual([null]);
  });

  it('with a migration that no file has is told, and nothing runs', async () => {
    scene.write(THIRD, MAKES_THIRD);
    await scene.sql(
      `INSERT INTO _migration_history (migration_id, name, checksum, status, executed_by, host, tool_version, run_id, transactional) VALUES ('0', 'ghost', '', 'applied', '', '', '', '', true)`,
    );
    const status = await inProcess(scene, ['status']);
    expect(status.code).toBe(6);
    expect(status.out).toContain('missing   0 ghost');
    expect((await inProcess(scene, ['up'])).code).toBe(6);
    expect(await scene.column(`SELECT to_regclass('third')`)).toEqual([null]);
  });

  it('with names and errors that are no text prints them harmlessly', async () => {
    await scene.sql(
      `UPDATE _migration_history SET migration_id = E'\\x1b[2J\\n::error::x\\u202e $$', name = E'a\\r\\tb\\u2066', error = E'\\x07\\n::stop-commands::y', status = 'failed' WHERE migration_id = '20260102120000'`,
    );
    for (const argv of [['status', '--verbose'], ['health']]) {
      const { out, err } = await inProcess(scene, argv);
      for (const raw of ['\u001b', '\u0007', '\r', '\u202e', '\u2066'])
        expect(`${out}${err}`).not.toContain(raw);
      expect(`${out}${err}`).not.toMatch(/^::/m);
    }
  });

  it('with a progress that cannot be refuses, and says how it is settled', async () => {
    scene.write(THIRD, MAKES_THIRD.replace('-- UP', '-- @no-transaction\n-- UP'));
    await applied();
    await scene.sql(
      `UPDATE _migration_history SET status = 'running', statements_begun = 99, statements_done = 99, done_digest = 'x' WHERE migration_id = '20260103120000'`,
    );
    const { code, err } = await inProcess(scene, ['up']);
    expect(code).toBe(6);
    expect(err).toContain('airlock repair 20260103120000');
    expect(await scene.column(`SELECT count(*) FROM _migration_history`)).toEqual(['3']);
  });

  it('cannot have a migration twice: the database itself refuses the row', async () => {
    await expect(
      scene.sql(
        `INSERT INTO _migration_history (migration_id, name, checksum, status, executed_by, host, tool_version, run_id, transactional) SELECT migration_id, name, checksum, 'applied', '', '', '', '', true FROM _migration_history`,
      ),
    ).rejects.toThrow('_migration_history_once');
  });

  it('with a lease that nobody can hold is taken over', async () => {
    scene.write(THIRD, MAKES_THIRD);
    await scene.sql(
      `INSERT INTO _migration_locks (lock_name, run_id, command, executed_by, host, process_id, backend_pids, backend_starts, expires_at) VALUES ('migration_lock', '', '', '', '', 0, '{1,2}', '{}', 'infinity')`,
    );
    const { code, err } = await inProcess(scene, ['up']);
    expect([code, err]).toEqual([0, '']);
    expect(await scene.column(`SELECT to_regclass('third')`)).toEqual(['third']);
  });

  it('with a catalog that was not recorded by a run cannot be compared, and the run goes on', async () => {
    scene.write(THIRD, MAKES_THIRD);
    await scene.sql(`UPDATE _migration_history SET catalog_fingerprint = 'a b c'`);
    const { code, err } = await inProcess(scene, ['up']);
    expect(code).toBe(0);
    expect(err).toContain('cannot be told');
  });
});

describe('system tables of a later version', () => {
  it('are touched by no command, and each says what to do', async () => {
    await applied();
    await scene.sql(
      `INSERT INTO _migration_versions (kind, version, name, tool_version) VALUES ('system', '99', 'later', '9.0.0')`,
    );
    scene.write(THIRD, MAKES_THIRD);
    const before = await scene.column('SELECT count(*) FROM _migration_audit_log');
    for (const argv of [
      ['up'],
      ['up', '--force'],
      ['down'],
      ['status'],
      ['plan'],
      ['health'],
      ['verify'],
      ['baseline', '20260103120000', '--yes'],
      ['repair', '--yes'],
      ['unlock', '--force'],
    ]) {
      const { code, err } = await inProcess(scene, argv);
      expect(code, `${argv}`).toBe(2);
      expect(err).toContain('the system tables are of version 99, and this program knows version 1');
      expect(err).toContain('next: upgrade pg-airlock');
    }
    expect(await scene.column('SELECT count(*) FROM _migration_audit_log')).toEqual(before);
    expect(await scene.column(`SELECT to_regclass('third')`)).toEqual([null]);
  });
});

describe('files that vanish', () => {
  it('once they are applied: the history knows them, and nothing runs on top', async () => {
    await applied();
    scene.remove(FIRST);
    scene.write(THIRD, MAKES_THIRD);
    const status = await inProcess(scene, ['status']);
    expect(status.code).toBe(6);
    expect(status.out).toContain('missing   20260101120000 create_books');
    expect((await inProcess(scene, ['up'])).code).toBe(6);
    const down = await inProcess(scene, ['down', '--steps', '2']);
    expect(down.code).toBe(2);
    expect(down.err).toContain('its file is gone, and with it the down');
    expect(await scene.column(`SELECT to_regclass('books')`)).toEqual(['books']);
  });

  it('while the run waits for the lease: what was planned is what runs, and status tells', async () => {
    const { code, err } = await whileItWaits(['up'], () => scene.remove(SECOND));
    expect([code, err]).toEqual([0, '']);
    expect(await scene.column('SELECT migration_id FROM _migration_history ORDER BY id')).toEqual([
      '20260101120000',
      '20260102120000',
    ]);
    expect((await inProcess(scene, ['status'])).out).toContain('missing   20260102120000 add_title');
  });

  it('behind a link, which is not followed: it is named, and nothing runs without it', async () => {
    symlinkSync('nowhere', join(scene.folder, THIRD));
    const { code, err } = await inProcess(scene, ['up']);
    expect(code).toBe(2);
    expect(err).toContain('20260103120000_third.sql:1 is a symbolic link, which is not followed');
    expect(await scene.column(`SELECT to_regclass('books')`)).toEqual([null]);
  });

  const KEY = { APPROVAL_KEY: '0123456789abcdef0123456789abcdef' };
  const production = (): void =>
    scene.write(
      'migration.config.yml',
      `${CONFIGURATION}environments:\n  production: { requireApproval: true, skipBackup: true }\n`,
    );
  /** A token for what `plan` shows now. */
  async function token(more: readonly string[] = []): Promise<string> {
    const plan = await inProcess(scene, ['plan', '--env', 'production', '--json']);
    const argv = [
      'approve',
      '--env',
      'production',
      '--plan',
      plan.result?.plan?.digest ?? '',
      '--as',
      'grace',
    ];
    return (await inProcess(scene, [...argv, ...more], { env: KEY })).out.trim();
  }

  it('between the approval and the run: another plan, which nobody approved', async () => {
    production();
    const given = await token();
    scene.remove(SECOND);
    const { code, err } = await inProcess(scene, ['up', '--env', 'production', '--approval', given], {
      env: KEY,
    });
    expect(code).toBe(5);
    expect(err).toContain('the approval is for the plan');
    expect(await scene.column(`SELECT to_regclass('books')`)).toEqual([null]);
  });

  it('an approval that expires while the run waits for the lease is used by nobody', async () => {
    production();
    const given = await token();
    let late = 0;
    const now = (): Date => new Date(Date.now() + late);
    const argv = ['up', '--env', 'production', '--approval', given];
    const { code, err, of } = await whileItWaits(
      argv,
      () => {
        late = 365 * 24 * 3_600_000;
      },
      { env: KEY, now },
    );
    expect(code).toBe(5);
    expect(err).toMatch(/the approval expired at .*, while this command waited for the lease/);
    expect(of('run:end')).toMatchObject([{ outcome: 'refused', reasonCode: 'approval-required' }]);
    expect(await scene.column(`SELECT to_regclass('books')`)).toEqual([null]);
    expect(await scene.column(`SELECT 1 FROM _migration_audit_log WHERE action = 'approved'`)).toEqual([]);
    // In time it is good.
    expect((await inProcess(scene, argv, { env: KEY })).code).toBe(0);
  });
});
