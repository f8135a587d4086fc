import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import type { Ended } from '../cli/run-cli.ts';
import { BOOKS, FAILS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

type Line = Readonly<Record<string, unknown>>;

function linesOf({ err }: Ended): readonly Line[] {
  return err
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

const FAILING = { ...BOOKS, 'migrations/20260103120000_fail.sql': FAILS };

function errorLog({ folder }: Scene): readonly Line[] {
  const text = readFileSync(join(folder, 'logs/migration-error.log'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.concurrent('LOG_LEVEL=DEBUG', () => {
  it('logs SQL, the lease, validation and times, and no secret', async () => {
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      'migrations/20260103120000_role.sql': migration(
        `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN PASSWORD 'hunter-two-three'; END IF; END $$;`,
        'SELECT 1;',
      ),
    });
    const ended = await scene.run(['up'], { LOG_LEVEL: 'DEBUG', AUDIT_KEY: 'key-of-the-audit-log' });
    expect(ended.code, ended.err).toBe(0);
    const lines = linesOf(ended);
    const messages = lines.map(({ msg }) => msg);
    const order = [
      'files read',
      'validation begins',
      'validation ends',
      'lease acquired',
      'migration begins',
    ];
    expect(order.map((each) => messages.indexOf(each))).toEqual(
      order.map((each) => messages.indexOf(each)).toSorted((a, b) => a - b),
    );
    expect(messages.lastIndexOf('lease released')).toBeGreaterThan(messages.lastIndexOf('migration ends'));
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'sql',
        sql: 'CREATE TABLE books (id bigint PRIMARY KEY)',
        command: 'CREATE TABLE',
        ms: expect.any(Number),
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'statement done',
        migration: '20260102120000',
        statement: 1,
        ms: expect.any(Number),
      }),
    );
    expect(lines.some(({ sql }) => typeof sql === 'string' && sql.includes('CREATE ROLE reader'))).toBe(true);
    expect(`${ended.out}${ended.err}`).not.toContain('hunter-two-three');
    expect(`${ended.out}${ended.err}`).not.toContain('key-of-the-audit-log');
  });

  it('is for people where LOG_FORMAT says so, and silent at other levels', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    const pretty = await scene.run(['up', '--steps', '1'], { LOG_LEVEL: 'debug', LOG_FORMAT: 'pretty' });
    expect(pretty.code, pretty.err).toBe(0);
    expect(pretty.err).toMatch(/\[\d\d:\d\d:\d\d\.\d{3}\] DEBUG: lease acquired/);
    expect(linesOf(pretty)).toEqual([]);
    const quiet = await scene.run(['up'], { LOG_LEVEL: 'info' });
    expect(quiet).toMatchObject({ code: 0, err: '' });
  });

  it('says who is waited for, and which statement the server refused', async () => {
    const scene = await openScene(server.connectionString, FAILING);
    const ended = await scene.run(['up'], { LOG_LEVEL: 'debug' });
    expect(ended.code).toBe(3);
    expect(linesOf(ended)).toContainEqual(
      expect.objectContaining({ msg: 'sql refused', code: '22012', error: 'division by zero' }),
    );
  });
});

describe.concurrent('logs/migration-error.log', () => {
  it('gets a line for each run that failed, and none for one that did not', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    expect((await scene.run(['up'])).code).toBe(0);
    expect((await scene.run(['up', '--target', 'nowhere'])).code).toBe(2);
    expect(existsSync(join(scene.folder, 'logs'))).toBe(false);
    scene.write('migrations/20260103120000_fail.sql', FAILS);
    expect((await scene.run(['up', '--json'])).code).toBe(3);
    const { password } = new URL(scene.url);
    const elsewhere = `postgres://postgres:${password}@127.0.0.1:1/x`;
    expect((await scene.run(['down'], { DATABASE_URL: elsewhere })).code).toBe(7);
    expect(errorLog(scene)).toEqual([
      expect.objectContaining({
        level: 50,
        time: expect.stringMatching(/^\d{4}-/),
        command: 'up',
        reasonCode: 'migration-failed',
        exitCode: 3,
        migration: { id: '20260103120000', name: 'fail' },
        msg: expect.stringContaining('division by zero (22012)'),
      }),
      expect.objectContaining({ command: 'down', reasonCode: 'database-unreachable', exitCode: 7 }),
    ]);
    const path = join(scene.folder, 'logs/migration-error.log');
    expect(readFileSync(path, 'utf8')).not.toContain(password);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not followed out of the checkout, and does not hide the error where it cannot be written', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'airlock-outside-'));
    const linked = await openScene(server.connectionString, FAILING);
    symlinkSync(outside, join(linked.folder, 'logs'));
    const ended = await linked.run(['up']);
    expect(ended.code).toBe(3);
    expect(ended.err).toContain(
      'warning: the error could not be written to logs/migration-error.log (ELOOP)',
    );
    expect(ended.err).toContain('20260103120000 fail: a statement failed');
    expect(readdirSync(outside)).toEqual([]);
    const blocked = await openScene(server.connectionString, { ...FAILING, logs: 'a file' });
    const other = await blocked.run(['up']);
    expect(other.code).toBe(3);
    expect(other.err).toContain('could not be written to logs/migration-error.log (EEXIST)');
  });
});
