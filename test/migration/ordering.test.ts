import { describe, expect, it } from 'vitest';
import { checksum } from '../../src/migration/checksum.ts';
import { resolveDependencies } from '../../src/migration/dependencies.ts';
import { closest } from '../../src/migration/did-you-mean.ts';
import type { Migration } from '../../src/migration/migration.ts';
import { inOrder } from '../../src/migration/ordering.ts';
import { SourceFile } from '../../src/sql/source.ts';

function migration(id: string, dependencies: readonly string[] = [], sortKey = id): Migration {
  const file = new SourceFile(`migrations/${id}.sql`, '');
  const metadata = {
    author: 'a',
    description: 'd',
    breakingChange: false,
    estimatedDuration: 0,
    dataVolume: 'small' as const,
    risk: 'low' as const,
    tags: [],
    dependencies: [...dependencies],
  };
  return {
    id,
    sortKey,
    name: id,
    layout: 'airlock',
    up: { file, pieces: [], directives: [], optsOut: false },
    metadata,
    repeatable: false,
  };
}

const ids = (migrations: readonly Migration[]) => migrations.map(({ id }) => id);

describe('order', () => {
  it('is that of the sort keys, then of the paths, and leaves the input alone', () => {
    const input = [migration('c', [], '1'), migration('b', [], '2'), migration('a', [], '2')];
    expect(ids(inOrder(input))).toEqual(['c', 'a', 'b']);
    expect(ids(input)).toEqual(['c', 'b', 'a']);
  });

  it('does not depend on a locale', () => {
    expect(ids(inOrder([migration('a'), migration('B'), migration('ä'), migration('_')]))).toEqual([
      'B',
      '_',
      'a',
      'ä',
    ]);
  });
});

describe('dependencies', () => {
  it('keeps the order where nothing asks for another', () => {
    expect(resolveDependencies([migration('1'), migration('2', ['1']), migration('3')])).toMatchObject({
      unknown: [],
      cycles: [],
    });
    expect(ids(resolveDependencies([migration('1'), migration('2', ['1']), migration('3')]).order)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  it('lets a migration wait for a later one', () => {
    expect(
      ids(
        resolveDependencies([
          migration('1', ['4']),
          migration('2', ['1']),
          migration('3'),
          migration('4'),
          migration('5'),
        ]).order,
      ),
    ).toEqual(['3', '4', '1', '2', '5']);
  });

  it('names unknown ids and what was probably meant', () => {
    const { unknown } = resolveDependencies([
      migration('20240101120000'),
      migration('20240102120000', ['20240101120001', 'nothing']),
    ]);
    expect(
      unknown.map(({ migration: { id }, dependency, suggestion }) => [id, dependency, suggestion]),
    ).toEqual([
      ['20240102120000', '20240101120001', '20240101120000'],
      ['20240102120000', 'nothing', undefined],
    ]);
  });

  it('shows each cycle with its path, and one that depends on itself', () => {
    const { cycles, order } = resolveDependencies([
      migration('1', ['3']),
      migration('2', ['1']),
      migration('3', ['2']),
      migration('4', ['3']),
      migration('5', ['5']),
      migration('6'),
    ]);
    expect(cycles).toEqual([
      ['1', '3', '2', '1'],
      ['5', '5'],
    ]);
    expect(ids(order)).toEqual(['6', '1', '2', '3', '4', '5']);
  });

  it('takes a chain of ten thousand in its stride, forwards and backwards', () => {
    const size = 10_000;
    const id = (index: number) => String(index).padStart(5, '0');
    const backwards = Array.from({ length: size }, (_, index) =>
      migration(id(index), index + 1 < size ? [id(index + 1)] : []),
    );
    const { order, cycles } = resolveDependencies(backwards);
    expect(cycles).toEqual([]);
    expect(order[0]?.id).toBe(id(size - 1));
    expect(order.at(-1)?.id).toBe(id(0));
    const ring = resolveDependencies(
      backwards.map((one, index) => (index === size - 1 ? migration(one.id, [id(0)]) : one)),
    );
    expect(ring.cycles[0]).toHaveLength(size + 1);
  });

  it('survives ids that are names of prototypes', () => {
    const { unknown, order } = resolveDependencies([
      migration('__proto__'),
      migration('constructor', ['__proto__', 'toString']),
    ]);
    expect(unknown.map(({ dependency }) => dependency)).toEqual(['toString']);
    expect(order).toHaveLength(2);
  });
});

describe('the checksum', () => {
  it('is SHA-256 of the text', () => {
    expect(checksum('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(checksum('SELECT 1;\n')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not see a byte order mark or line ends, and sees everything else', () => {
    const text = "SELECT 'ä';\nSELECT 2;\n";
    expect(checksum(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toBe(checksum(text));
    expect(checksum(text.replace('2', '3'))).not.toBe(checksum(text));
    expect(checksum(text.replace('\n', '\r'))).not.toBe(checksum(text));
  });
});

describe('did you mean', () => {
  const WORDS = ['no-transaction', 'ignore', 'ignore-file', 'statement-timeout', 'up'];
  it.each([
    ['no-transactoin', 'no-transaction'],
    ['notransaction', 'no-transaction'],
    ['IGNORE', 'ignore'],
    ['ingore', 'ignore'],
    ['ignorefile', 'ignore-file'],
    ['statment-timeout', 'statement-timeout'],
    ['author', undefined],
    ['x', undefined],
    ['', undefined],
    ['__proto__', undefined],
    ['a'.repeat(100_000), undefined],
  ])('%s: %s', (word, expected) => {
    expect(closest(word, WORDS)).toBe(expected);
  });
});
