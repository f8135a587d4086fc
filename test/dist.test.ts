import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildTo, filesIn } from '../scripts/build.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** SHA-256 of the binaries that are copied, not built. */
const PINNED: Readonly<Record<string, string>> = {
  'libpg-query.wasm': '378b64e6182f65c71ad5dbd2c31c81e9dfed7d2f2debfb4b51c0d0de8fa2ae36',
};

it('dist is what a fresh build of these sources gives', async () => {
  const fresh = mkdtempSync(join(tmpdir(), 'airlock-build-'));
  try {
    await buildTo(fresh);
    const [committed, built] = [filesIn(DIST), filesIn(fresh)];
    expect([...committed.keys()]).toEqual([...built.keys()]);
    const stale = [...built]
      .filter(([name, bytes]) => committed.get(name)?.equals(bytes) !== true)
      .map(([name]) => name);
    expect(stale, 'type npm run build and commit dist').toEqual([]);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
});

it('the binary assets of dist are the pinned ones, and there are no others', () => {
  const binaries = [...filesIn(DIST)].filter(([, bytes]) => bytes.includes(0));
  const found = binaries.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]);
  expect(Object.fromEntries(found)).toEqual(PINNED);
});

it('dist names the licence of every package in it', () => {
  const text = filesIn(DIST).get('LICENSES.txt')?.toString('utf8') ?? '';
  for (const name of ['libpg-query', 'node-sql-parser', 'yaml', 'zod', 'commander'])
    expect(text).toContain(`${name} `);
  expect(text).not.toContain('No licence file');
});
