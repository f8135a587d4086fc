import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries, usualFolders } from '../../../src/proof/local/find-binaries.ts';
import type { Result } from '../../../src/report/result.ts';
import { type BuiltChamber, buildChamberIn } from '../embedded/chambers.ts';
import { airlockFile, type Project, projectWith } from './project.ts';

let chamber: BuiltChamber;
const projects: Project[] = [];
const { chosen } = await findBinaries(await usualFolders(process.env['PATH']));
const NO_BINARIES = 'there are no PostgreSQL server programs on this machine';

beforeAll(async () => {
  chamber = await buildChamberIn();
});
afterEach(() => {
  for (const each of projects.splice(0)) each.remove();
});
afterAll(() => chamber.remove());

function project(files: Readonly<Record<string, string>>): Project {
  const made = projectWith(files, chamber.program);
  projects.push(made);
  return made;
}

function said({ notAnalysed }: Result): string[] {
  return notAnalysed.map(({ file, line, reason }) => `${file}:${line} ${reason}`);
}

describe.each(['embedded', 'local'] as const)('a change on a base, in a %s shadow', (kind) => {
  const prove = (on: Project, words: readonly string[]): Promise<Result> =>
    on.prove(['--shadow', kind, ...words]);

  it('says what it was proven in, and why', async ({ skip }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const result = await prove(
      project({ 'migrations/001_a.sql': airlockFile('CREATE TABLE a (i int);', 'DROP TABLE a;') }),
      ['001'],
    );
    expect(result.shadow).toMatchObject({
      kind,
      because: expect.stringContaining('the configuration asks for it'),
    });
    expect(result.shadow?.serverVersion).toMatch(/^\d+\.\d+$/);
    expect(result.proofs?.[0]).toMatchObject({
      shadow: kind,
      up: { ok: true },
      roundTrip: { status: 'reverts' },
    });
  });

  it('makes the roles that are named anywhere, and runs what changes them where it can', async ({ skip }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const result = await prove(
      project({
        'migrations/001_a.sql': airlockFile(
          `CREATE ROLE app;
           ALTER ROLE app SET statement_timeout = '1s';
           DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'late') THEN CREATE ROLE late; END IF; END $$;
           CREATE SCHEMA s AUTHORIZATION boss;
           CREATE TABLE a (i int);
           GRANT SELECT ON a TO app, reader;
           GRANT granted TO app;
           ALTER TABLE a ENABLE ROW LEVEL SECURITY;
           CREATE POLICY p ON a TO "policy role", late USING (true);
           ALTER DEFAULT PRIVILEGES FOR ROLE boss GRANT SELECT ON TABLES TO viewer;
           ALTER TABLE a OWNER TO boss;
           SET ROLE boss; ALTER TABLE a ADD COLUMN j int; RESET ROLE;`,
        ),
        'migrations/002_b.sql': airlockFile(
          'ALTER TABLE a ADD COLUMN k int;',
          'ALTER TABLE a DROP COLUMN k;',
        ),
      }),
      ['002'],
    );
    expect(said(result)).toEqual([]);
    expect(result.proofs?.[0]).toMatchObject({ up: { ok: true }, roundTrip: { status: 'reverts' } });
  });

  it('tells an extension that cannot be had once, and proves what does not need it', async ({ skip }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const result = await prove(
      project({
        'migrations/001_a.sql': airlockFile(
          'CREATE TABLE plain (i int);\nCREATE EXTENSION no_such_extension;\nCREATE TABLE docs (v no_such_type);\nCREATE TABLE more (i int);',
        ),
        'migrations/002_b.sql': airlockFile(
          'ALTER TABLE docs ADD COLUMN i int;',
          'ALTER TABLE docs DROP COLUMN i;',
        ),
        'migrations/003_c.sql': airlockFile(
          'CREATE EXTENSION no_such_extension;\nALTER TABLE more ADD COLUMN j int;',
          'ALTER TABLE more DROP COLUMN j;\nDROP EXTENSION no_such_extension;',
        ),
        'migrations/004_d.sql': airlockFile('CREATE INDEX ON docs (i);'),
      }),
      ['002', '003', '004'],
    );
    expect(said(result)).toEqual([
      expect.stringMatching(
        /^migrations\/001_a\.sql:3 the extension no_such_extension cannot be had .*; what needs it is not proven$/,
      ),
      expect.stringMatching(
        /^migrations\/002_b\.sql:2 not proven: relation "docs" does not exist .*; migrations\/001_a\.sql:4 does not run in the base state$/,
      ),
      expect.stringMatching(/^migrations\/004_d\.sql:2 not proven: relation "docs" does not exist/),
      expect.stringMatching(
        /^migrations\/001_a\.sql:4 this statement of the base state does not run .*type "no_such_type" does not exist .*the extension no_such_extension, which could not be had/,
      ),
    ]);
    expect(result.findings).toEqual([]);
    expect(result.proofs).toMatchObject([
      { migrationId: '003', up: { ok: true }, roundTrip: { status: 'reverts' } },
    ]);
  });

  it('proves a migration that makes an extension every owner may make', async ({ skip }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const result = await prove(
      project({
        'migrations/001_a.sql': airlockFile(
          'CREATE SCHEMA extensions;\nCREATE EXTENSION pgcrypto WITH SCHEMA extensions;',
        ),
        'migrations/002_b.sql': airlockFile(
          'CREATE EXTENSION citext;\nCREATE TABLE a (i citext, k uuid DEFAULT extensions.gen_random_uuid());',
          'DROP TABLE a;\nDROP EXTENSION citext;',
        ),
      }),
      ['002'],
    );
    expect(said(result)).toEqual([]);
    expect(result.proofs).toMatchObject([
      { up: { ok: true }, down: { status: 'ok' }, roundTrip: { status: 'reverts' } },
    ]);
  });

  it('does not take a right that only a superuser has for a failure', async ({ skip }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const result = await prove(
      project({
        'migrations/001_a.sql': airlockFile('CREATE TABLE a (i int);'),
        'migrations/002_b.sql': airlockFile(
          'SET session_replication_role = replica;\nALTER TABLE a ADD COLUMN j int;',
          'ALTER TABLE a DROP COLUMN j;',
        ),
        'migrations/003_c.sql': airlockFile(
          'CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;\nCREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();',
          'DROP EVENT TRIGGER e;\nDROP FUNCTION f();',
        ),
      }),
      ['002', '003'],
    );
    expect(result.findings).toEqual([]);
    expect(said(result)).toEqual([
      expect.stringMatching(/^migrations\/003_c\.sql:3 not proven: permission denied .*an ordinary owner/),
    ]);
    expect(result.proofs).toMatchObject([
      { migrationId: '002', up: { ok: true }, roundTrip: { status: 'reverts' } },
    ]);
  });

  it('runs the files of shadow.prepare first, for what other tools make', async ({ skip }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const on = project({
      'migration.config.yml': 'shadow:\n  prepare: [db/auth.sql]\n',
      'db/auth.sql': `CREATE SCHEMA auth;\nCREATE TABLE auth.users (id uuid PRIMARY KEY);\nCREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS $$ SELECT NULL::uuid $$;\nGRANT USAGE ON SCHEMA auth TO authenticated;`,
      'migrations/001_a.sql': airlockFile(
        'CREATE TABLE a (u uuid REFERENCES auth.users);\nALTER TABLE a ENABLE ROW LEVEL SECURITY;',
      ),
      'migrations/002_b.sql': airlockFile(
        'CREATE POLICY p ON a TO authenticated USING (u = auth.uid());',
        'DROP POLICY p ON a;',
      ),
    });
    const result = await prove(on, ['002']);
    expect(said(result)).toEqual([]);
    expect(result.proofs).toMatchObject([{ up: { ok: true }, roundTrip: { status: 'reverts' } }]);
    on.write('db/auth.sql', 'CREATE SCHEMA auth;\n\nCREATE TABLE auth.users (id no_such_type);');
    expect(await prove(on, ['002'])).toMatchObject({
      reasonCode: 'shadow-unavailable',
      message: expect.stringMatching(/^db\/auth\.sql:3 does not run .*no_such_type/),
      next: expect.stringContaining('shadow.prepare'),
    });
    on.write('migration.config.yml', 'shadow:\n  prepare: [db/none.sql]\n');
    expect(await prove(on, ['002'])).toMatchObject({ message: expect.stringContaining('db/none.sql') });
  });

  it('says which statement of the history does not run, and what follows from it in the same breath', async ({
    skip,
  }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const result = await prove(
      project({
        'migrations/001_a.sql': airlockFile(
          'CREATE TABLE kept (i int);\nCREATE TABLE lost (i int REFERENCES made_by_code);\nCREATE TABLE also_kept (i int);',
        ),
        'migrations/002_b.sql': airlockFile(
          'ALTER TABLE lost ADD COLUMN j int;\nCREATE VIEW of_lost AS SELECT * FROM lost;',
        ),
        'migrations/003_c.sql': airlockFile('SELECT * FROM of_lost;\nALTER TABLE kept ADD COLUMN j int;'),
        'migrations/004_d.sql': airlockFile(
          'ALTER TABLE kept ADD COLUMN k int; ALTER TABLE also_kept ADD COLUMN k int;',
          'ALTER TABLE also_kept DROP COLUMN k; ALTER TABLE kept DROP COLUMN k;',
        ),
      }),
      ['004'],
    );
    expect(said(result)).toEqual([
      expect.stringMatching(
        /^migrations\/001_a\.sql:3 .*relation "made_by_code" does not exist .*; 3 later statements cannot run because of it, the first at migrations\/002_b\.sql:2$/,
      ),
    ]);
    expect(result.proofs).toMatchObject([{ up: { ok: true }, roundTrip: { status: 'reverts' } }]);
  });

  it('begins with a snapshot in place of the history, and replays what the snapshot does not hold', async ({
    skip,
  }) => {
    skip(kind === 'local' && !chosen, NO_BINARIES);
    const snapshot = `-- Airlock snapshot 1\n-- @sizes {\n--   "serverVersion": "15.4",\n--   "tables": { "public.a": { "rows": 4000000, "bytes": 900000000 } },\n--   "history": { "table": "public.schema_migrations", "applied": ["001", "002"] }\n-- }\n\nSET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (i integer, only_in_snapshot integer);\nGRANT SELECT ON TABLE public.a TO reader;\n`;
    const on = project({
      'db/production.sql': snapshot,
      'migrations/001_a.sql': airlockFile('CREATE TABLE a (i int REFERENCES made_by_code);'),
      'migrations/002_b.sql': airlockFile('ALTER TABLE a ADD COLUMN gone int;'),
      'migrations/003_c.sql': airlockFile('ALTER TABLE a ADD COLUMN j int;'),
      'migrations/004_d.sql': airlockFile(
        'ALTER TABLE a DROP COLUMN only_in_snapshot;',
        'ALTER TABLE a ADD COLUMN only_in_snapshot int;',
      ),
    });
    const result = await prove(on, ['004', '--snapshot', 'db/production.sql']);
    expect(said(result)).toEqual([]);
    expect(result.proofs).toMatchObject([{ migrationId: '004', up: { ok: true } }]);
    const both = await prove(on, ['002', '004', '--snapshot', 'db/production.sql']);
    expect(said(both)).toEqual([
      'migrations/002_b.sql:1 not proven: the snapshot says that this migration is applied already',
    ]);
    on.write('db/production.sql', snapshot.replace('"rows": 4000000', '"rows": -1'));
    expect(await prove(on, ['004', '--snapshot', 'db/production.sql'])).toMatchObject({
      reasonCode: 'configuration-invalid',
      message: expect.stringContaining('db/production.sql:4'),
    });
  });
});

describe('a base that was replayed once', () => {
  const files = {
    'migrations/001_a.sql': airlockFile(
      'CREATE TABLE a (i int);\nGRANT SELECT ON a TO reader;\nCREATE TABLE b (i no_such_type);',
    ),
    'migrations/002_b.sql': airlockFile('ALTER TABLE a ADD COLUMN j int;', 'ALTER TABLE a DROP COLUMN j;'),
  };
  const embedded = ['--shadow', 'embedded', '002'];
  const without = (result: Result): Result =>
    JSON.parse(JSON.stringify(result, (key, value) => (key === 'durationMs' ? 0 : value)));

  it('is not replayed again, says the same, and is made anew where its file is broken', async () => {
    const on = project(files);
    const first = await on.prove(embedded);
    expect(said(first)).toHaveLength(1);
    const kept = join(on.folder, 'cache');
    const [data] = readdirSync(kept).filter((name) => name.endsWith('.tar.zst'));
    if (data === undefined) throw new Error('nothing was kept');
    const made = readFileSync(join(kept, data));
    utimesSync(join(kept, data), 1, 1);
    expect(without(await on.prove(embedded))).toEqual(without(first));
    // It was read, and not written again.
    expect(statSync(join(kept, data)).mtimeMs).toBeGreaterThan(2000);
    expect(readFileSync(join(kept, data)).equals(made)).toBe(true);
    writeFileSync(join(kept, data), made.subarray(0, 1000));
    expect(without(await on.prove(embedded))).toEqual(without(first));
    expect(readFileSync(join(kept, data)).length).toBeGreaterThan(100_000);
    writeFileSync(join(kept, data.replace('.tar.zst', '.json')), '{ half');
    expect(without(await on.prove(embedded))).toEqual(without(first));
    expect(readdirSync(kept)).toHaveLength(2);
  });

  it('is made by two at once, and both say the same', async () => {
    const on = project(files);
    const [one, other] = await Promise.all([on.prove(embedded), on.prove(embedded)]);
    expect(without(one)).toEqual(without(other));
    expect(one.proofs).toMatchObject([{ up: { ok: true } }]);
    expect(readdirSync(join(on.folder, 'cache'))).toHaveLength(2);
  });

  it('is another one when a file of the history, or what prepares it, is another', async () => {
    const on = project(files);
    await on.prove(embedded);
    on.write('migrations/001_a.sql', airlockFile('CREATE TABLE a (i bigint);'));
    expect(said(await on.prove(embedded))).toEqual([]);
    on.write('migration.config.yml', 'shadow:\n  prepare: [p.sql]\n');
    on.write('p.sql', 'CREATE SCHEMA p;');
    await on.prove(embedded);
    expect(readdirSync(join(on.folder, 'cache')).filter((name) => name.endsWith('.json'))).toHaveLength(3);
  });
});

it('has the history table of the tool that runs the files, where one of them names it', async () => {
  const on = project({
    'migrations/1_a.up.sql':
      'CREATE TABLE a (i int); INSERT INTO a SELECT count(*) FROM schema_migrations WHERE NOT dirty;',
    'migrations/1_a.down.sql': 'DROP TABLE a;',
    'migrations/2_b.up.sql': 'ALTER TABLE a ADD COLUMN j int;',
    'migrations/2_b.down.sql': 'ALTER TABLE a DROP COLUMN j;',
  });
  const result = await on.prove(['--layout', 'golang-migrate', '--shadow', 'embedded', '2']);
  expect(said(result)).toEqual([]);
  expect(result.proofs).toMatchObject([{ up: { ok: true }, roundTrip: { status: 'reverts' } }]);
});

it('has it in the schema that they name it in, once something makes that schema', async () => {
  const files = {
    'migrations/1_a.up.sql': "COMMENT ON TABLE kept.schema_migrations IS 'what was applied';",
    'migrations/1_a.down.sql': 'COMMENT ON TABLE kept.schema_migrations IS NULL;',
    'kept.sql': 'CREATE SCHEMA kept;',
    'migration.config.yml': 'shadow:\n  prepare: [kept.sql]\n',
  };
  const prove = (more: Readonly<Record<string, string>> = {}) =>
    project({ ...files, ...more }).prove(['--layout', 'golang-migrate', '--shadow', 'embedded', '--all']);
  const there = await prove();
  expect(said(there)).toEqual([]);
  expect(there.proofs).toEqual([]);
  expect(there.summary).toMatchObject({ migrations: 1, restores: 1, upFails: 0 });
  // The tool could not have written to a schema that its first file makes.
  const made = await prove({
    'migration.config.yml': '',
    'migrations/0_schema.up.sql': 'CREATE SCHEMA kept;',
    'migrations/0_schema.down.sql': 'DROP SCHEMA kept;',
  });
  expect(made.summary).toMatchObject({ migrations: 2, restores: 1, upFails: 1 });
});

it('makes an extension that only a superuser may create where the migration wants it, and says so', async ({
  skip,
}) => {
  skip(!chosen, NO_BINARIES);
  const files = {
    'migrations/001_a.sql': airlockFile(
      'CREATE SCHEMA stats;\nCREATE EXTENSION earthdistance WITH SCHEMA stats CASCADE;\nCREATE TABLE a (e stats.earth);',
    ),
    'migrations/002_b.sql': airlockFile(
      "CREATE EXTENSION pg_stat_statements WITH SCHEMA stats;\nCOMMENT ON EXTENSION pg_stat_statements IS 'x';\nCREATE VIEW v AS SELECT count(*) FROM stats.pg_stat_statements;",
      'DROP VIEW v;\nDROP EXTENSION pg_stat_statements;',
    ),
  };
  const local = await project(files).prove(['--shadow', 'local', '002']);
  expect(said(local)).toEqual([
    expect.stringMatching(
      /^migrations\/002_b\.sql:2 not run: only a superuser may create the extension pg_stat_statements/,
    ),
    expect.stringMatching(/^migrations\/002_b\.sql:3 not run: only a superuser/),
  ]);
  expect(local.proofs).toMatchObject([
    { up: { ok: true }, down: { status: 'ok' }, roundTrip: { status: 'reverts' } },
  ]);
  const embedded = await project(files).prove(['--shadow', 'embedded', '002']);
  expect(said(embedded)).toEqual([]);
  expect(embedded.proofs).toMatchObject([
    { up: { ok: true }, down: { status: 'ok' }, roundTrip: { status: 'reverts' } },
  ]);
});
