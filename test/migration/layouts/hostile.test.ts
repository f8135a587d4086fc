import { describe, expect, it } from 'vitest';
import { LAYOUTS } from '../../../src/migration/layouts/registry.ts';
import { folderOf, layoutNamed, placesOf, readAs, sql } from '../folder.ts';

const MARKED = [
  ['airlock', '-- UP', '-- DOWN'],
  ['goose', '-- +goose Up', '-- +goose Down'],
  ['sql-migrate', '-- +migrate Up', '-- +migrate Down'],
  ['dbmate', '-- migrate:up', '-- migrate:down'],
  ['node-pg-migrate', '-- Up Migration', '-- Down Migration'],
] as const;

/** A generator of numbers that gives the same row every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Random SQL in which each marker stands on a line of its own, and always inside something. */
function hiding(marker: string, random: () => number): string {
  const lines = `\n${marker}\n`;
  const kinds: readonly ((inner: string) => string)[] = [
    (inner) => `SELECT '${inner.replaceAll("'", "''")}';`,
    (inner) => `SELECT E'${inner.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}';`,
    (inner) => `SELECT 1 AS "${inner.replaceAll('"', '""')}";`,
    (inner) => `/* ${inner.replaceAll('*/', '* /').replaceAll('/*', '/ *')} */`,
    (inner) => `DO $t${inner.length}$ ${inner} $t${inner.length}$;`,
    (inner) => `/* /* ${inner.replaceAll('*/', '* /').replaceAll('/*', '/ *')} */ still */`,
  ];
  const pick = () => kinds[Math.floor(random() * kinds.length)] ?? kinds[0];
  const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const inner = random() < 0.4 ? (pick()?.(lines) ?? lines) : lines;
    return pick()?.(inner) ?? '';
  });
  return parts.join("\nSELECT 1;\n-- a comment with an apostrophe: don't\n");
}

describe('markers that are hidden', () => {
  it.each(MARKED)('never split a file of %s', (id, up, down) => {
    const random = numbers(20260304);
    for (let round = 0; round < 200; round++) {
      const body = hiding(random() < 0.5 ? up : down, random);
      const [migration] = readAs(id, { '1_a.sql': `${up}\n${body}\n${down}\n${body}` }).migrations;
      expect(sql(migration?.up)).toBe(body);
      expect(sql(migration?.down)).toBe(body);
    }
  });
});

describe('hostile folders', () => {
  const NAMES = [
    '1_a.sql',
    '__proto__.sql',
    'constructor/up.sql',
    '1___proto__.up.sql',
    '1_a b.sql/up.sql',
    'x.sql/y.sql/z.sql',
    ' .sql',
    '.sql',
    '1_.sql',
    '1_a\nb.up.sql',
    '1_ä😀.sql',
    `${'9'.repeat(200)}_a.sql`,
    `${'9'.repeat(200)}_a.up.sql`,
    'V1__.sql',
    'V1..2__a.sql',
    'R__.sql',
    '20240101_a copy/migration.sql',
    'committed/000001.sql',
    'deploy/a@@b.sql',
    'deploy/a.sql',
    'revert/a.sql',
    'v1.0/a.sql',
    '1/2_a.up.sql',
    '0001-a.sql',
    '20240101000000_a/up.sql',
    '1700000000000_a/down.sql',
  ];
  const TEXTS = [
    '',
    '\uFEFF',
    '\0',
    "'",
    '$$',
    '/*',
    '-- @metadata {',
    '-- @metadata',
    '-- @',
    '--',
    '\r\n',
    '-- +goose',
    '-- +migrate',
    '-- UP',
    '-- DOWN',
    '-- migrate:up x:y:z',
    '\ud800',
  ];

  it.each(LAYOUTS.map((layout) => [layout.id, layout] as const))(
    'are read by %s without an exception, all offsets inside their files',
    (_, layout) => {
      for (const text of TEXTS) {
        for (const extra of [
          {},
          {
            'meta/_journal.json': text,
            'sqitch.plan': text,
            'v1.0/manifest.json': text,
            'V1__.sql.conf': text,
            '20240101000000_a/metadata.toml': text,
          },
        ]) {
          const folder = folderOf({ ...Object.fromEntries(NAMES.map((name) => [name, text])), ...extra });
          layout.fit(folder);
          const { migrations, problems } = layout.read(folder, {});
          for (const { file, span } of problems) {
            expect(span.start >= 0 && span.start <= span.end && span.end <= file.text.length).toBe(true);
          }
          for (const section of migrations.flatMap(({ up, down, verify }) => [up, down, verify])) {
            for (const { start, end } of section?.pieces ?? [])
              expect(start >= 0 && start <= end && end <= (section?.file.text.length ?? 0)).toBe(true);
          }
        }
      }
    },
  );

  it('cost no more than their length: endless comments, thousands of sections, tags and directives', () => {
    const dashes = '-'.repeat(2_000_000);
    const blanks = `-- +goose ${' '.repeat(500_000)}x`;
    const sections = '-- +migrate Up\n-- @ignore x y\n-- +migrate Down\n'.repeat(20_000);
    const plan = `${Array.from({ length: 20_000 }, (_, index) => `c${index} x\n@t${index} x\n`).join('')}${Array.from({ length: 20_000 }, (_, index) => `c${index} x\n`).join('')}`;
    const begin = performance.now();
    for (const id of ['airlock', 'goose', 'sql-migrate', 'dbmate', 'node-pg-migrate', 'golang-migrate']) {
      for (const text of [dashes, blanks, sections]) {
        const folder = folderOf({ '1_a.sql': text, '1_a.up.sql': text });
        layoutNamed(id).fit(folder);
        layoutNamed(id).read(folder, {});
      }
    }
    expect(placesOf(readAs('sqitch', { 'sqitch.plan': plan, 'deploy/c0@t7.sql': '' }))).toHaveLength(39_999);
    // Anything quadratic in these takes minutes.
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
