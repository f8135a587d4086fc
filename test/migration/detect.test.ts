import { describe, expect, it } from 'vitest';
import { detectLayout } from '../../src/migration/detect.ts';
import type { LayoutFolder } from '../../src/migration/layout.ts';
import { LAYOUTS } from '../../src/migration/layouts/registry.ts';
import { folderOf } from './folder.ts';

function detected(
  files: Readonly<Record<string, string>>,
  directory = 'migrations',
  repository: readonly string[] = [],
): string {
  const detection = detectLayout(folderOf(files, directory), repository);
  if (detection.status === 'found') return detection.layout.id;
  if (detection.status === 'unknown') return `unknown: ${detection.why}`;
  return `ambiguous: ${detection.candidates.map(({ layout }) => layout.id).join(', ')}`;
}

const empty = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, 'SELECT 1;']));

const TYPICAL: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['airlock', { '001_a.sql': '-- @metadata {}\n-- UP\n', '002_b.sql': '-- UP\n' }],
  ['airlock', { '20240101000000_a.sql': '-- UP\nSELECT 1;\n-- DOWN\nSELECT 2;' }],
  ['golang-migrate', empty('000001_a.up.sql', '000001_a.down.sql', '000002_b.up.sql')],
  ['golang-migrate', empty('1_a.up.sql', '1_a.down.sql')],
  ['sqlx', { '20240101000000_a.sql': '-- no-transaction\nSELECT 1;', '20240102000000_b.sql': '' }],
  [
    'diesel',
    empty(
      '00000000000000_diesel_initial_setup/up.sql',
      '2024-01-01-000000_a/up.sql',
      '2024-01-01-000000_a/down.sql',
    ),
  ],
  ['diesel', empty('2024-01-01-000000-0000_a/up.sql', '2024-01-01-000000-0000_a/down.sql')],
  ['hasura', empty('default/1700000000000_a/up.sql', 'default/1700000000000_a/down.sql')],
  ['hasura', empty('1700000000000_a/up.sql', '1700000000000_a/down.sql')],
  ['goose', { '00001_a.sql': '-- +goose Up\n', '00002_b.go': '' }],
  ['sql-migrate', { 'init.sql': '-- +migrate Up\n', '2-b.sql': '-- +migrate Up\n' }],
  ['dbmate', { '20240101000000_a.sql': '-- migrate:up\n', '20240102000000_b.sql': '' }],
  ['node-pg-migrate', { '1700000000000_a.sql': '-- Up Migration\n' }],
  ['flyway', empty('V1__a.sql', 'V1.1__b.sql', 'R__c.sql')],
  ['flyway', empty('V20240101120000__a.sql', 'sub/V2__b.sql')],
  ['prisma', { 'migration_lock.toml': '', ...empty('20240101000000_a/migration.sql') }],
  ['prisma', empty('0_init/migration.sql')],
  ['drizzle', { 'meta/_journal.json': '{}', '0000_a.sql': '' }],
  ['drizzle', { '0000_a.sql': 'A;\n--> statement-breakpoint\nB;' }],
  ['drizzle', { '20240101000000_a/migration.sql': '', '20240101000000_a/snapshot.json': '{}' }],
  ['graphile-migrate', empty('committed/000001.sql', 'committed/000002-b.sql', 'current.sql')],
  ['sqitch', { 'sqitch.plan': '', ...empty('deploy/a.sql', 'revert/a.sql') }],
  ['postgres-migrations', empty('0001-a.sql', '0002-b.sql')],
  ['numbered', empty('1/01_a.up.sql', '1/02_b.up.sql', '2/01_c.up.sql')],
  ['numbered', empty('v1.0/schema.sql', 'v1.1/more.sql', 'v1.1/manifest.json')],
];

describe('detection', () => {
  it.each(TYPICAL)('knows %s', (id, files) => {
    expect(detected(files)).toBe(id);
  });

  it('knows supabase by its folder', () => {
    expect(detected(empty('20240101000000_a.sql'), 'supabase/migrations')).toBe('supabase');
    expect(detected(empty('20240101000000_a.sql'), 'web/supabase/migrations')).toBe('supabase');
  });

  it('has an example of every layout', () => {
    const known = new Set(['supabase', ...TYPICAL.map(([id]) => id)]);
    expect(LAYOUTS.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
  });

  it.each([
    [empty('20240101000000_a.up.sql', '20240101000000_a.down.sql'), 'ambiguous: golang-migrate, sqlx'],
    [empty('0001_a.up.sql', '0001_a.down.sql'), 'ambiguous: golang-migrate, sqlx'],
    [empty('20240101000000_a.sql'), 'ambiguous: sqlx, supabase'],
    [empty('001_a.sql', '002_b.sql'), 'ambiguous: sqlx, numbered'],
    [{ '1_a.sql': '-- +goose Up\n', '2_b.sql': '-- migrate:up\n' }, 'ambiguous: goose, dbmate'],
  ])('asks to be told where two fit: %j', (files, expected) => {
    expect(detected(files)).toBe(expected);
  });

  it('says why of each candidate', () => {
    const detection = detectLayout(folderOf(empty('20240101000000_a.up.sql')));
    expect(
      detection.status === 'ambiguous' && detection.candidates.every(({ why }) => why.includes('1 file')),
    ).toBe(true);
  });

  it('lets the files of the nearest parent decide between names that are alike', () => {
    const files = empty('20240101000000_a.up.sql', '20240101000000_a.down.sql');
    expect(detected(files, 'api/migrations', ['go.mod'])).toBe('golang-migrate');
    expect(detected(files, 'api/migrations', ['go.mod', 'api/Cargo.toml'])).toBe('sqlx');
    expect(detected(files, 'api/migrations', ['go.mod', 'Cargo.toml'])).toBe(
      'ambiguous: golang-migrate, sqlx',
    );
    expect(detected(empty('20240101000000_a.sql'), 'db', ['Cargo.toml'])).toBe('sqlx');
  });

  it('is not misled by markers inside strings, nor by prose that begins like one', () => {
    expect(detected({ '001_a.sql': "SELECT '\n-- +goose Up\n';" })).toBe('ambiguous: sqlx, numbered');
    expect(
      detected({
        '1_a.sql': '-- +goose Up\n',
        '2_b.sql': '-- +goose Up\n-- Down migration is left out on purpose\n',
      }),
    ).toBe('goose');
  });

  it('says what it saw where nothing fits', () => {
    expect(detected({})).toBe('unknown: migrations holds no .sql file');
    expect(detected({ 'a.txt': '' }, '')).toBe('unknown: the repository root holds no .sql file');
    expect(detected(empty('schema.sql', 'seed.sql'))).toBe(
      'unknown: no layout names its files like those of migrations',
    );
  });

  it('opens at most a few different files of a large folder', () => {
    const folder = folderOf(
      empty(...Array.from({ length: 2000 }, (_, index) => `${20240101000000 + index}_x.sql`)),
    );
    detectLayout(folder);
    expect(new Set(folder.opened).size).toBeLessThanOrEqual(3);
  });

  it('does not fail on files that cannot be read', () => {
    const folder = {
      ...folderOf(empty('001_a.sql')),
      read: (path: string) => ({ file: path, line: 1, reason: 'binary' }),
    };
    expect(detectLayout(folder).status).toBe('ambiguous');
    for (const layout of LAYOUTS) {
      const reading = layout.read(
        {
          ...folder,
          paths: [
            '001_a.sql',
            'meta/_journal.json',
            'sqitch.plan',
            'v1/manifest.json',
            'current.sql',
            'deploy/a.sql',
          ],
        },
        {},
      );
      expect(reading.migrations).toEqual([]);
    }
  });
});

describe('a folder whose every file is too large', () => {
  const reason = 'is too large: 55 MB, at most 50 MB are read';
  const folder = (unreadable: string, ...readable: readonly string[]): LayoutFolder => {
    const rest = folderOf(empty(...readable), 'db');
    return {
      ...rest,
      paths: [...rest.paths, unreadable].sort(),
      read: (path: string) =>
        path === unreadable ? { file: `db/${path}`, line: 1, reason, broken: true } : rest.read(path),
    };
  };

  it('is not ambiguous: its reader says what is wrong', () => {
    const detection = detectLayout(folder('0001_big.sql'));
    if (detection.status !== 'found') throw new Error(detection.status);
    expect(detection.why).toContain('none of which can be read');
    expect(detection.layout.read(folder('0001_big.sql'), {}).unread).toContainEqual({
      file: 'db/0001_big.sql',
      line: 1,
      reason,
      broken: true,
    });
  });

  it('says so where its name tells no layout', () => {
    expect(detectLayout(folder('big one.sql'))).toEqual({
      status: 'unknown',
      why: `db/big one.sql ${reason}`,
    });
  });

  it('is as ambiguous as before where another file can be read', () => {
    expect(detectLayout(folder('0001_big.sql', '0002_small.sql')).status).toBe('ambiguous');
  });
});
