import { describe, expect, it } from 'vitest';
import { idsOf, placesOf, readAs, sql } from '../folder.ts';

const journal = (...tags: string[]) =>
  JSON.stringify(
    {
      version: '7',
      dialect: 'postgresql',
      entries: tags.map((tag, idx) => ({ idx, when: 1000 + idx, tag })),
    },
    null,
    1,
  );

describe('prisma', () => {
  it('orders by folder name, copies and names that end in .sql included', () => {
    const reading = readAs('prisma', {
      'migration_lock.toml': '',
      '20240201_b/migration.sql': 'B',
      '20240101_a.sql/migration.sql': 'A',
      '20240201_b copy/migration.sql': 'C',
    });
    expect(idsOf(reading)).toEqual(['20240101_a.sql', '20240201_b', '20240201_b copy']);
    expect(reading.problems).toEqual([]);
    expect(reading.unread).toEqual([]);
  });

  it('names a down that Prisma does not know', () => {
    expect(
      readAs('prisma', { '1_a/migration.sql': '', '1_a/down.sql': '' }).unread.map(({ file }) => file),
    ).toEqual(['migrations/1_a/down.sql']);
  });
});

describe('drizzle', () => {
  it('orders by the journal', () => {
    const reading = readAs('drizzle', {
      'meta/_journal.json': journal('0001_b', '0000_a'),
      '0000_a.sql': 'A;--> statement-breakpoint\nB;',
      '0001_b.sql': '',
    });
    expect(idsOf(reading)).toEqual(['0001_b', '0000_a']);
    expect(reading.problems).toEqual([]);
    expect(sql(reading.migrations[1]?.up)).toContain('--> statement-breakpoint');
  });

  it('reports a missing journal once, and orders by name', () => {
    const reading = readAs('drizzle', { '0002_b.sql': '', '0001_a.sql': '' });
    expect(idsOf(reading)).toEqual(['0001_a', '0002_b']);
    expect(placesOf(reading)).toEqual(['order-file migrations/0001_a.sql:1']);
  });

  it('reports a broken journal at its line, and orders by name', () => {
    for (const text of ['{\n "entries": [\n', '{\n "entries": [,]\n}', '{\n\n']) {
      const reading = readAs('drizzle', { 'meta/_journal.json': text, '0001_a.sql': '' });
      expect(reading.problems.map(({ ruleId, file }) => `${ruleId} ${file.path}`)).toEqual([
        'order-file migrations/meta/_journal.json',
      ]);
      expect(idsOf(reading)).toEqual(['0001_a']);
    }
  });

  it('reports files that the journal does not name, entries without a file, and times that go back', () => {
    const text = journal('0000_a', '0001_gone', '0002_c').replace('1002', '999');
    const reading = readAs('drizzle', {
      'meta/_journal.json': text,
      '0000_a.sql': '',
      '0002_c.sql': '',
      '0003_d.sql': '',
    });
    expect(reading.problems.map(({ file, message }) => [file.path, message.split(':')[0]])).toEqual([
      ['migrations/meta/_journal.json', 'The file 0001_gone.sql of this entry is missing'],
      ['migrations/meta/_journal.json', 'This migration is older than the one before'],
      ['migrations/0003_d.sql', 'meta/_journal.json does not name 0003_d'],
    ]);
    expect(idsOf(reading)).toEqual(['0000_a', '0002_c', '0003_d']);
  });

  it('reads the folders of Drizzle 1.0', () => {
    const reading = readAs('drizzle', {
      '20240101000000_a/migration.sql': 'A',
      '20240101000000_a/snapshot.json': '{}',
    });
    expect(idsOf(reading)).toEqual(['20240101000000_a']);
  });
});

describe('supabase, postgres-migrations and graphile-migrate', () => {
  it('reads supabase forward only', () => {
    const reading = readAs('supabase', {
      '20240102000000_b.sql': 'B',
      '20240101000000_a b.sql': 'A',
      'notes.sql': '',
    });
    expect(reading.migrations.map(({ id, name, down }) => [id, name, down])).toEqual([
      ['20240101000000', 'a b', undefined],
      ['20240102000000', 'b', undefined],
    ]);
    expect(reading.unread.map(({ file }) => file)).toEqual(['migrations/notes.sql']);
  });

  it('reads the opt-out of postgres-migrations, not inside a string', () => {
    const reading = readAs('postgres-migrations', {
      '0001-a.sql': '-- postgres-migrations disable-transaction\nSELECT 1;',
      '0002-b.sql': "SELECT '\n-- postgres-migrations disable-transaction\n'",
    });
    expect(reading.migrations.map(({ up }) => up.optsOut)).toEqual([true, false]);
  });

  it('reads committed migrations of graphile-migrate and their header', () => {
    const reading = readAs('graphile-migrate', {
      'committed/000002-b.sql': '--! Previous: sha1:1\n--! Hash: sha1:2\n--! no-transaction\n\nSELECT 1;',
      'committed/000001.sql': '--! Previous: -\n--! Hash: sha1:1\n\nSELECT 1;\n--! no-transaction\n',
      'current.sql': '-- Enter migration here\n',
    });
    expect(reading.migrations.map(({ id, name, up }) => [id, name, up.optsOut])).toEqual([
      ['000001', '', false],
      ['000002', 'b', true],
    ]);
    expect(reading.unread).toEqual([]);
  });

  it('says that the current migration is not committed', () => {
    const reading = readAs('graphile-migrate', { 'committed/000001.sql': '', 'current.sql': 'SELECT 1;' });
    expect(reading.unread.map(({ file, reason }) => `${file} ${reason.slice(0, 17)}`)).toEqual([
      'migrations/current.sql not committed yet',
    ]);
  });
});

describe('sqitch', () => {
  const plan = `%syntax-version=1.0.0
%project=shop

schema 2024-01-01T00:00:00Z Ada <ada@example.org> # schema
lists/users [schema] 2024-01-02T00:00:00Z Ada <ada@example.org> # users
@v1 2024-01-03T00:00:00Z Ada <ada@example.org> # first
@v2 2024-01-04T00:00:00Z Ada <ada@example.org> # second

lists/users [lists/users@v2] 2024-01-05T00:00:00Z Ada <ada@example.org> # reworked
`;
  const files = {
    'sqitch.plan': plan,
    'deploy/schema.sql': 'S',
    'revert/schema.sql': 's',
    'verify/schema.sql': 'v',
    'deploy/lists/users.sql': 'new',
    'revert/lists/users.sql': 'new-',
    'deploy/lists/users@v2.sql': 'old',
    'revert/lists/users@v2.sql': 'old-',
  };

  it('orders by the plan and finds the files of a change that was reworked', () => {
    const reading = readAs('sqitch', files);
    expect(reading.problems).toEqual([]);
    expect(
      reading.migrations.map(({ id, up, down, verify }) => [id, sql(up), sql(down), sql(verify)]),
    ).toEqual([
      ['schema', 'S', 's', 'v'],
      ['lists/users@v2', 'old', 'old-', undefined],
      ['lists/users', 'new', 'new-', undefined],
    ]);
  });

  it('reads the plan with CRLF and a byte order mark', () => {
    expect(
      idsOf(readAs('sqitch', { ...files, 'sqitch.plan': `\uFEFF${plan.replaceAll('\n', '\r\n')}` })),
    ).toEqual(['schema', 'lists/users@v2', 'lists/users']);
  });

  it('reports what the plan names and is not there at its line, and what it does not name', () => {
    const reading = readAs('sqitch', {
      'sqitch.plan': plan,
      'deploy/schema.sql': '',
      'deploy/extra.sql': '',
    });
    expect(placesOf(reading)).toEqual([
      'order-file migrations/sqitch.plan:5',
      'order-file migrations/sqitch.plan:9',
      'order-file migrations/deploy/extra.sql:1',
    ]);
  });

  it('orders by name where the plan is missing, and says so', () => {
    const reading = readAs('sqitch', { 'deploy/b.sql': '', 'deploy/a.sql': '', 'revert/c.sql': '' });
    expect(idsOf(reading)).toEqual(['a', 'b']);
    expect(placesOf(reading)).toEqual([
      'order-file migrations/deploy/a.sql:1',
      'unpaired-down migrations/revert/c.sql:1',
    ]);
  });
});
