import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { CLI, type Ended, parsed, run } from '../cli/run-cli.ts';
import { migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const MANY = 10_000;
const path = (number: number): string => `migrations/${String(number).padStart(6, '0')}_step.sql`;

describe(`a project of ${MANY} migrations`, () => {
  const files: Record<string, string> = {};
  for (let number = 1; number <= MANY; number++)
    files[path(number)] = migration(
      `CREATE TABLE t${number} (id bigint PRIMARY KEY);`,
      `DROP TABLE t${number};`,
    );
  let scene: Scene;

  it('is planned whole before anything ran', async () => {
    scene = await openScene(server.connectionString, files);
    const { plan } = parsed(await scene.run(['plan', '--json']));
    expect(plan?.migrations).toHaveLength(MANY);
    expect(plan?.migrations.at(-1)).toMatchObject({ id: '010000', reversible: true });
    const { status } = parsed(await scene.run(['status', '--json']));
    expect(status?.migrations.every(({ standing }) => standing === 'pending')).toBe(true);
    expect(status?.migrations).toHaveLength(MANY);
  });

  it('is found to be done: status, plan and up say so', async () => {
    expect(await scene.run(['baseline', '010000', '--yes'])).toMatchObject({ code: 0 });
    expect(await scene.column(`SELECT count(*) FROM _migration_history WHERE status = 'baselined'`)).toEqual([
      String(MANY),
    ]);
    const { status, reasonCode } = parsed(await scene.run(['status', '--json']));
    expect(reasonCode).toBe('clean');
    expect(status?.migrations.filter(({ standing }) => standing === 'baselined')).toHaveLength(MANY);
    expect(parsed(await scene.run(['plan', '--json'])).reasonCode).toBe('nothing-to-do');
    expect(await scene.run(['up'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing to do: every migration is applied'),
    });
  });

  it('takes one more, and only that one; one that was edited is found among all of them', async () => {
    scene.write(
      path(MANY + 1),
      migration('CREATE TABLE another (id bigint PRIMARY KEY);', 'DROP TABLE another;'),
    );
    const { executions } = parsed(await scene.run(['up', '--json']));
    expect(executions).toMatchObject([{ migrationId: '010001', status: 'applied' }]);
    scene.write(path(5_000), migration('SELECT 1;', 'SELECT 1;'));
    const { code, err } = await scene.run(['up']);
    expect(code).toBe(6);
    expect(err).toContain('005000');
  });
});

describe('a migration of 50 MB', () => {
  const SIZE = 50 * 1024 * 1024;
  const head = '-- UP\nCREATE TABLE t (n bigint, words text);\n';

  it('of many INSERTs is run within bounds of memory, and is applied', async () => {
    const lines = [head];
    const row = (n: number): string => `(${n}, '${'many words '.repeat(9)}')`;
    let rows = 0;
    for (let length = head.length; ; rows += 100) {
      const insert = `INSERT INTO t VALUES ${Array.from({ length: 100 }, (_, at) => row(rows + at)).join(',\n')};\n`;
      length += insert.length;
      if (length > SIZE) break;
      lines.push(insert);
    }
    await runsWithin(1_500, lines.join(''), String(rows));
  });

  it('of a single huge statement is run within bounds of memory, and is applied', async () => {
    const [before, after] = ["INSERT INTO t VALUES (1, '", "');\n"];
    const words = 'x'.repeat(SIZE - head.length - before.length - after.length);
    await runsWithin(1_000, `${head}${before}${words}${after}`, '1');
  });

  async function runsWithin(megabytes: number, text: string, rows: string): Promise<void> {
    expect(Buffer.byteLength(text)).toBeGreaterThan(SIZE - 20_000);
    const scene = await openScene(server.connectionString, { 'migrations/001_large.sql': text });
    const ended = await run(process.execPath, ['--import', TELL_PEAK, CLI, 'up', '--json'], {
      cwd: scene.folder,
      env: { DATABASE_URL: scene.url },
    });
    expect(ended.code, ended.err.slice(0, 1_000)).toBe(0);
    expect(parsed(ended)).toMatchObject({ reasonCode: 'applied', applied: ['001'] });
    expect(peak(ended)).toBeLessThan(megabytes);
    expect(await scene.column('SELECT count(*) FROM t')).toEqual([rows]);
    const { status } = parsed(await scene.run(['status', '--json']));
    expect(status?.migrations).toMatchObject([{ id: '001', standing: 'applied' }]);
  }
});

const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(2, `\\nPEAK ${process.resourceUsage().maxRSS}\\n`));",
)}`;

/** Most resident memory of the process, in MB. */
function peak({ err }: Ended): number {
  return Number(/PEAK (\d+)/.exec(err)?.[1]) / 1024;
}
