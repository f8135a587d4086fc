import { mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionsBases } from '../../../src/action/base-store.ts';
import {
  baseDigest,
  type CachedBase,
  cacheFolder,
  loadBase,
  type RemoteBases,
  saveBase,
} from '../../../src/proof/base/base-cache.ts';
import type { Piece } from '../../../src/proof/base/piece.ts';
import { SourceFile } from '../../../src/sql/source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'airlock-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const base: CachedBase = {
  laid: {
    problems: [
      {
        id: '1',
        file: 'a.sql',
        line: 3,
        error: 'no',
        code: '42P01',
        alike: 2,
        because: 'x',
        consequences: ['b.sql:1'],
      },
    ],
    unmade: { names: new Map([['docs', 'a.sql:3 does not run']]), extensions: ['vector'] },
  },
  given: {
    extensions: ['postgis'],
    missingExtensions: [{ name: 'vector', reason: 'not installed' }],
    schemas: ['s'],
    ownerMakesRoles: true,
  },
  kept: Uint8Array.of(1, 2, 3),
};
const digest = (character: string): string => character.repeat(64);

describe('bases that are kept', () => {
  it('come back as they were, with what was seen when they were made', async () => {
    expect(await loadBase(folder, digest('a'))).toBeUndefined();
    expect(await saveBase(folder, digest('a'), base)).toBe(true);
    const found = await loadBase(folder, digest('a'));
    expect(found).toEqual({ ...base, kept: Buffer.from(base.kept) });
    expect(await loadBase(folder, digest('b'))).toBeUndefined();
  });

  it('are thrown away when they are not whole', async () => {
    for (const [name, content] of [
      [`base-${digest('a')}.tar.zst`, 'other'],
      [`base-${digest('a')}.json`, '{"format":1}'],
    ] as const) {
      await saveBase(folder, digest('a'), base);
      writeFileSync(join(folder, name), content);
      expect(await loadBase(folder, digest('a'))).toBeUndefined();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('take no more room than they may: those that were not used for long go', async () => {
    for (const [at, character] of ['a', 'b', 'c'].entries()) {
      await saveBase(folder, digest(character), base);
      const data = join(folder, `base-${digest(character)}.tar.zst`);
      // A file with holes: as large as it says, and hardly anything on the disk.
      truncateSync(data, 200 * 1024 * 1024);
      utimesSync(data, 1000 + at, 1000 + at);
    }
    const [half, fresh] = [
      join(folder, `base-${digest('e')}.json.12.tmp`),
      join(folder, `base-${digest('f')}.json.12.tmp`),
    ];
    for (const path of [half, fresh]) writeFileSync(path, '{');
    utimesSync(half, 1000, 1000);
    await saveBase(folder, digest('d'), base);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([basename(fresh)]);
    rmSync(fresh);
    const left = readdirSync(folder).map((name) => name.charAt('base-'.length));
    expect([...new Set(left)]).toEqual(['b', 'c', 'd']);
  });

  it('cost nothing where they cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await saveBase(join(folder, 'file'), digest('a'), base)).toBe(false);
  });

  it('come from elsewhere where the folder is empty, and go there when they are made', async () => {
    const away = new Map<string, CachedBase>();
    const asked: string[] = [];
    const remote: RemoteBases = {
      async fetch(name) {
        asked.push(`fetch ${name}`);
        const found = away.get(name);
        if (found) await saveBase(folder, digest('a'), found);
      },
      store(name, paths) {
        asked.push(`store ${name} ${paths.length}`);
        away.set(name, base);
        return Promise.resolve();
      },
    };
    expect(await loadBase(folder, digest('a'), remote)).toBeUndefined();
    await saveBase(folder, digest('a'), base, remote);
    expect(await loadBase(folder, digest('a'), remote)).toBeDefined();
    rmSync(folder, { recursive: true });
    expect((await loadBase(folder, digest('a'), remote))?.given).toEqual(base.given);
    const name = `airlock-base-${digest('a')}`;
    expect(asked).toEqual([`fetch ${name}`, `store ${name} 2`, `fetch ${name}`]);
    expect(await actionsBases({}, () => undefined)).toBeUndefined();
  });

  it('lie where the system keeps such things', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/airlock');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache.airlock$/);
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, '/given')).toBe('/given');
  });
});

describe('the digest of a base', () => {
  const piece = (sql: string, transaction = true): Piece => ({
    file: new SourceFile('a.sql', sql),
    sql: { statements: [], errors: [], notAnalysed: [] },
    run: {
      transaction,
      lockTimeout: 1,
      steps: [{ span: { start: 0, end: sql.length }, sql, needsAutocommit: false }],
    },
  });
  const nothing = { roles: [], extensions: [], allowedExtensions: [] };

  it('is another one for whatever makes the base another', () => {
    const digests = [
      baseDigest(['1'], nothing, [piece('SELECT 1')]),
      baseDigest(['2'], nothing, [piece('SELECT 1')]),
      baseDigest(['1'], nothing, [piece('SELECT 2')]),
      baseDigest(['1'], nothing, [piece('SELECT 1', false)]),
      baseDigest(['1'], nothing, [piece('SELECT 1'), piece('SELECT 1')]),
      baseDigest(['1'], { ...nothing, roles: ['a'] }, [piece('SELECT 1')]),
      baseDigest(['1'], { ...nothing, extensions: ['a'] }, [piece('SELECT 1')]),
      baseDigest(['1'], { ...nothing, prepare: [piece('SELECT 1')] }, []),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    expect(baseDigest(['1'], nothing, [piece('SELECT 1')])).toBe(digests[0]);
  });
});
