import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { parsed } from '../cli/run-cli.ts';
import { BOOKS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const breaking = (text: string): string => text.replace('"breakingChange": false', '"breakingChange": true');
const fix = (text: string): string => text.replace('"tags": []', '"tags": ["bugfix"]');
const [FIRST, SECOND, THIRD] = ['20260101120000', '20260102120000', '20260103120000'];

const shop = (): Promise<Scene> =>
  openScene(server.connectionString, {
    ...BOOKS,
    'migration.config.yml':
      'directory: migrations\nenvironments:\n  staging: { skipValidation: true, skipBackup: true }\n',
  });
const releasesOf = ({ folder }: Scene): string =>
  readFileSync(join(folder, 'migrations/releases.yml'), 'utf8');

async function ok(scene: Scene, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await scene.run(args);
  expect(code, err).toBe(0);
  return out;
}

const applied = (scene: Scene) =>
  scene.column(`SELECT migration_id FROM _migration_history WHERE status = 'applied' ORDER BY id`);

/** 1.0.0 has two, 2.0.0 drops a column, 2.0.1 repairs. */
async function threeReleases(): Promise<Scene> {
  const scene = await shop();
  await ok(scene, 'release', '1.0.0', 'first light');
  scene.write(
    'migrations/20260103120000_drop_title.sql',
    breaking(
      migration('ALTER TABLE books DROP COLUMN IF EXISTS title;', 'ALTER TABLE books ADD COLUMN title text;'),
    ),
  );
  await ok(scene, 'release', '2.0.0', 'no titles');
  scene.write(
    'migrations/20260104120000_shelf.sql',
    fix(migration('CREATE TABLE shelves (id bigint PRIMARY KEY);', 'DROP TABLE shelves;')),
  );
  await ok(scene, 'release', '2.0.1', 'shelves');
  return scene;
}

describe.concurrent('releases', () => {
  it('are proposed by what the metadata says, and written beside the migrations', async () => {
    const scene = await shop();
    expect(await ok(scene, 'release')).toContain('1.0.0: 2 migrations are new');
    await ok(scene, 'release', '1.0.0', 'first light');
    expect(releasesOf(scene)).toContain('  - version: 1.0.0\n    name: first light\n    migrations:\n');
    expect(releasesOf(scene)).toContain(FIRST);
    const nothing = await scene.run(['release']);
    expect(nothing.code).toBe(2);
    expect(nothing.err).toContain('nothing is new since 1.0.0');
    const shelf = migration('CREATE TABLE shelves (id bigint PRIMARY KEY);', 'DROP TABLE shelves;');
    const path = 'migrations/20260104120000_shelf.sql';
    scene.write(path, fix(shelf));
    expect(await ok(scene, 'release')).toContain('1.0.1 follows 1.0.0: 1 migration is new (patch)');
    scene.write(path, shelf);
    expect(await ok(scene, 'release')).toContain('1.1.0 follows 1.0.0');
    scene.write(path, breaking(shelf));
    expect(await ok(scene, 'release')).toContain('2.0.0 follows 1.0.0');
    const quiet = await scene.run(['release', '1.0.1', 'quiet']);
    expect(quiet.code).toBe(0);
    expect(quiet.err).toContain('warning: something in 1.0.1 is breaking, which 2.0.0 would say');
  });

  it('refuse versions that are none, that come before, and that have no name', async () => {
    const scene = await shop();
    for (const [args, told] of [
      [['v1'], 'is no semantic version'],
      [['1.0.0'], 'a release has a name'],
      [['1.0.0', 'a', 'b'], 'is too much'],
    ] as const) {
      const { code, err } = await scene.run(['release', ...args]);
      expect(code).toBe(2);
      expect(err).toContain(told);
    }
    await ok(scene, 'release', '1.0.0', 'one');
    scene.write('migrations/20260104120000_x.sql', migration('CREATE TABLE x ();', 'DROP TABLE x;'));
    expect((await scene.run(['release', '0.9.0', 'older'])).err).toContain('does not come after 1.0.0');
  });

  it('keep what somebody wrote into the file by hand', async () => {
    const scene = await shop();
    scene.write(
      'migrations/releases.yml',
      `# why\nreleases:\n  - version: 0.1.0 # the first\n    name: zero\n    migrations: ["${FIRST}"]\n`,
    );
    await ok(scene, 'release', '0.2.0', 'quoted: "yes" #no');
    await ok(scene, 'tag', '0.1.0', 'lts');
    const text = releasesOf(scene);
    expect(text).toContain('# why\n');
    expect(text).toContain('# the first');
    expect(text).toContain('lts');
    expect(await ok(scene, 'changelog', '--from', 'lts')).toContain('0.2.0: quoted: "yes"');
  });

  it('are refused where the file is broken, before anything runs', async () => {
    const scene = await shop();
    scene.write(
      'migrations/releases.yml',
      'releases:\n  - { version: 1.0.0, name: a, migrations: ["nope"] }\n',
    );
    const { code, err } = await scene.run(['up']);
    expect(code).toBe(2);
    expect(err).toContain('migrations/releases.yml: 1.0.0 names "nope", and there is no file of it');
    scene.write('migrations/releases.yml', 'releases: [\n');
    expect((await scene.run(['up'])).code).toBe(2);
    expect((await scene.run(['changelog'])).code).toBe(2);
    expect(await scene.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
  });

  it('are targets of up, plan and down, by version and by tag', async () => {
    const scene = await threeReleases();
    await ok(scene, 'tag', '2.0.0', 'autumn');
    const plan = parsed(await scene.run(['plan', '--target', '1.0.0', '--json'])).plan;
    expect(plan?.migrations.map(({ id }) => id)).toEqual([FIRST, SECOND]);
    await ok(scene, 'up', '--target', '1.0.0', '--force');
    expect(await applied(scene)).toEqual([FIRST, SECOND]);
    await ok(scene, 'up', '--target', 'autumn', '--force');
    expect(await applied(scene)).toEqual([FIRST, SECOND, THIRD]);
    await ok(scene, 'down', '--target', '1.0.0');
    expect(await applied(scene)).toEqual([FIRST, SECOND]);
    const wrong = await scene.run(['up', '--target', 'autum']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('did you mean autumn?');
  });

  it('keep what belongs to them when a down aims at them, whenever it was applied', async () => {
    const scene = await shop();
    const second = BOOKS['migrations/20260102120000_add_title.sql'];
    scene.remove('migrations/20260102120000_add_title.sql');
    scene.write(
      'migrations/20260104120000_shelf.sql',
      migration('CREATE TABLE shelves (id bigint PRIMARY KEY);', 'DROP TABLE shelves;'),
    );
    await ok(scene, 'up');
    scene.write('migrations/20260102120000_add_title.sql', second);
    await ok(scene, 'up', '--force');
    expect(await applied(scene)).toEqual([FIRST, '20260104120000', SECOND]);
    scene.write(
      'migrations/releases.yml',
      `releases:
  - { version: 1.0.0, name: first light, migrations: ["${FIRST}", "${SECOND}"] }
  - { version: 1.1.0, name: shelves, migrations: ["20260104120000"] }
`,
    );
    await ok(scene, 'down', '--target', '1.0.0');
    expect(await applied(scene)).toEqual([FIRST, SECOND]);
  });

  it('are told to one environment at once, and of it what it does not have yet', async () => {
    const scene = await shop();
    await ok(scene, 'up', '--steps', '1');
    scene.write(
      'migration.config.yml',
      'directory: migrations\nenvironments:\n  staging: { skipBackup: true }\n',
    );
    await ok(scene, 'release', '1.0.0', 'first light', '--env', 'staging');
    await ok(scene, 'tag', '1.0.0', 'lts', '--env', 'staging');
    expect(
      await scene.column(
        `SELECT version || ' ' || tags::text FROM _migration_versions WHERE kind = 'release'`,
      ),
    ).toEqual(['1.0.0 {lts}']);
    const text = await ok(scene, 'changelog', '--env', 'staging');
    expect(text).toContain(SECOND);
    expect(text).not.toContain(FIRST);
    await ok(scene, 'up', '--env', 'staging');
    expect(await ok(scene, 'changelog', '--env', 'staging')).toBe('Nothing new.\n');
    expect((await scene.run(['changelog', '--env', 'stagin'])).code).toBe(2);
  });

  it('are mirrored to _migration_versions, by a run and where there is nothing to run', async () => {
    const scene = await threeReleases();
    const versions = () =>
      scene.column(
        `SELECT version || ' ' || name || ' ' || array_to_string(tags, ',') FROM _migration_versions WHERE kind = 'release' ORDER BY version`,
      );
    await ok(scene, 'up', '--force');
    expect(await versions()).toEqual(['1.0.0 first light ', '2.0.0 no titles ', '2.0.1 shelves ']);
    await ok(scene, 'tag', '2.0.1', 'lts');
    expect(await ok(scene, 'up')).toContain('nothing to do');
    expect(await versions()).toContain('2.0.1 shelves lts');
    const audits = () => scene.column(`SELECT count(*) FROM _migration_audit_log WHERE action = 'releases'`);
    expect(await audits()).toEqual(['2']);
    await ok(scene, 'up');
    expect(await audits()).toEqual(['2']);
  });

  it('make a changelog with what is breaking first, and nothing in it that Markdown obeys', async () => {
    const scene = await threeReleases();
    scene.write(
      'migrations/20260105120000_odd.sql',
      migration('CREATE TABLE odd ();', 'DROP TABLE odd;').replace('a step', 'see <b>@ada</b> [x](http://y)'),
    );
    const all = await ok(scene, 'changelog');
    const places = ['Not released yet', '## 2.0.1', '## 2.0.0', '### Breaking changes', '## 1.0.0'].map(
      (text) => all.indexOf(text),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(all).not.toContain('<b>');
    expect(all).toContain('\\[x\\](');
    const part = await ok(scene, 'changelog', '--from', '1.0.0', '--to', '2.0.0');
    expect(part).toContain('## 2.0.0: no titles');
    expect(part).not.toContain('## 1.0.0');
    expect(part).not.toContain('## 2.0.1');
    expect((await scene.run(['changelog', '--from', '2.0.0', '--to', '1.0.0'])).code).toBe(2);
    expect((await scene.run(['changelog', '--to', '3.0.0'])).code).toBe(2);
    const { message, releases } = parsed(await scene.run(['changelog', '--json']));
    expect(message).toContain('### Breaking changes');
    expect(
      releases?.map(({ version, migrations }) => [version, migrations.some(({ breaking }) => breaking)]),
    ).toEqual(expect.arrayContaining([['2.0.0', true]]));
  });

  it('hold a tag on one version', async () => {
    const scene = await threeReleases();
    await ok(scene, 'tag', '1.0.0', 'lts');
    const moved = await scene.run(['tag', '2.0.0', 'lts']);
    expect(moved.code).toBe(2);
    expect(moved.err).toContain('lts stands on 1.0.0');
    expect((await scene.run(['tag', '2.0.0', '../x'])).code).toBe(2);
    expect((await scene.run(['tag', '2.0.0'])).code).toBe(2);
    expect((await scene.run(['tag', '9.0.0', 'x'])).err).toContain('there is no release');
  });
});
