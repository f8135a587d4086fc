import { chmodSync, chownSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commit, git, write } from '../../workspace/temporary.ts';
import {
  airlock,
  CLI,
  COLUMN,
  INDEX,
  JSON_COLUMN,
  migration,
  NO_ORDINARY_USER,
  ordinaryUser,
  parsed,
  projectWith,
  ruleIds,
  run,
  TABLES,
} from './run-cli.ts';

const FOREIGN_KEY = migration(
  'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id);',
  'ALTER TABLE orders DROP CONSTRAINT IF EXISTS fk_orders_user_id;',
);
const MIXED = migration(
  'ALTER TABLE orders ADD COLUMN total integer;\nCREATE INDEX idx_orders_user_id ON orders (user_id);\nCREATE INDEX idx_orders_total ON orders (total);',
  'DROP INDEX IF EXISTS idx_orders_total;\nDROP INDEX IF EXISTS idx_orders_user_id;\nALTER TABLE orders DROP COLUMN IF EXISTS total;',
);

function project(change: Readonly<Record<string, string>>): string {
  return projectWith({ 'migrations/001_tables.sql': TABLES, ...change });
}

function read(cwd: string, name: string): string {
  return readFileSync(join(cwd, 'migrations', name), 'utf8');
}

const fix = (file: string): string[] => ['validate', `migrations/${file}`, '--fix', '--json'];

describe.concurrent('--fix', () => {
  test('builds an index that stands alone concurrently, outside a transaction, and shows the change', async () => {
    const cwd = project({ 'migrations/002_index.sql': INDEX });
    const ended = await airlock(fix('002_index.sql'), { cwd });
    expect(ended.err).toContain('-CREATE INDEX idx_orders_note');
    expect(ended.err).toContain('+CREATE INDEX CONCURRENTLY idx_orders_note');
    expect(ended.err).toMatch(/^fixed {2}migrations\/002_index\.sql:3 /m);
    expect(read(cwd, '002_index.sql')).toBe(
      INDEX.replace('-- UP', '-- @no-transaction\n-- UP').replace(
        'CREATE INDEX',
        'CREATE INDEX CONCURRENTLY',
      ),
    );
    expect(ruleIds(ended)).not.toContain('create-index-concurrently');
    expect(parsed(ended).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ended.code).toBe(0);
  });

  test('moves indexes among other statements to migrations of their own, each with its down', async () => {
    const cwd = project({ 'migrations/002_mixed.sql': MIXED });
    const ended = await airlock(fix('002_mixed.sql'), { cwd });
    expect(readdirSync(join(cwd, 'migrations')).sort()).toEqual([
      '001_tables.sql',
      '002_mixed.sql',
      '003_add_idx_orders_user_id.sql',
      '004_add_idx_orders_total.sql',
    ]);
    expect(read(cwd, '002_mixed.sql')).not.toContain('INDEX');
    expect(read(cwd, '002_mixed.sql')).toContain('ADD COLUMN total');
    const moved = read(cwd, '003_add_idx_orders_user_id.sql');
    expect(moved).toContain('-- @no-transaction');
    expect(moved).toContain('CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);');
    expect(moved).toContain('DROP INDEX CONCURRENTLY IF EXISTS idx_orders_user_id;');
    expect(moved).toContain('"dependencies": ["002"]');
    expect(parsed(ended).checked?.migrations).toBe(3);
    expect(parsed(ended).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('adds a foreign key NOT VALID and validates it in a second file', async () => {
    const cwd = project({ 'migrations/002_fk.sql': FOREIGN_KEY });
    const ended = await airlock(fix('002_fk.sql'), { cwd });
    expect(read(cwd, '002_fk.sql')).toContain('REFERENCES users (id) NOT VALID;');
    const second = readdirSync(join(cwd, 'migrations')).find((name) => name.startsWith('003_validate'));
    expect(read(cwd, second ?? '')).toContain('VALIDATE CONSTRAINT fk_orders_user_id;');
    expect(ruleIds(ended)).not.toContain('add-foreign-key-not-valid');
  });

  test('a second run changes nothing, whatever the first one did', async () => {
    for (const [name, text] of [
      ['002_index.sql', INDEX],
      ['002_mixed.sql', MIXED],
      ['002_fk.sql', FOREIGN_KEY],
    ] as const) {
      const cwd = project({ [`migrations/${name}`]: text });
      await airlock(fix(name), { cwd });
      commit(cwd);
      const all = readdirSync(join(cwd, 'migrations')).map((each) => `migrations/${each}`);
      const again = await airlock(['validate', ...all, '--fix'], { cwd });
      expect(git(cwd, 'status', '--porcelain'), name).toBe('');
      expect(again.err).toContain('Nothing here has a fix');
    }
  });

  test('with --changed-since, what is merged stays as it is, and new files count as changed', async () => {
    const cwd = project({ 'migrations/002_index.sql': INDEX });
    git(cwd, 'switch', '--quiet', '--create', 'feature');
    write(cwd, 'migrations/003_mixed.sql', MIXED);
    const ended = await airlock(['validate', '--changed-since', 'main', '--fix', '--json'], { cwd });
    expect(read(cwd, '002_index.sql')).toBe(INDEX);
    expect(parsed(ended).checked).toMatchObject({ migrations: 3, history: 2 });
    expect(ruleIds(ended)).not.toContain('create-index-concurrently');
  });

  test('a file with CRLF and a byte order mark keeps both', async () => {
    const text = `\uFEFF${INDEX.replaceAll('\n', '\r\n')}`;
    const mixed = MIXED.replaceAll('\n', '\r\n');
    const cwd = project({ 'migrations/002_index.sql': text, 'other/README.md': '' });
    await airlock(fix('002_index.sql'), { cwd });
    const fixed = read(cwd, '002_index.sql');
    expect(fixed.startsWith('\uFEFF-- @metadata')).toBe(true);
    expect(fixed).toContain('-- @no-transaction\r\n-- UP\r\nCREATE INDEX CONCURRENTLY');
    expect(fixed.replaceAll('\r\n', '')).not.toContain('\n');
    const other = project({ 'migrations/002_mixed.sql': mixed });
    await airlock(fix('002_mixed.sql'), { cwd: other });
    for (const name of ['002_mixed.sql', '003_add_idx_orders_user_id.sql'])
      expect(read(other, name).replaceAll('\r\n', ''), name).not.toContain('\n');
  });

  test.each([
    [
      'goose',
      '-- +goose Up\nCREATE INDEX i ON orders (note);\n-- +goose Down\nDROP INDEX IF EXISTS i;\n',
      /^-- \+goose NO TRANSACTION\n-- \+goose Up\nCREATE INDEX CONCURRENTLY/,
    ],
    [
      'dbmate',
      '-- migrate:up\nCREATE INDEX i ON orders (note);\n-- migrate:down\nDROP INDEX IF EXISTS i;\n',
      /^-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY/,
    ],
    [
      'sql-migrate',
      '-- +migrate Up\nCREATE INDEX i ON orders (note);\n-- +migrate Down\nDROP INDEX IF EXISTS i;\n',
      /^-- \+migrate Up notransaction\nCREATE INDEX CONCURRENTLY/,
    ],
  ])('says "outside a transaction" in the words of %s', async (layout, text, fixed) => {
    const cwd = projectWith({
      'migration.config.yml': `directory: migrations\nlayout: ${layout}\n`,
      'migrations/20260101000000_orders.sql': text
        .replace(/CREATE INDEX.*/, 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);')
        .replace(/DROP INDEX.*/, 'DROP TABLE IF EXISTS orders;'),
      'migrations/20260102000000_index.sql': text,
    });
    const ended = await airlock(fix('20260102000000_index.sql'), { cwd });
    expect(read(cwd, '20260102000000_index.sql')).toMatch(fixed);
    expect(ruleIds(ended)).not.toContain('create-index-concurrently');
    expect(ruleIds(ended)).not.toContain('concurrently-in-transaction');
  });

  test('leaves alone what a later migration of the folder needs, and says so', async () => {
    const cwd = project({ 'migrations/002_mixed.sql': MIXED, 'migrations/003_column.sql': COLUMN });
    const ended = await airlock(fix('002_mixed.sql'), { cwd });
    expect(ended.err).toMatch(/^left {3}.*a later migration uses "orders"/m);
    expect(git(cwd, 'status', '--porcelain')).toBe('');
    expect(ended.code).toBe(1);
  });

  test('a type that means something else is offered, not put in', async () => {
    const cwd = project({ 'migrations/002_json.sql': JSON_COLUMN });
    const ended = await airlock(fix('002_json.sql'), { cwd });
    expect(read(cwd, '002_json.sql')).toBe(JSON_COLUMN);
    expect(parsed(ended).findings).toContainEqual(
      expect.objectContaining({
        ruleId: 'type-json',
        replacement: expect.objectContaining({ text: 'jsonb' }),
      }),
    );
  });

  test('asks which files are new', async () => {
    const cwd = project({ 'migrations/002_index.sql': INDEX });
    const ended = await airlock(['validate', '--fix'], { cwd });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(
      'next: airlock validate --fix --changed-since origin/main, or name the files.',
    );
  });

  test('a file or folder that may not be written: a clear message, and all files as they were', async ({
    skip,
  }) => {
    const cwd = project({ 'migrations/002_index.sql': INDEX, 'migrations/003_mixed.sql': MIXED });
    const user = ordinaryUser();
    if (!user) return skip(NO_ORDINARY_USER);
    // The first file can be written; the folder cannot, so the new ones cannot be made.
    if (user.uid !== undefined) chownSync(join(cwd, 'migrations/002_index.sql'), user.uid, user.uid);
    chmodSync(join(cwd, 'migrations/003_mixed.sql'), 0o444);
    chmodSync(join(cwd, 'migrations'), 0o555);
    chmodSync(cwd, 0o755);
    const files = ['migrations/002_index.sql', 'migrations/003_mixed.sql'];
    const ended = await airlock(['validate', ...files, '--fix'], { cwd, ...user });
    chmodSync(join(cwd, 'migrations'), 0o755);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(
      /^error: no fix was applied: migrations\/00\S+ cannot be written: permission denied\.\n$/,
    );
    expect([read(cwd, '002_index.sql'), read(cwd, '003_mixed.sql')]).toEqual([INDEX, MIXED]);
    expect(readdirSync(join(cwd, 'migrations'))).toHaveLength(3);
  });

  test('a disk that takes no more: a clear message, and all files as they were', async () => {
    const long = `${MIXED}${'-- a long story\n'.repeat(200)}`;
    const cwd = project({ 'migrations/002_index.sql': INDEX, 'migrations/003_long.sql': long });
    const files = 'migrations/002_index.sql migrations/003_long.sql';
    // At most one block a file: the first fix fits, the second does not.
    const line = `ulimit -f 1; exec "$0" "$1" validate ${files} --fix`;
    const ended = await run('bash', ['-c', line, process.execPath, CLI], { cwd });
    expect(ended).toEqual({
      code: 2,
      out: '',
      err: 'error: no fix was applied: migrations/003_long.sql cannot be written: it would be larger than a file may be here (ulimit -f).\n',
    });
    expect(git(cwd, 'status', '--porcelain')).toBe('');
    expect(readdirSync(join(cwd, 'migrations'))).toHaveLength(3);
  });
});
