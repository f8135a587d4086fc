import { describe, expect, it } from 'vitest';
import { naturalKey, numericKey } from '../../src/migration/ids.ts';
import { LAYOUTS } from '../../src/migration/layouts/registry.ts';
import { compareIds } from '../../src/migration/ordering.ts';
import { layoutNamed, readAs } from './folder.ts';

const NOW = new Date('2026-03-04T05:06:07.089Z');

describe('sort keys', () => {
  it('order digits as numbers, however many', () => {
    const sorted = [
      '0',
      '1',
      '2',
      '10',
      '99',
      '20240101',
      '20231801000000',
      '20240101120000',
      '9'.repeat(30),
    ];
    expect(
      [...sorted].reverse().sort((left, right) => compareIds(numericKey(left), numericKey(right))),
    ).toEqual(sorted);
    expect(numericKey('007')).toBe(numericKey('7'));
  });

  it('order mixed names by their numbers', () => {
    const sorted = ['v1.2/a', 'v1.9/b', 'v1.10/a', 'v2/a'];
    expect(
      [...sorted].reverse().sort((left, right) => compareIds(naturalKey(left), naturalKey(right))),
    ).toEqual(sorted);
  });
});

describe('the next id', () => {
  it.each([
    ['airlock', undefined, '20260304050607'],
    ['airlock', '009', '010'],
    ['airlock', '20260101000000', '20260304050607'],
    ['airlock', '20270101235959', '20270102000000'],
    ['airlock', '20271801000000', '20271801000001'],
    ['golang-migrate', undefined, '000001'],
    ['golang-migrate', '9', '10'],
    ['golang-migrate', '000999', '001000'],
    ['golang-migrate', '1700000000', '1772600767'],
    ['sqlx', '20260101', '20260304'],
    ['sqlx', '20260304', '20260305'],
    ['diesel', '00000000000000', '20260304050607'],
    ['diesel', '202601010000000000', '202603040506070000'],
    ['hasura', '1700000000000', '1772600767089'],
    ['hasura', 'default/1700000000000', '1772600767089'],
    ['node-pg-migrate', undefined, '1772600767089'],
    ['node-pg-migrate', '20260101000000000', '20260304050607089'],
    ['sql-migrate', '12-users.sql', '13'],
    ['dbmate', '9999', '99990'],
    ['flyway', '1.9', '1.10'],
    ['flyway', '20260101000000', '20260304050607'],
    ['prisma', '20260101000000_init', '20260304050607'],
    ['prisma', '01_init', '02'],
    ['postgres-migrations', '0041', '0042'],
  ])('%s after %s is %s', (id, last, expected) => {
    expect(layoutNamed(id).nextId?.(last, NOW)).toBe(expected);
  });

  const LASTS = [
    '1',
    '9',
    '0009',
    '9999',
    '20240101',
    '20991801',
    '20240101120000',
    '29991231235959',
    '20241801270000',
    '1700000000000',
    '9999999999999',
    '20240101120000123',
  ];
  it.each(
    LAYOUTS.filter(({ write, nextId }) => write && nextId).map((layout) => [layout.id, layout] as const),
  )('of %s sorts after the last one, once written and read again', (id, layout) => {
    for (const version of LASTS) {
      const files = (migration: string) =>
        Object.fromEntries(
          (
            layout.write?.({
              id: migration,
              name: 'add_x',
              up: 'SELECT 1;\n',
              down: 'SELECT 2;\n',
              noTransaction: false,
            }) ?? []
          ).map(({ path, text }) => [path, text]),
        );
      const [before] = readAs(id, files(version)).migrations;
      const next = layout.nextId?.(before?.id, NOW) ?? '';
      const [after] = readAs(id, files(next)).migrations;
      expect(
        after && before && compareIds(after.sortKey, before.sortKey),
        `${id}: ${next} after ${version}`,
      ).toBe(1);
    }
  });
});
