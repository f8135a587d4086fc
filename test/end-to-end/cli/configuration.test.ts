import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commit, git, write } from '../../workspace/temporary.ts';
import {
  airlock,
  COLUMN,
  folderWith,
  INDEX,
  JSON_COLUMN,
  parsed,
  projectWith,
  ruleIds,
  TABLES,
} from './run-cli.ts';

describe.concurrent('migration.config.yml', () => {
  const files = { 'migrations/001_tables.sql': TABLES, 'migrations/002_index.sql': INDEX };

  test('every mistake is told at once with line and column, those of flags and variables too', async () => {
    const cwd = projectWith({
      ...files,
      'migration.config.yml': 'layout: golang\nfailOn: eror\nrules:\n  set-not-nul: warning\ndiretory: x\n',
    });
    const { code, out, err } = await airlock(['validate', '--dialect', 'pg'], {
      cwd,
      env: { AIRLOCK_RUNNER: 'mine' },
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n').filter((line) => line.startsWith('error:'))).toHaveLength(6);
    expect(err).toContain(
      'error: migration.config.yml:1:9 layout: "golang" is not a known layout; did you mean golang-migrate?',
    );
    expect(err).toContain('error: migration.config.yml:2:9 failOn: "eror" is not');
    expect(err).toContain(
      'error: migration.config.yml:4:3 rules.set-not-nul: is not a known rule; did you mean set-not-null?',
    );
    expect(err).toContain(
      'error: migration.config.yml:5:1 diretory: is not a known key; did you mean directory?',
    );
    expect(err).toContain('error: --dialect: "pg"');
    expect(err).toContain('error: AIRLOCK_RUNNER: "mine"');
    const json = await airlock(['validate', '--json'], { cwd });
    expect(json.code).toBe(2);
    expect(parsed(json)).toMatchObject({ reasonCode: 'configuration-invalid' });
  });

  test.each([
    ['broken YAML', 'layout: [airlock\nfailOn: error\n', /error: migration\.config\.yml:\d+:\d+ /],
    ['a file that is not text', '\u0000\u0001', /error: migration\.config\.yml:1:\d+ /],
    ['a list', '- airlock\n', /error: migration\.config\.yml:1:1 /],
    ['two files of the name', 'layout: airlock\n', /migration\.config\.yaml both exist/],
  ])('%s is exit 2 with the place, in every command that reads it', async (what, text, message) => {
    const cwd = projectWith({ ...files, 'migration.config.yml': text });
    if (what.startsWith('two')) write(cwd, 'migration.config.yaml', text);
    for (const args of [['validate'], ['create', 'x'], ['init']]) {
      const { code, out, err } = await airlock(args, { cwd });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(message);
      expect(err).not.toMatch(/\n\s+at /);
    }
  });

  test('a project in a folder of a larger repository: paths, changes and new files are its own', async () => {
    const root = projectWith({
      'migrations/001_other.sql': INDEX,
      'services/shop/migration.config.yml': 'directory: migrations\nlayout: airlock\n',
      'services/shop/migrations/001_tables.sql': TABLES,
    });
    git(root, 'switch', '--quiet', '--create', 'feature');
    write(root, 'services/shop/migrations/002_index.sql', INDEX);
    write(root, 'migrations/002_other.sql', INDEX);
    commit(root);
    const shop = join(root, 'services/shop');
    const runs = await Promise.all([
      airlock(['validate', '--changed-since', 'main', '--json'], { cwd: shop }),
      airlock(['validate', '--changed-since', 'main', '--json'], { cwd: join(shop, 'migrations') }),
      airlock(['validate', 'migrations/002_index.sql', '--json'], { cwd: shop }),
      airlock(['validate', '002_index.sql', '--json'], { cwd: join(shop, 'migrations') }),
    ]);
    for (const ended of runs) {
      expect(parsed(ended).checked).toMatchObject({ migrations: 1, history: 1 });
      expect(parsed(ended).findings[0]?.file).toBe('migrations/002_index.sql');
    }
    const outside = await airlock(['validate', '../../migrations/002_other.sql'], { cwd: shop });
    expect(outside.code).toBe(2);
    expect(outside.err).toContain('lies outside');
    const created = await airlock(['create', 'more'], { cwd: join(shop, 'migrations') });
    expect(created.out).toMatch(/^created \d+_more\.sql\n/);
  });

  test('without git the configuration is found in the folders above, too', async () => {
    const root = folderWith({
      'migration.config.yml': 'directory: db\nlayout: airlock\n',
      'db/001_tables.sql': TABLES,
      'db/002_column.sql': COLUMN,
      'src/app.ts': '',
    });
    const ended = await airlock(['validate', '--json'], { cwd: join(root, 'src') });
    expect(parsed(ended)).toMatchObject({ reasonCode: 'clean', layout: { directory: 'db' } });
  });

  test('a rule that is switched off is off, and a .env of the checkout loosens nothing', async () => {
    const cwd = projectWith({
      ...files,
      'migrations/009_column.sql': JSON_COLUMN,
      'migration.config.yml': 'rules:\n  create-index-concurrently: off\n',
      '.env': 'DATABASE_URL=postgres://h/d\nAIRLOCK_FAIL_ON=never\n',
    });
    const ended = await airlock(['validate', '--json'], { cwd, env: { AIRLOCK_FAIL_ON: 'info' } });
    expect(ruleIds(ended)).not.toContain('create-index-concurrently');
    expect(ended).toMatchObject({ code: 1, err: '' });
    const ignored = await airlock(['validate'], { cwd });
    expect(ignored.err).toBe(
      'warning: .env:2:1 AIRLOCK_FAIL_ON is ignored: .env may hold addresses and keys, not settings; write failOn: in migration.config.yml, or set the variable in the environment\n',
    );
  });

  test('several folders in the configuration', async () => {
    const cwd = projectWith({
      'migration.config.yml': 'directory: [one, two]\nlayout: airlock\n',
      'one/001_tables.sql': TABLES,
      'two/001_tables.sql': TABLES,
    });
    expect(parsed(await airlock(['validate', '--json'], { cwd }))).toMatchObject({
      layout: { directory: 'one, two' },
      checked: { migrations: 2 },
    });
    const created = await airlock(['create', 'x'], { cwd });
    expect(created).toMatchObject({ code: 2, out: '' });
    expect(created.err).toContain('next: airlock create <name> --directory one');
  });

  test('an option that is no regular expression, or one that could take for ever', async () => {
    const config = 'rules:\n  identifier-naming: { options: { tables: "^[a-z", indexes: "^(.+)+$" } }\n';
    const ended = await airlock(['validate'], {
      cwd: projectWith({ ...files, 'migration.config.yml': config }),
    });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(
      /^error: migration\.config\.yml:2:43 rules\.identifier-naming: option "tables" is not a regular expression: .+\nerror: migration\.config\.yml:2:61 rules\.identifier-naming: option "indexes" can take for ever/,
    );
  });

  test('a configuration file that is a folder', async () => {
    const cwd = projectWith(files);
    write(cwd, 'migration.config.yml/keep', '');
    const ended = await airlock(['validate'], { cwd });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toBe(
      'error: migration.config.yml:1:1 is not a file\n' +
        'next: correct what is named above and type the command again\n',
    );
  });
});
