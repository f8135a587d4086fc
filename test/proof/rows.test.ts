import { describe, expect, test } from 'vitest';
import { lostData, type RowsOf } from '../../src/proof/rows.ts';

const table = (rows: readonly Record<string, unknown>[], ...key: string[]): RowsOf =>
  new Map([['public.a', { key, rows }]]);
const relation = 'public.a';

describe('data that a rollback does not bring back', () => {
  test('is none when the rows are there again, in whatever order', () => {
    const rows = [
      { id: 1, name: 'x' },
      { id: 2, name: 'y' },
    ];
    expect(lostData(table(rows, 'id'), table(rows.toReversed(), 'id'))).toEqual([]);
    expect(lostData(table(rows), table(rows.toReversed()))).toEqual([]);
  });

  test('is the rows of a table that was made again, or is gone', () => {
    const rows = [{ id: 1 }, { id: 2 }];
    expect(lostData(table(rows, 'id'), table([], 'id'))).toEqual([{ relation, rows: 2 }]);
    expect(lostData(table(rows), new Map())).toEqual([{ relation, rows: 2 }]);
  });

  test('is the values of a column that was made again', () => {
    const before = [
      { id: 1, name: 'x' },
      { id: 2, name: null },
    ];
    const after = [
      { id: 1, name: null },
      { id: 2, name: null },
    ];
    expect(lostData(table(before, 'id'), table(after, 'id'))).toEqual([
      { relation, column: 'name', rows: 1 },
    ]);
    expect(lostData(table(before), table(after))).toEqual([{ relation, column: 'name', rows: 1 }]);
  });

  test('is only the values of the key where the rows have another key, or none any more', () => {
    const before = [
      { id: 10, name: 'x' },
      { id: 11, name: 'y' },
    ];
    const without = [
      { id: null, name: 'x' },
      { id: null, name: 'y' },
    ];
    expect(lostData(table(before, 'id'), table(without))).toEqual([{ relation, column: 'id', rows: 2 }]);
    const renumbered = [
      { id: 1, name: 'x' },
      { id: 2, name: 'y' },
    ];
    expect(lostData(table(before, 'id'), table(renumbered, 'id'))).toEqual([
      { relation, column: 'id', rows: 2 },
    ]);
  });

  test('is none when only the key is another one', () => {
    const rows = [
      { id: 1, name: 'x' },
      { id: 2, name: 'y' },
    ];
    expect(lostData(table(rows, 'id'), table(rows, 'name'))).toEqual([]);
  });

  test('counts rows that are gone once, and not their values', () => {
    const before = [
      { a: 1, b: 1 },
      { a: 2, b: 2 },
      { a: 3, b: 3 },
    ];
    expect(
      lostData(
        table(before),
        table([
          { a: 1, b: 1 },
          { a: 2, b: null },
        ]),
      ),
    ).toEqual([
      { relation, rows: 1 },
      { relation, column: 'b', rows: 1 },
    ]);
  });
});
