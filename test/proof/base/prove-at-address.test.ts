import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Connection } from '../../../src/engine/connection.ts';
import { connectPostgres } from '../../../src/engine/postgres-connection.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type BuiltChamber, buildChamberIn } from '../embedded/chambers.ts';
import { airlockFile, type Project, projectWith } from './project.ts';

let postgres: PostgresServer;
let admin: Connection;
let chamber: BuiltChamber;
let on: Project;

beforeAll(async () => {
  [postgres, chamber] = await Promise.all([startPostgres(), buildChamberIn()]);
  admin = await connectPostgres({ url: postgres.connectionString }, { longestRequest: 10_000 });
  await admin.run('CREATE DATABASE scratch_shadow');
  on = projectWith(
    {
      'migration.config.yml': 'environments:\n  production: {}\n',
      'migrations/001_a.sql': airlockFile(
        'CREATE ROLE app; CREATE TABLE a (i int); GRANT SELECT ON a TO app;',
      ),
      'migrations/002_b.sql': airlockFile('ALTER TABLE a ADD COLUMN j int;', 'ALTER TABLE a DROP COLUMN j;'),
    },
    chamber.program,
  );
});
afterEach(async () => {
  const names = await admin.query(`SELECT datname::text AS name FROM pg_database WHERE datname ~ '^airlock'`);
  expect(names).toEqual([]);
});
afterAll(async () => {
  on.remove();
  await admin.close();
  await Promise.all([postgres.stop(), chamber.remove()]);
});

function at(database: string): string {
  const url = new URL(postgres.connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

it('proves in the database of the variable AIRLOCK_SHADOW, and of the flag before it', async () => {
  for (const [words, env] of [
    [['002'], { AIRLOCK_SHADOW: at('scratch_shadow') }],
    [['002', '--shadow', at('scratch_shadow')], { AIRLOCK_SHADOW: 'embedded' }],
  ] as const) {
    const result = await on.prove(words, env);
    expect(result).toMatchObject({
      shadow: { kind: 'url', because: 'the configuration asks for it' },
      notAnalysed: [],
      proofs: [{ shadow: 'url', up: { ok: true }, roundTrip: { status: 'reverts' } }],
    });
    expect(JSON.stringify(result)).not.toContain(new URL(postgres.connectionString).password);
  }
});

it('refuses the database of an environment, by its address and by what is in it', async () => {
  const url = at('scratch_shadow');
  await admin.run('CREATE DATABASE shop');
  const env = { PRODUCTION_DATABASE_URL: at('shop'), AIRLOCK_SHADOW: at('shop') };
  expect(await on.prove(['002'], env)).toMatchObject({
    reasonCode: 'shadow-unavailable',
    message: expect.stringMatching(/it is the database of the environment production/),
    next: expect.stringContaining('AIRLOCK_SHADOW'),
  });
  // On the same server, and called a shadow: taken as long as it is empty.
  expect(await on.prove(['002'], { ...env, AIRLOCK_SHADOW: url })).toMatchObject({ shadow: { kind: 'url' } });
  const session = await connectPostgres({ url }, { longestRequest: 10_000 });
  await session.run('CREATE TABLE theirs (i int)');
  await session.close();
  expect(await on.prove(['002'], { ...env, AIRLOCK_SHADOW: url })).toMatchObject({
    reasonCode: 'shadow-unavailable',
    message: expect.stringContaining('it is not empty'),
  });
});

it('never runs a change there on pull_request_target', async () => {
  const result = await on.prove(['002'], {
    AIRLOCK_SHADOW: at('scratch_shadow'),
    GITHUB_EVENT_NAME: 'pull_request_target',
  });
  expect(result.shadow).toMatchObject({
    kind: 'embedded',
    because: expect.stringContaining('pull_request_target'),
  });
});
