import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { parsed } from '../cli/run-cli.ts';
import { BOOKS, FAILS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
/** Answers as its path says: /503, or never: /silent. */
let application: Server;
let address = '';
beforeAll(async () => {
  server = await startPostgres();
  application = createServer(({ url }, response) => {
    if (url !== '/silent') response.writeHead(Number(url?.slice(1))).end();
  });
  await new Promise<void>((done) => application.listen(0, '127.0.0.1', done));
  const at = application.address();
  if (at && typeof at === 'object') address = `http://127.0.0.1:${at.port}`;
});
afterAll(async () => {
  application.closeAllConnections();
  application.close();
  await server.stop();
});

const FAIL = 'migrations/20260103120000_fail.sql';
/** Outside of a transaction: what was done before the failure stays. */
const HALF = migration(
  'CREATE TABLE half (id bigint PRIMARY KEY);\nDO $$ BEGIN PERFORM 1 / 0; END $$;',
  'DROP TABLE IF EXISTS half;',
).replace('-- UP', '-- @no-transaction\n-- UP');

async function sceneWith(policy: string, files: Readonly<Record<string, string>> = BOOKS): Promise<Scene> {
  return openScene(server.connectionString, {
    ...files,
    'migration.config.yml': `directory: migrations\nenvironments:\n  staging: { ${policy} }\n`,
  });
}

/** Runs an up on it, whatever comes of it. */
async function up(scene: Scene) {
  const ended = await scene.run(['up', '--env', 'staging', '--json']);
  const { reasonCode, message, next, executions = [], applied } = parsed(ended);
  return {
    code: ended.code,
    reasonCode,
    message,
    next,
    applied,
    did: executions.map(({ migrationId, status }) => `${migrationId.slice(0, 8)} ${status}`),
  };
}

async function state({ column }: Scene): Promise<readonly (string | null)[]> {
  return column(`SELECT concat_ws(' ', left(migration_id, 8), status) FROM _migration_history ORDER BY id`);
}

async function tables({ column }: Scene): Promise<readonly (string | null)[]> {
  return column(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^_' ORDER BY 1`,
  );
}

describe.concurrent('the automatic rollback', () => {
  it('takes back nothing where it is off', async () => {
    const scene = await sceneWith('autoRollback: false', { ...BOOKS, [FAIL]: HALF });
    expect(await up(scene)).toMatchObject({
      code: 3,
      reasonCode: 'migration-failed',
      did: ['20260101 applied', '20260102 applied', '20260103 failed'],
      applied: ['20260101120000', '20260102120000'],
    });
    expect(await tables(scene)).toEqual(['books', 'half']);
    expect(await state(scene)).toEqual(['20260101 applied', '20260102 applied', '20260103 failed']);
  });

  it('takes back the half of a migration that its statements left', async () => {
    const scene = await sceneWith('autoRollback: true', { ...BOOKS, [FAIL]: HALF });
    expect(await up(scene)).toMatchObject({
      code: 3,
      did: ['20260101 applied', '20260102 applied', '20260103 failed', '20260103 rolled-back'],
      message: expect.stringContaining('Rolled back: 20260103120000.'),
      next: 'correct the file, then airlock up --env staging again',
    });
    expect(await tables(scene)).toEqual(['books']);
    expect(await state(scene)).toEqual(['20260101 applied', '20260102 applied', '20260103 rolled_back']);
    expect(await scene.column('SELECT reason FROM _migration_rollback_history')).toEqual(['automatic']);
    scene.write(FAIL, migration('CREATE TABLE whole (id bigint PRIMARY KEY);', 'DROP TABLE whole;'));
    expect(await up(scene)).toMatchObject({ code: 0, did: ['20260103 applied'] });
  });

  it('leaves alone what earlier migrations of the run did, where only the migration is meant', async () => {
    const scene = await sceneWith('autoRollback: migration', { ...BOOKS, [FAIL]: FAILS });
    expect(await up(scene)).toMatchObject({
      code: 3,
      did: ['20260101 applied', '20260102 applied', '20260103 failed'],
    });
    expect(await tables(scene)).toEqual(['books']);
  });

  it('takes back all of this run, and nothing of the one before', async () => {
    const scene = await sceneWith('autoRollback: run', { ...BOOKS, [FAIL]: FAILS });
    await scene.run(['up', '--env', 'staging', '--steps', '1']);
    expect(await up(scene)).toMatchObject({
      code: 3,
      did: ['20260102 applied', '20260103 failed', '20260102 rolled-back'],
      applied: [],
    });
    expect(await state(scene)).toEqual(['20260101 applied', '20260102 rolled_back', '20260103 failed']);
  });

  it('follows a VERIFY that fails, inside of a transaction and outside', async () => {
    const wrong = migration(
      'CREATE TABLE wrong (id bigint PRIMARY KEY);',
      'DROP TABLE wrong;',
      'SELECT 1 / count(*) FROM wrong;',
    );
    const inside = await sceneWith('autoRollback: run', { ...BOOKS, [FAIL]: wrong });
    expect(await up(inside)).toMatchObject({
      code: 3,
      did: [
        '20260101 applied',
        '20260102 applied',
        '20260103 failed',
        '20260102 rolled-back',
        '20260101 rolled-back',
      ],
      message: expect.stringContaining('its VERIFY failed'),
    });
    expect(await tables(inside)).toEqual([]);
    const outside = await sceneWith('autoRollback: true', {
      ...BOOKS,
      [FAIL]: wrong.replace('-- UP', '-- @no-transaction\n-- UP'),
    });
    expect(await up(outside)).toMatchObject({
      code: 3,
      did: ['20260101 applied', '20260102 applied', '20260103 failed', '20260103 rolled-back'],
    });
    expect(await tables(outside)).toEqual(['books']);
  });

  it.each([
    ['an HTTP status', () => `url: '${address}/503'`, 'answered with 503, and 200 is well'],
    ['a deadline', () => `url: '${address}/silent', timeout: 0.3`, 'was not answered'],
    ['SQL', () => `sql: 'SELECT 1 / 0'`, 'the health check failed: division by zero (22012)'],
  ])('follows a health check by %s that fails', async (_, check, said) => {
    const one = await sceneWith(`autoRollback: migration, healthCheck: { ${check()} }`);
    expect(await up(one)).toMatchObject({
      code: 3,
      reasonCode: 'unhealthy',
      did: ['20260101 applied', '20260102 applied', '20260102 rolled-back'],
      message: expect.stringContaining(said),
      applied: ['20260101120000'],
    });
    const all = await sceneWith(`autoRollback: run, healthCheck: { ${check()} }`);
    expect((await up(all)).did).toEqual([
      '20260101 applied',
      '20260102 applied',
      '20260102 rolled-back',
      '20260101 rolled-back',
    ]);
    const none = await sceneWith(`healthCheck: { ${check()} }`);
    expect(await up(none)).toMatchObject({
      code: 3,
      message: expect.stringContaining('Nothing was rolled back: autoRollback is off.'),
    });
  });

  it('is not wanted where the application is well', async () => {
    const scene = await sceneWith(`autoRollback: run, healthCheck: { url: '${address}/204', status: 204 }`);
    expect(await up(scene)).toMatchObject({ code: 0, did: ['20260101 applied', '20260102 applied'] });
  });

  it('follows an index that the run left invalid', async () => {
    const breaks = migration(
      `CREATE INDEX books_title ON books (title);\nUPDATE pg_index SET indisvalid = false WHERE indexrelid = 'books_title'::regclass;`,
      'DROP INDEX books_title;',
    );
    const scene = await sceneWith('autoRollback: true, skipValidation: true', { ...BOOKS, [FAIL]: breaks });
    expect(await up(scene)).toMatchObject({
      code: 3,
      did: ['20260101 applied', '20260102 applied', '20260103 applied', '20260103 rolled-back'],
      message: expect.stringContaining('public.books_title is invalid'),
    });
  });

  it('stops where it fails itself, and says exactly where things stand', async () => {
    const stuck = migration(
      'ALTER TABLE books ADD COLUMN pages int;',
      'ALTER TABLE books DROP COLUMN nothing;',
    );
    const scene = await sceneWith('autoRollback: run, skipValidation: true', {
      ...BOOKS,
      [FAIL]: stuck,
      'migrations/20260104120000_fail.sql': FAILS,
    });
    const ended = await up(scene);
    expect(ended).toMatchObject({
      code: 3,
      reasonCode: 'migration-failed',
      did: ['20260101 applied', '20260102 applied', '20260103 applied', '20260104 failed', '20260103 failed'],
      applied: ['20260101120000', '20260102120000', '20260103120000'],
      next: 'airlock status --env staging; correct the down, then airlock down --env staging',
    });
    expect(ended.message).toContain(
      'The rollback of 20260103120000 failed, and nothing more was rolled back',
    );
    expect(ended.message).toContain('column "nothing" of relation "books" does not exist (42703)');
    expect(ended.message).toContain('still applied: 20260101120000, 20260102120000, 20260103120000');
    expect(await state(scene)).toEqual([
      '20260101 applied',
      '20260102 applied',
      '20260103 applied',
      '20260104 failed',
    ]);
    expect(await scene.column('SELECT status FROM _migration_rollback_history')).toEqual(['failed']);
  });
});
