import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { parsed } from '../cli/run-cli.ts';
import { BOOKS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const EMBEDDED = 'directory: migrations\nshadow: embedded\n';
const scene = (more: Readonly<Record<string, string>>): Promise<Scene> =>
  openScene(server.connectionString, { ...BOOKS, 'migration.config.yml': EMBEDDED, ...more });

const DROPS = migration('ALTER TABLE books DROP COLUMN title;', 'ALTER TABLE books ADD COLUMN title text;');

/** Suspected by what the function is called, and harmless when it runs. */
const INLINED = {
  'migrations/20260103120000_next_number.sql': migration(
    `CREATE FUNCTION next_number() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
    'DROP FUNCTION next_number();',
  ),
  'migrations/20260104120000_number.sql': migration(
    'ALTER TABLE books ADD COLUMN number integer DEFAULT next_number();',
    'ALTER TABLE books DROP COLUMN number;',
  ),
} as const;

describe.concurrent('up --dry-run', () => {
  it('shows plan, SQL and what the proof showed, and changes nothing', async () => {
    const { run, column } = await scene({});
    const { code, out } = await run(['up', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^plan: 2 migrations, digest [0-9a-f]{64}$/m);
    expect(out).toContain(
      '-- migrations/20260101120000_create_books.sql\nCREATE TABLE books (id bigint PRIMARY KEY);',
    );
    expect(out).toContain('proof of 20260102120000 add_title  PostgreSQL 18');
    expect(out).toContain('no problems found in 2 migrations');
    expect(await column(`SELECT to_regclass('books')::text`)).toEqual([null]);
    expect(await column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);
  });

  it('ends with 1 where findings would stop the run, after all that', async () => {
    const { run } = await scene({ 'migrations/20260103120000_drop_title.sql': DROPS });
    const { code, out, err } = await run(['up', '--dry-run']);
    expect(code).toBe(1);
    expect(out).toContain('ALTER TABLE books DROP COLUMN title;');
    expect(out).toContain('error drop-column');
    expect(out).toContain('the rollback does not bring back the values of books.title');
    expect(err).toContain('would stop this run.');
    const result = parsed(await run(['up', '--dry-run', '--json']));
    expect(result.reasonCode).toBe('findings');
    expect(result.plan?.migrations).toHaveLength(3);
    expect(result.proofs?.map(({ dataLoss }) => dataLoss?.length ?? 0)).toEqual([0, 0, 1]);
  });

  it('says that nothing was proven where no shadow database can be had', async () => {
    const { run } = await scene({
      'migration.config.yml': 'directory: migrations\nshadow: postgres://nobody@127.0.0.1:1/nowhere\n',
    });
    const { code, out } = await run(['up', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^not proven: .+/m);
  });
});

describe.concurrent('a run that findings would stop', () => {
  it('is put to the proof, which refutes a false alarm', async () => {
    const { run, column } = await scene(INLINED);
    const told = parsed(await run(['validate', '--json'])).findings.filter(
      ({ severity }) => severity === 'error',
    );
    expect(told.map(({ ruleId }) => ruleId)).toEqual(['add-column-volatile-default']);
    const { code, err } = await run(['up']);
    expect(code, err).toBe(0);
    expect(await column('SELECT count(*) FROM _migration_history')).toEqual(['4']);
  });

  it('stays stopped where it is confirmed, before anything runs, and says how one is accepted', async () => {
    const drops = await scene({ 'migrations/20260103120000_drop_title.sql': DROPS });
    const { code, err } = await drops.run(['up']);
    expect(code).toBe(1);
    expect(err).toContain('(drop-column)');
    expect(err).toContain('-- @ignore <rule> <reason>');
    expect(await drops.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
    drops.write(
      'migrations/20260103120000_drop_title.sql',
      DROPS.replace('-- UP\n', '-- UP\n-- @ignore drop-column no code names it since March\n'),
    );
    expect((await drops.run(['up'])).code).toBe(0);
  });
});
