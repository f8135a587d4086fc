import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { write } from '../../workspace/temporary.ts';
import { airlock, COLUMN, folderWith, INDEX, parsed, projectWith, ruleIds, TABLES } from './run-cli.ts';

const TABLE = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);';
const BAD = 'CREATE INDEX idx_orders_note ON orders (note);';

/** Two migrations a layout, the second of which blocks writes. */
const LAYOUTS: readonly (readonly [id: string, files: Readonly<Record<string, string>>])[] = [
  ['airlock', { 'migrations/001_tables.sql': TABLES, 'migrations/002_index.sql': INDEX }],
  [
    'golang-migrate',
    {
      'go.mod': 'module shop\n',
      'db/migrations/000001_orders.up.sql': TABLE,
      'db/migrations/000001_orders.down.sql': 'DROP TABLE IF EXISTS orders;',
      'db/migrations/000002_index.up.sql': BAD,
      'db/migrations/000002_index.down.sql': 'DROP INDEX IF EXISTS idx_orders_note;',
    },
  ],
  [
    'flyway',
    {
      'src/main/resources/db/migration/V1__orders.sql': TABLE,
      'src/main/resources/db/migration/V2__index.sql': BAD,
    },
  ],
  [
    'goose',
    {
      'migrations/00001_orders.sql': `-- +goose Up\n${TABLE}\n-- +goose Down\nDROP TABLE IF EXISTS orders;\n`,
      'migrations/00002_index.sql': `-- +goose Up\n${BAD}\n-- +goose Down\nDROP INDEX IF EXISTS idx_orders_note;\n`,
    },
  ],
  [
    'dbmate',
    {
      'db/migrations/20260101000000_orders.sql': `-- migrate:up\n${TABLE}\n-- migrate:down\nDROP TABLE IF EXISTS orders;\n`,
      'db/migrations/20260102000000_index.sql': `-- migrate:up\n${BAD}\n-- migrate:down\nDROP INDEX IF EXISTS idx_orders_note;\n`,
    },
  ],
  [
    'diesel',
    {
      'diesel.toml': '',
      'migrations/2026-01-01-000000_orders/up.sql': TABLE,
      'migrations/2026-01-01-000000_orders/down.sql': 'DROP TABLE IF EXISTS orders;',
      'migrations/2026-01-02-000000_index/up.sql': BAD,
      'migrations/2026-01-02-000000_index/down.sql': 'DROP INDEX IF EXISTS idx_orders_note;',
    },
  ],
  [
    'prisma',
    {
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20260101000000_orders/migration.sql': TABLE,
      'prisma/migrations/20260102000000_index/migration.sql': BAD,
    },
  ],
];

describe.concurrent('validate finds the migrations of a repository and says how they are written', () => {
  test.each(LAYOUTS)('%s', async (id, files) => {
    const ended = await airlock(['validate', '--json'], { cwd: projectWith(files) });
    const result = parsed(ended);
    expect(result.layout?.id).toBe(id);
    expect(result.checked?.migrations).toBe(2);
    expect(ruleIds(ended)).toContain('create-index-concurrently');
    expect(ended.code).toBe(1);
    expect(ended.err).toBe('');
  });

  test('text output names the place, shows the line with a mark under it, and ends with a summary', async () => {
    const cwd = projectWith({ 'migrations/001_tables.sql': TABLES, 'migrations/002_index.sql': INDEX });
    const { code, out, err } = await airlock(['validate'], { cwd });
    expect(out).toContain('error create-index-concurrently  migrations/002_index.sql:3:1');
    expect(out).toMatch(/> 3 │ CREATE INDEX idx_orders_note ON orders \(note\);\n\s+│ \^{10}/);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^1 error\b.* in \d of 2 migrations · /);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    // No colour where nobody looks.
    expect(out).not.toContain('\u001b');
  });

  test('without a problem there is one line, and exit 0', async () => {
    const cwd = projectWith({ 'migrations/001_tables.sql': TABLES, 'migrations/002_column.sql': COLUMN });
    const { code, out, err } = await airlock(['validate'], { cwd });
    expect(out).toMatch(/^no problems found in 2 migrations · [^\n]*\n$/);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('several migrations folders are all checked', async () => {
    const cwd = projectWith({
      'services/shop/db/migrations/001_tables.sql': TABLES,
      'services/mail/db/migrations/001_tables.sql': TABLES,
      'services/mail/db/migrations/002_index.sql': INDEX,
    });
    const result = parsed(await airlock(['validate', '--json'], { cwd }));
    expect(result.layout?.directory.split(', ').sort()).toEqual([
      'services/mail/db/migrations',
      'services/shop/db/migrations',
    ]);
    expect(result.checked?.migrations).toBe(3);
  });

  test('two layouts that fit are named, with what to type', async () => {
    const cwd = projectWith({
      'migrations/0001_a.up.sql': TABLE,
      'migrations/0001_a.down.sql': 'DROP TABLE IF EXISTS orders;',
      'migrations/0002_b.up.sql': BAD,
      'migrations/0002_b.down.sql': 'SELECT 1;',
    });
    const { code, out, err } = await airlock(['validate'], { cwd });
    expect(err).toContain('error: The files of migrations could be golang-migrate (');
    expect(err).toMatch(/next: .*--layout \w/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('a repository without migrations, and a folder that is not there', async () => {
    const cwd = projectWith({ 'README.md': 'nothing' });
    const none = await airlock(['validate'], { cwd });
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toMatch(/^error: No migrations were found .*\nnext: /s);
    const missing = await airlock(['validate', '--directory', 'db'], { cwd });
    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.err).toContain('db does not exist');
    const outside = await airlock(['validate', '--directory', '../elsewhere'], { cwd });
    expect(outside.code).toBe(2);
    expect(outside.err).toContain('--directory');
  });

  test('without any git repository the folder itself is looked through', async () => {
    const cwd = folderWith({ 'migrations/001_tables.sql': TABLES, 'migrations/002_index.sql': INDEX });
    const ended = await airlock(['validate', '--json'], { cwd });
    expect(ended.code).toBe(1);
    expect(parsed(ended).checked?.migrations).toBe(2);
  });
});

describe.concurrent('validate with named files', () => {
  const files = {
    'migrations/001_tables.sql': TABLES,
    'migrations/002_index.sql': INDEX,
    'migrations/003_column.sql': COLUMN,
    'docs/notes.md': 'text',
  };

  test('checks those against the others as history, from the root, a sub-folder, and by a full path', async () => {
    const root = projectWith(files);
    const runs = await Promise.all([
      airlock(['validate', 'migrations/003_column.sql', '--json'], { cwd: root }),
      airlock(['validate', '003_column.sql', '--json'], { cwd: join(root, 'migrations') }),
      airlock(['validate', '../migrations/003_column.sql', '--json'], { cwd: join(root, 'docs') }),
      airlock(['validate', join(root, 'migrations/003_column.sql'), '--json'], { cwd: root }),
    ]);
    for (const ended of runs) {
      expect(ended.code).toBe(0);
      expect(parsed(ended).checked).toMatchObject({ migrations: 1, history: 2 });
    }
    const bad = await airlock(
      ['validate', 'migrations/002_index.sql', 'migrations/003_column.sql', '--json'],
      {
        cwd: root,
      },
    );
    expect(bad.code).toBe(1);
    expect(new Set(parsed(bad).findings.map(({ file }) => file))).toEqual(
      new Set(['migrations/002_index.sql']),
    );
  });

  test('a path through a link to the repository is inside it', async () => {
    const root = projectWith(files);
    const link = join(folderWith({}), 'link');
    symlinkSync(root, link);
    const ended = await airlock(['validate', join(link, 'migrations/003_column.sql'), '--json'], {
      cwd: root,
    });
    expect(parsed(ended).checked?.migrations).toBe(1);
  });

  test('all that is wrong with them is told at once, each with what to do', async () => {
    const root = projectWith(files);
    const { code, out, err } = await airlock(
      ['validate', 'docs', 'migrations/9.sql', '/etc/passwd', 'x\u001b[31m\ny.sql'],
      { cwd: root },
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('error: docs is a folder without migrations.\n');
    expect(err).toMatch(/\nnext: name migrations, [^\n]* airlock validate\n$/);
    expect(err).toContain('error: migrations/9.sql: there is no such file.\n');
    expect(err).toContain('error: /etc/passwd lies outside the repository');
    expect(err).toContain('error: x␛[31m y.sql: there is no such file.');
  });

  test('a folder stands for the migrations in it, from wherever it is named', async () => {
    const root = projectWith({ ...files, 'seeds/rows.sql': 'SELECT 1;' });
    for (const [folder, cwd] of [
      ['migrations', root],
      ['.', root],
      ['.', join(root, 'migrations')],
      ['../migrations/', join(root, 'docs')],
    ] as const) {
      const result = parsed(await airlock(['validate', folder, '--json'], { cwd }));
      expect(result.checked, folder).toMatchObject({ migrations: 3, history: 0 });
      expect(result.layout?.directory).toBe('migrations');
      expect(result.notAnalysed).toEqual([]);
    }
    const fix = await airlock(['validate', 'migrations', '--fix'], { cwd: root });
    expect(fix).toMatchObject({ code: 2, out: '' });
    expect(fix.err).toContain('say which are new');
  });

  test('files of which none is a migration end with 2; beside one that is, they are not analysed', async () => {
    const root = projectWith({ ...files, 'migrations/seed.txt': 'x' });
    const none = await airlock(['validate', 'docs/notes.md', 'migrations/seed.txt'], { cwd: root });
    expect(none).toEqual({
      code: 2,
      out: '',
      err: 'error: No migration was named: docs/notes.md is not an SQL file (and 1 more like it).\nnext: name migrations, or folders that hold some, or nothing for all of them: airlock validate\n',
    });
    const mixed = await airlock(['validate', 'docs/notes.md', 'migrations/003_column.sql'], { cwd: root });
    expect(mixed.code).toBe(0);
    expect(mixed.out).toContain('docs/notes.md:1  is not an SQL file');
    expect(mixed.out).toContain('no problems found in 1 migration');
  });

  test('the summary counts the migrations before it, and the files that were checked', async () => {
    const root = projectWith(files);
    const text = await airlock(['validate', 'migrations/001_tables.sql'], { cwd: root });
    expect(text.out).not.toContain('earlier');
    const ended = await airlock(['validate', 'migrations/002_index.sql', '--json'], { cwd: root });
    expect(parsed(ended).checked).toMatchObject({ migrations: 1, files: 1, history: 1 });
  });

  test('a file outside the folder that the configuration names is said to be not analysed', async () => {
    const root = projectWith({
      ...files,
      'migration.config.yml': 'directory: migrations\nexclude: "migrations/003*"\n',
      'old/001_tables.sql': TABLES,
    });
    const ended = await airlock(['validate', 'old/001_tables.sql', 'migrations/003_column.sql', '--json'], {
      cwd: root,
    });
    const { notAnalysed } = parsed(ended);
    expect(notAnalysed.find(({ file }) => file === 'old/001_tables.sql')?.reason).toMatch(
      /^lies outside the migrations folder migrations .*--directory/,
    );
    expect(notAnalysed.find(({ file }) => file === 'migrations/003_column.sql')?.reason).toBe(
      'left out by exclude',
    );
  });

  test('a directory with the name of an SQL file', async () => {
    const root = projectWith(files);
    mkdirSync(join(root, 'migrations/004_folder.sql'));
    write(root, 'migrations/004_folder.sql/keep.txt', '');
    const named = await airlock(['validate', 'migrations/004_folder.sql'], { cwd: root });
    expect(named.code).toBe(2);
    expect(named.err).toContain('004_folder.sql is a folder');
    const whole = await airlock(['validate', '--json'], { cwd: root });
    expect(parsed(whole).checked?.migrations).toBe(3);
  });
});
