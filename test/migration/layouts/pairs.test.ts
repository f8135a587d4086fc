import { describe, expect, it } from 'vitest';
import { idsOf, placesOf, readAs, sql } from '../folder.ts';

describe('golang-migrate', () => {
  it('pairs by version though the names differ, and orders unpadded versions as numbers', () => {
    const reading = readAs('golang-migrate', {
      '10_b.up.sql': 'B',
      '9_a.up.sql': 'A',
      '9_undo_a.down.sql': 'a',
      '10_b.down.sql': 'b',
    });
    expect(reading.problems).toEqual([]);
    expect(reading.migrations.map(({ id, name, up, down }) => [id, name, sql(up), sql(down)])).toEqual([
      ['9', 'a', 'A', 'a'],
      ['10', 'b', 'B', 'b'],
    ]);
  });

  it('mixes 8 and 14 digits and months that do not exist', () => {
    expect(
      idsOf(
        readAs('golang-migrate', {
          '20231801000000_a.up.sql': '',
          '20240101_b.up.sql': '',
          '000003_c.up.sql': '',
        }),
      ),
    ).toEqual(['000003', '20240101', '20231801000000']);
  });

  it('reports versions that repeat and keeps both, each with the down of its name', () => {
    const reading = readAs('golang-migrate', {
      '7_a.up.sql': '',
      '7_a.down.sql': 'a',
      '007_b.up.sql': '',
      '007_b.down.sql': 'b',
    });
    expect(placesOf(reading)).toEqual(['duplicate-id migrations/7_a.up.sql:1']);
    expect(reading.migrations.map(({ name, down }) => name + sql(down))).toEqual(['bb', 'aa']);
  });

  it('reports a down under another version than its up, and names the up that was meant', () => {
    const reading = readAs('golang-migrate', {
      '11_add_x.up.sql': '',
      '12_add_x.down.sql': '',
      '13_y.up.sql': '',
    });
    expect(placesOf(reading)).toEqual(['unpaired-down migrations/12_add_x.down.sql:1']);
    expect(reading.problems[0]?.fix).toContain('id 11');
    expect(reading.migrations.map(({ down }) => down)).toEqual([undefined, undefined]);
  });

  it('names what it passes over: other names, sub-folders, code, unreadable files', () => {
    const files = {
      '1_a.up.sql': '',
      'seed.sql': '',
      '2_b.go': '',
      ...Object.fromEntries([1, 2, 3, 4].map((n) => [`mysql/${n}_a.up.sql`, ''])),
    };
    const reading = readAs('golang-migrate', files);
    expect(idsOf(reading)).toEqual(['1']);
    expect(reading.unread.map(({ file }) => file)).toEqual(
      ['migrations/2_b.go', 'migrations/mysql/1_a.up.sql', 'migrations/seed.sql'].sort(),
    );
    expect(reading.unread.find(({ file }) => file.includes('mysql'))?.reason).toContain(
      '3 more files in mysql/',
    );
  });
});

describe('sqlx', () => {
  it('reads simple and reversible files in one folder', () => {
    const reading = readAs('sqlx', { '1_init.sql': 'A', '2_b.up.sql': 'B', '2_b.down.sql': 'b' });
    expect(reading.migrations.map(({ id, up, down }) => [id, sql(up), sql(down)])).toEqual([
      ['1', 'A', undefined],
      ['2', 'B', 'b'],
    ]);
  });

  it('opts out by its exact first line, file by file', () => {
    const reading = readAs('sqlx', {
      '1_a.sql': '-- no-transaction\nSELECT 1;',
      '2_b.sql': '\n-- no-transaction\n',
      '3_c.sql': '--no-transaction\n',
      '4_d.up.sql': '-- no-transaction\n',
      '4_d.down.sql': 'SELECT 1;',
      '5_e.sql': '\uFEFF-- no-transaction\n',
    });
    expect(reading.migrations.map(({ up }) => up.optsOut)).toEqual([true, false, false, true, false]);
    expect(reading.migrations[3]?.down?.optsOut).toBe(false);
  });

  it('reports a version that 64 bits cannot hold', () => {
    const reading = readAs('sqlx', { '9223372036854775807_a.sql': '', '9223372036854775808_b.sql': '' });
    expect(placesOf(reading)).toEqual(['file-name migrations/9223372036854775808_b.sql:1']);
  });
});

describe('diesel', () => {
  it('drops the dashes of versions, and reads names with spaces and copies', () => {
    const reading = readAs('diesel', {
      '2024-02-01-000000_b/up.sql': 'B',
      '2024-02-01-000000_b/down.sql': 'b',
      '20240101000000_a with spaces/up.sql': 'A',
      '20240101000000_a with spaces/down.sql': '',
      '2024-02-01-000000_b copy/up.sql': 'C',
      '2024-03-01-000000-0001_c.sql/up.sql': 'D',
    });
    expect(idsOf(reading)).toEqual([
      '20240101000000',
      '20240201000000',
      '20240201000000',
      '202403010000000001',
    ]);
    expect(reading.migrations.map(({ name }) => name)).toEqual(['a with spaces', 'b copy', 'b', 'c.sql']);
    expect(placesOf(reading)).toEqual(['duplicate-id migrations/2024-02-01-000000_b/up.sql:1']);
    expect(sql(reading.migrations[2]?.down)).toBe('b');
  });

  it('reads run_in_transaction from metadata.toml, for up and down', () => {
    const one = (toml: string) =>
      readAs('diesel', {
        '20240101000000_a/up.sql': '',
        '20240101000000_a/down.sql': '',
        '20240101000000_a/metadata.toml': toml,
      }).migrations[0];
    expect([
      one('run_in_transaction = false\r\n')?.up.optsOut,
      one('run_in_transaction=false')?.down?.optsOut,
    ]).toEqual([true, true]);
    expect([
      one('run_in_transaction = true')?.up.optsOut,
      one('# run_in_transaction = false')?.up.optsOut,
    ]).toEqual([false, false]);
  });

  it('reports a down without an up', () => {
    expect(placesOf(readAs('diesel', { '20240101000000_a/down.sql': 'x' }))).toEqual([
      'unpaired-down migrations/20240101000000_a/down.sql:1',
    ]);
  });
});

describe('hasura', () => {
  it('reads a folder of one database, with and without its name', () => {
    for (const prefix of ['', 'default/']) {
      const reading = readAs('hasura', {
        [`${prefix}1700000000000_a/up.sql`]: 'A',
        [`${prefix}1700000000000_a/down.sql`]: 'a',
      });
      expect(idsOf(reading)).toEqual(['1700000000000']);
      expect(sql(reading.migrations[0]?.down)).toBe('a');
    }
  });

  it('keeps the versions of two databases apart', () => {
    const reading = readAs('hasura', { 'one/1700000000000_a/up.sql': '', 'two/1700000000000_a/up.sql': '' });
    expect(idsOf(reading)).toEqual(['one/1700000000000', 'two/1700000000000']);
    expect(reading.problems).toEqual([]);
  });
});

describe('flyway', () => {
  it('orders dots, underscores and 16 and 17 digits as numbers, repeatable ones last', () => {
    const reading = readAs('flyway', {
      'V1__a.sql': '',
      'V1.10__c.sql': '',
      'V1_2__b.sql': '',
      'V20240101120000000__f.sql': '',
      'V2024010112000000__e.sql': '',
      'sub/V20240101120000__d.sql': '',
      'R__views.sql': 'v',
      'U1__a.sql': 'undo',
      'V3 copy.sql': '',
    });
    expect(idsOf(reading)).toEqual([
      '1',
      '1.2',
      '1.10',
      '20240101120000',
      '2024010112000000',
      '20240101120000000',
      'R__views',
    ]);
    expect(reading.migrations.at(-1)?.repeatable).toBe(true);
    expect(sql(reading.migrations[0]?.down)).toBe('undo');
    expect(reading.unread.map(({ file }) => file)).toEqual(['migrations/V3 copy.sql']);
  });

  it('takes 1, 1.0 and 1_0 for one version', () => {
    expect(placesOf(readAs('flyway', { 'V1__a.sql': '', 'V1.0__b.sql': '' }))).toEqual([
      'duplicate-id migrations/V1__a.sql:1',
    ]);
  });

  it('opts out by a file beside it', () => {
    const one = (conf: string) =>
      readAs('flyway', { 'V1__a.sql': '', 'V1__a.sql.conf': conf }).migrations[0]?.up.optsOut;
    expect([
      one('executeInTransaction=false'),
      one('encoding=UTF-8\r\nexecuteInTransaction = false\r\n'),
    ]).toEqual([true, true]);
    expect([one('executeInTransaction=true'), one('#executeInTransaction=false')]).toEqual([false, false]);
  });

  it('obeys settings: prefix, separator and suffixes, regular expression characters included', () => {
    const flyway = { prefix: 'M+', separator: '--', suffixes: ['.pgsql', '.sql'] };
    const reading = readAs('flyway', { 'M+1--a.pgsql': 'A', 'M+2--b.sql': 'B', 'V3__c.sql': '' }, { flyway });
    expect(idsOf(reading)).toEqual(['1', '2']);
    const bare = readAs(
      'flyway',
      { '1__a.sql': '', '2.1__b.sql': '', 'U1__a.sql': '' },
      { flyway: { prefix: '' } },
    );
    expect(idsOf(bare)).toEqual(['1', '2.1']);
    expect(bare.migrations[0]?.down).toBeDefined();
  });

  it('says what a baseline is', () => {
    expect(readAs('flyway', { 'V1__a.sql': '', 'B2__base.sql': '' }).unread[0]?.reason).toContain('baseline');
  });
});

describe('numbered', () => {
  it('reads numbered folders and version folders in numeric order', () => {
    expect(
      idsOf(
        readAs('numbered', {
          '10/01_a.up.sql': '',
          '9/02_b.up.sql': '',
          '9/10_c.up.sql': '',
          '9/02_b.down.sql': 'x',
        }),
      ),
    ).toEqual(['9/02', '9/10', '10/01']);
    expect(idsOf(readAs('numbered', { 'v1.10/a.sql': '', 'v1.9/b.sql': '', 'v1.9/a.sql': '' }))).toEqual([
      'v1.9/a',
      'v1.9/b',
      'v1.10/a',
    ]);
  });

  it('orders the files of a version folder by its manifest, and reports what the manifest has wrong', () => {
    const reading = readAs('numbered', {
      'v1.0/manifest.json': '{\n"Files": ["z.sql",\n "a.sql", "gone.sql"]\n}',
      'v1.0/a.sql': '',
      'v1.0/z.sql': '',
      'v1.1/manifest.json': '{',
      'v1.1/b.sql': '',
    });
    expect(idsOf(reading)).toEqual(['v1.0/z', 'v1.0/a', 'v1.1/b']);
    expect(placesOf(reading)).toEqual([
      'order-file migrations/v1.0/manifest.json:3',
      'order-file migrations/v1.1/manifest.json:1',
    ]);
  });

  it('obeys a pattern', () => {
    const numbered = { pattern: '^step-(?<id>\\d+)-(?<name>[a-z]+)\\.(?<direction>do|undo)\\.sql$' };
    const reading = readAs(
      'numbered',
      { 'step-2-b.do.sql': '', 'step-1-a.do.sql': 'A', 'step-1-a.undo.sql': 'a' },
      { numbered },
    );
    expect(idsOf(reading)).toEqual(['1', '2']);
    expect(sql(reading.migrations[0]?.down)).toBe('a');
  });

  it('says what is wrong with a pattern instead of throwing', () => {
    expect(readAs('numbered', { '1_a.sql': '' }, { numbered: { pattern: '(' } }).unread[0]?.reason).toContain(
      'no regular expression',
    );
    expect(
      readAs('numbered', { '1_a.sql': '' }, { numbered: { pattern: '.*' } }).unread[0]?.reason,
    ).toContain('(?<id>');
  });
});
