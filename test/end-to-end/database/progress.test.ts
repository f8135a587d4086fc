import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { CLI, run } from '../cli/run-cli.ts';
import { BOOKS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Its index takes some seconds: each hundredth row takes a while. */
async function slowScene(seconds: number): Promise<Scene> {
  const index = migration(
    'CREATE INDEX CONCURRENTLY books_slow ON books (slow(id));',
    'DROP INDEX CONCURRENTLY IF EXISTS books_slow;',
  );
  const scene = await openScene(server.connectionString, {
    ...BOOKS,
    'migration.config.yml':
      'directory: migrations\nenvironments:\n  staging: { skipValidation: true, skipBackup: true }\n',
    'migrations/20260103120000_index.sql': index,
  });
  await scene.run(['up', '--env', 'staging', '--steps', '2']);
  await scene.sql(
    `INSERT INTO books SELECT n, repeat('x', 800) FROM generate_series(1, 3000) n;
     CREATE FUNCTION slow(n bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF n % 100 = 0 THEN PERFORM pg_sleep(${seconds / 30}); END IF; RETURN n; END $$`,
  );
  return scene;
}

describe.concurrent('the progress of a run', () => {
  it('is told in plain lines where there is no terminal', async () => {
    const scene = await slowScene(6);
    const { code, out } = await scene.run(['up', '--env', 'staging']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\[1\/1\] 5\.\d s CREATE INDEX CONCURRENTLY, building index: scanning table █+░+ \d+ % \(\d+ of \d+ blocks\) {2}20260103120000: statement 1 of 1: CREATE INDEX/m,
    );
    // Nothing that moves a cursor.
    for (const control of ['\r', '\u001b']) expect(out).not.toContain(control);
  });

  const script = existsSync('/usr/bin/script');
  it.skipIf(!script)('is one line with a bar on a terminal', async () => {
    const scene = await slowScene(2);
    const { code, out } = await run(
      '/usr/bin/script',
      ['-qec', `stty cols 160; '${process.execPath}' '${CLI}' up --env staging`, '/dev/null'],
      { cwd: scene.folder, env: { DATABASE_URL: scene.url, TERM: 'xterm' } },
    );
    expect(code, out).toBe(0);
    const drawn = out.split('\r\u001b[K');
    expect(drawn.length).toBeGreaterThan(3);
    expect(out).toMatch(
      /\[1\/1\] 1\.\d s CREATE INDEX CONCURRENTLY, building index: scanning table █+░+ \d+ %/,
    );
    expect(drawn.at(-1)).toContain('20260103120000 index  applied in');
  });
  if (!script) console.warn('not tested on a terminal: /usr/bin/script is not installed');

  it('goes to standard error where a document was asked for', async () => {
    const scene = await slowScene(6);
    const { code, out, err } = await scene.run(['up', '--env', 'staging', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).reasonCode).toBe('applied');
    expect(err).toMatch(/^\[1\/1\] 5\.\d s CREATE INDEX CONCURRENTLY/m);
  });
});
