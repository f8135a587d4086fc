import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git, write } from '../../workspace/temporary.ts';
import {
  airlock,
  type Ended,
  folderWith,
  NO_ORDINARY_USER,
  ordinaryUser,
  parsed,
  projectWith,
  TABLES,
} from './run-cli.ts';

function created({ out }: Ended): string[] {
  return [...out.matchAll(/^created (.+)$/gm)].map(([, path = '']) => path);
}

function textOf(root: string, path: string | undefined): string {
  return readFileSync(join(root, path ?? ''), 'utf8');
}

describe.concurrent('create', () => {
  test('writes a migration in our own format where there is none yet, and it validates', async () => {
    const cwd = projectWith({ 'README.md': '' });
    git(cwd, 'config', 'user.name', 'Grace Hopper');
    const ended = await airlock(['create', 'add_user_preferences'], { cwd });
    expect(ended).toMatchObject({ code: 0, err: '' });
    const [path = ''] = created(ended);
    expect(path).toMatch(/^migrations\/\d{14}_add_user_preferences\.sql$/);
    expect(ended.out).toContain(`next: write the SQL, then airlock validate ${path}\n`);
    const text = textOf(cwd, path);
    expect(text).toContain('"author": "Grace Hopper"');
    expect(text).toContain('"description": "add user preferences"');
    expect(text).toMatch(/\n-- UP\n[\s\S]+\n-- DOWN\n[\s\S]+\n-- VERIFY\n/);
    const validated = await airlock(['validate', path, '--json'], { cwd });
    expect(parsed(validated).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    ['ddl', /CREATE TABLE/],
    ['dml', /UPDATE|INSERT/],
    ['function', /CREATE OR REPLACE FUNCTION/],
  ])('--type %s', async (type, sql) => {
    const cwd = projectWith({ 'README.md': '' });
    const [path] = created(await airlock(['create', 'step', '--type', type], { cwd }));
    expect(textOf(cwd, path)).toMatch(sql);
    const { findings } = parsed(await airlock(['validate', '--json'], { cwd }));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    ['add_user_preferences', 'CREATE TABLE user_preferences ('],
    ['create users table', 'CREATE TABLE users ('],
    ['add phone to users', 'ALTER TABLE users ADD COLUMN phone text;'],
    ['user', 'CREATE TABLE "user" ('],
    ['2fa', 'CREATE TABLE "2fa" ('],
    [`add_${'long_'.repeat(15)}name`, `CREATE TABLE ${'long_'.repeat(12)}lon (`],
    ['rename total', '-- Write the change here:\n'],
  ])('what the name %j says is what the template begins with', async (name, sql) => {
    const cwd = projectWith({ 'README.md': '' });
    const [path] = created(await airlock(['create', name], { cwd }));
    expect(textOf(cwd, path)).toContain(`-- UP\n${sql}`);
    expect(textOf(cwd, path).endsWith('\n')).toBe(true);
    const validated = await airlock(['validate', path ?? '', '--json'], { cwd });
    expect(parsed(validated).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('--breaking says so in the metadata', async () => {
    const cwd = projectWith({ 'README.md': '' });
    const [path] = created(await airlock(['create', 'drop_it', '--breaking'], { cwd }));
    expect(textOf(cwd, path)).toContain('"breakingChange": true');
    expect(textOf(cwd, path)).toContain('"risk": "high"');
  });

  test.each([
    [
      'golang-migrate',
      'db/migrations',
      {
        'go.mod': '',
        'db/migrations/000007_a.up.sql': 'SELECT 1;',
        'db/migrations/000007_a.down.sql': 'SELECT 1;',
      },
      [/^db\/migrations\/000008_next_step\.up\.sql$/, /^db\/migrations\/000008_next_step\.down\.sql$/],
    ],
    [
      'goose',
      'migrations',
      { 'migrations/00003_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n' },
      [/^migrations\/\d+_next_step\.sql$/],
    ],
    [
      'flyway',
      'db/migration',
      { 'db/migration/V3__a.sql': 'SELECT 1;' },
      [/^db\/migration\/V4__next_step\.sql$/, /^db\/migration\/U4__next_step\.sql$/],
    ],
    [
      'diesel',
      'migrations',
      {
        'diesel.toml': '',
        'migrations/2026-01-01-000000_a/up.sql': 'SELECT 1;',
        'migrations/2026-01-01-000000_a/down.sql': 'SELECT 1;',
      },
      [/^migrations\/\d{4}-\d\d-\d\d-\d{6}_next_step\/up\.sql$/, /\/down\.sql$/],
    ],
  ] as const)('in the layout %s of %s', async (id, directory, files, patterns) => {
    const cwd = projectWith(files);
    const ended = await airlock(['create', 'next step'], { cwd });
    expect(ended).toMatchObject({ code: 0, err: '' });
    const paths = created(ended);
    expect(paths).toHaveLength(patterns.length);
    for (const [index, pattern] of patterns.entries()) {
      expect(paths[index]).toMatch(pattern);
      expect(textOf(cwd, paths[index])).toMatch(/[^\n]\n$/);
    }
    const result = parsed(await airlock(['validate', '--json'], { cwd }));
    expect(result.layout).toMatchObject({ id, directory });
    expect(result.checked?.migrations).toBe(2);
  });

  test('a layout whose tool keeps more than the file is refused', async () => {
    const cwd = projectWith({
      'drizzle/meta/_journal.json': '{"entries":[]}',
      'drizzle/0000_a.sql': 'SELECT 1;',
    });
    const { code, out, err } = await airlock(['create', 'x'], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('its own tool keeps more than the file');
  });

  test.each([
    ['Größe: "x" & \n $(rm -rf /) ../../etc', 'grosse_x_rm_rf_etc'],
    ['AddUserPreferences', 'add_user_preferences'],
    ['--', undefined],
    ['日本', undefined],
    ['', undefined],
  ])('of the name %j', async (name, file) => {
    const cwd = projectWith({ 'README.md': '' });
    const ended = await airlock(['create', ...(name === '--' ? ['--', '--'] : [name])], { cwd });
    if (file === undefined) {
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain('holds no letter or digit');
      expect(existsSync(join(cwd, 'migrations'))).toBe(false);
    } else {
      expect(created(ended)[0]).toMatch(new RegExp(`^migrations/\\d{14}_${file}\\.sql$`));
    }
  });

  test('several within one second get ids of their own, in order', async () => {
    const cwd = projectWith({ 'README.md': '' });
    for (const name of ['one', 'two', 'three', 'two']) await airlock(['create', name], { cwd });
    const names = readdirSync(join(cwd, 'migrations')).sort();
    expect(names.map((name) => name.slice(15))).toEqual(['one.sql', 'two.sql', 'three.sql', 'two.sql']);
    expect(new Set(names.map((name) => name.slice(0, 14))).size).toBe(4);
  });

  test('started at the same moment, two never overwrite each other', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      'migration.config.yml': 'layout: airlock\n',
    });
    const runs = await Promise.all([1, 2, 3].map(() => airlock(['create', 'same'], { cwd })));
    const paths = runs.flatMap(created);
    expect(new Set(paths).size).toBe(paths.length);
    for (const ended of runs)
      if (ended.code !== 0)
        expect(ended).toMatchObject({ code: 2, err: expect.stringContaining('exists already') });
  });

  test('files of no known layout are not mixed with ours unasked', async () => {
    const cwd = projectWith({
      'migrations/first.sql': 'SELECT 1;',
      'migrations/second.sql': 'SELECT 1;',
      'migration.config.yml': 'directory: migrations\n',
    });
    const { code, err } = await airlock(['create', 'x'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('next: airlock create <name> --layout <layout>');
  });

  test('a folder that may not be written to is a clear message, and nothing is left half done', async ({
    skip,
  }) => {
    const cwd = folderWith({
      'db/000001_a.up.sql': 'SELECT 1;',
      'db/000001_a.down.sql': 'SELECT 1;',
      'migration.config.yml': 'directory: db\nlayout: golang-migrate\n',
    });
    chmodSync(join(cwd, 'db'), 0o555);
    chmodSync(cwd, 0o755);
    const user = ordinaryUser();
    if (!user) return skip(NO_ORDINARY_USER);
    const { code, out, err } = await airlock(['create', 'x'], { cwd, ...user });
    chmodSync(join(cwd, 'db'), 0o755);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe('error: db/000002_x.up.sql cannot be written: permission denied.\n');
  });
});

describe.concurrent('init', () => {
  test('in a fresh repository: the configuration, the workflow, and what to do next', async () => {
    const cwd = projectWith({ 'README.md': '' });
    const { code, out, err } = await airlock(['init'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('created migration.config.yml\ncreated .github/workflows/airlock.yml\n');
    expect(out).toContain(
      'Next:\n  airlock create my_first_migration\n  git add migration.config.yml .github/workflows/airlock.yml',
    );
    expect(textOf(cwd, 'migration.config.yml')).toContain('layout: airlock');
    expect(await airlock(['validate'], { cwd })).toEqual({
      code: 0,
      out: 'nothing to check: there is no migration in migrations yet\n',
      err: '',
    });
    // The folder is part of what is committed.
    expect(out).toContain('created migrations/.gitkeep\n');
    await airlock(['create', 'my_first_migration'], { cwd });
    expect((await airlock(['validate'], { cwd })).code).toBe(0);
  });

  test('where migrations of golang-migrate are, it finds them', async () => {
    const cwd = projectWith({
      'go.mod': '',
      'db/migrations/0001_a.up.sql': 'SELECT 1;',
      'db/migrations/0001_a.down.sql': 'SELECT 1;',
    });
    const { code, out } = await airlock(['init'], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^Found 1 migration of golang-migrate in db\/migrations: /);
    expect(out).toContain('Next:\n  airlock validate --changed-since origin/main\n');
    expect(textOf(cwd, 'migration.config.yml')).toContain(
      'directory: db/migrations\nlayout: golang-migrate\n',
    );
    expect(parsed(await airlock(['validate', '--json'], { cwd })).layout?.id).toBe('golang-migrate');
  });

  test('where two layouts fit, it asks, and writes nothing', async () => {
    const cwd = projectWith({
      'migrations/0001_a.up.sql': 'SELECT 1;',
      'migrations/0001_a.down.sql': 'SELECT 1;',
    });
    const asked = await airlock(['init'], { cwd });
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toMatch(/could be .* or .*\nnext: airlock init --layout [\w-]+\n/);
    expect(existsSync(join(cwd, '.github'))).toBe(false);
    const told = await airlock(['init', '--layout', 'sqlx'], { cwd });
    expect(told.code).toBe(0);
    expect(textOf(cwd, 'migration.config.yml')).toContain('layout: sqlx');
  });

  test('files that exist are kept, the configuration under its other ending too', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      'migration.config.yaml': 'failOn: warning\n',
    });
    const once = await airlock(['init'], { cwd });
    expect(once.out).toContain(
      'kept    migration.config.yaml (it exists already)\ncreated .github/workflows/airlock.yml',
    );
    const workflow = textOf(cwd, '.github/workflows/airlock.yml');
    const twice = await airlock(['init'], { cwd });
    expect(twice).toMatchObject({ code: 0, err: '' });
    expect(twice.out).toContain('kept    .github/workflows/airlock.yml');
    expect(textOf(cwd, 'migration.config.yaml')).toBe('failOn: warning\n');
    expect(textOf(cwd, '.github/workflows/airlock.yml')).toBe(workflow);
    expect(existsSync(join(cwd, 'migration.config.yml'))).toBe(false);
  });

  test('a folder in the way of a file it writes', async () => {
    const cwd = projectWith({ 'migrations/001_tables.sql': TABLES });
    write(cwd, '.github', 'a file');
    mkdirSync(join(cwd, 'empty'));
    const { code, err } = await airlock(['init'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('error: .github/workflows/airlock.yml cannot be written: ');
    expect(existsSync(join(cwd, 'migration.config.yml'))).toBe(false);
  });
});
