import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SourceFile } from '../../src/sql/source.ts';
import { excludedBy } from '../../src/workspace/excluded.ts';
import { type FolderReading, readFolder } from '../../src/workspace/read-folder.ts';
import { temporaryFolder, write } from './temporary.ts';

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function reading(directory = 'db'): Extract<FolderReading, { ok: true }> {
  const result = readFolder({ root, directory });
  if (!result.ok) throw new Error(result.message);
  return result;
}

function refused(directory: string) {
  const result = readFolder({ root, directory });
  return result.ok ? undefined : `${result.reasonCode}: ${result.message}`;
}

/** Root reads everything: such a test takes the rights of another user for its duration. */
function asOrdinaryUser<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  chmodSync(root, 0o755);
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('listing', () => {
  test('is recursive, sorted, relative, with / between parts', () => {
    for (const path of ['db/b.sql', 'db/a/up.sql', 'db/a.sql', 'db/Ä ö.sql', 'db/B.sql', 'other/x.sql'])
      write(root, path);
    const { folder, unread } = reading();
    expect(folder.directory).toBe('db');
    expect(folder.paths).toEqual(['B.sql', 'a.sql', 'a/up.sql', 'b.sql', 'Ä ö.sql']);
    expect(unread).toEqual([]);
    expect(folder.read('a/up.sql')).toEqual(new SourceFile('db/a/up.sql', '-- db/a/up.sql\n'));
  });

  test('skips hidden folders and node_modules at every level', () => {
    for (const path of [
      'db/.git/x.sql',
      'db/node_modules/p/x.sql',
      'db/a/.cache/x.sql',
      'db/a/node_modules/x.sql',
      'db/a/x.sql',
    ])
      write(root, path);
    expect(reading().folder.paths).toEqual(['a/x.sql']);
  });

  test('the root itself has no prefix', () => {
    write(root, 'x.sql');
    const { folder } = reading('');
    expect(folder.read('x.sql')).toMatchObject({ path: 'x.sql' });
  });

  test('leaves out what the globs match, relative to the root', async () => {
    for (const path of ['db/a.sql', 'db/seed/b.sql', 'db/seed/deep/.c.sql']) write(root, path);
    const excluded = await excludedBy(['db/seed/**', '*.sql']);
    const result = readFolder({ root, directory: 'db', excluded });
    expect(result.ok && result.folder.paths).toEqual(['a.sql']);
    expect(await excludedBy([])).toBeUndefined();
  });

  test('ten thousand files in a thousand folders take less than a second', () => {
    for (let folder = 0; folder < 1_000; folder++) {
      mkdirSync(join(root, 'db', `f${folder}`), { recursive: true });
      for (let file = 0; file < 10; file++) write(root, `db/f${folder}/${file}.sql`, '');
    }
    const started = performance.now();
    expect(reading().folder.paths).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a folder that cannot be read is a value with a reason', () => {
  test('missing, or a file, or below a file', () => {
    write(root, 'db');
    expect(refused('nowhere')).toBe('folder-missing: nowhere does not exist');
    expect(refused('db')).toBe('folder-missing: db is a file, not a folder');
    expect(refused('db/inner')).toBe('folder-missing: db/inner does not exist');
  });

  test('outside the repository, by path or by link', () => {
    const outside = temporaryFolder();
    write(outside, 'secret.sql');
    symlinkSync(outside, join(root, 'db'));
    expect(refused('db')).toBe('file-unreadable: db leads out of the repository; it is not followed');
    expect(refused('..')).toBe('file-unreadable: .. leads out of the repository; it is not followed');
    rmSync(outside, { recursive: true });
  });

  test('a link to a folder of the same repository is that folder', () => {
    write(root, 'real/a.sql');
    symlinkSync('real', join(root, 'db'));
    expect(reading().folder.paths).toEqual(['a.sql']);
  });

  test('a sibling whose name begins like the root is outside', () => {
    mkdirSync(`${root}-other`);
    symlinkSync(`${root}-other`, join(root, 'db'));
    expect(refused('db')).toContain('leads out of the repository');
    rmSync(`${root}-other`, { recursive: true });
  });

  test('a name too long, a name with a NUL byte and a link in a circle', () => {
    symlinkSync('circle', join(root, 'circle'));
    expect(refused('x'.repeat(5_000))).toContain('its name is too long');
    expect(refused('circle')).toContain('file-unreadable: circle cannot be read: ');
    expect(refused('a\0b')).toContain('file-unreadable: ');
  });

  test('permission denied, for the folder, a folder in it, and a file', () => {
    for (const path of ['locked/a.sql', 'db/a.sql', 'db/locked/b.sql']) write(root, path);
    for (const path of ['locked', 'db/locked', 'db/a.sql']) chmodSync(join(root, path), 0o000);
    asOrdinaryUser(() => {
      expect(refused('locked')).toBe('file-unreadable: locked may not be read: permission denied');
      const { folder, unread } = reading();
      expect(unread).toEqual([{ file: 'db/locked', line: 1, reason: 'cannot be listed: permission denied' }]);
      expect(folder.read('a.sql')).toEqual({
        file: 'db/a.sql',
        line: 1,
        reason: 'cannot be read: permission denied',
        broken: true,
      });
    });
    for (const path of ['locked', 'db/locked']) chmodSync(join(root, path), 0o755);
  });
});

describe('what is no plain file', () => {
  test('links are reported and not followed, wherever they lead', () => {
    write(root, 'db/a.sql');
    write(root, 'outside/b.sql');
    symlinkSync('a.sql', join(root, 'db/same.sql'));
    symlinkSync('/etc/passwd', join(root, 'db/passwd.sql'));
    symlinkSync('../outside', join(root, 'db/folder'));
    symlinkSync('nowhere', join(root, 'db/broken.sql'));
    const { folder, unread } = reading();
    expect(folder.paths).toEqual(['a.sql']);
    expect(unread.map(({ file, reason }) => `${file} ${reason}`).sort()).toEqual(
      ['broken.sql', 'folder', 'passwd.sql', 'same.sql'].map(
        (name) => `db/${name} is a symbolic link, which is not followed`,
      ),
    );
  });

  test('a file that becomes a link after it was listed is not followed', () => {
    write(root, 'db/a.sql');
    const { folder } = reading();
    unlinkSync(join(root, 'db/a.sql'));
    symlinkSync('/etc/passwd', join(root, 'db/a.sql'));
    expect(folder.read('a.sql')).toEqual({
      file: 'db/a.sql',
      line: 1,
      reason: 'cannot be read: it is a symbolic link, which is not followed',
      broken: true,
    });
  });

  test('a pipe is reported, and never waited for', () => {
    mkdirSync(join(root, 'db'));
    execFileSync('mkfifo', [join(root, 'db/a.sql')]);
    write(root, 'db/b.sql');
    const { folder, unread } = reading();
    expect(unread).toEqual([
      { file: 'db/a.sql', line: 1, reason: 'is not a file (a pipe, socket or device)' },
    ]);
    unlinkSync(join(root, 'db/b.sql'));
    execFileSync('mkfifo', [join(root, 'db/b.sql')]);
    expect(folder.read('b.sql')).toEqual({ file: 'db/b.sql', line: 1, reason: 'is not a file' });
  });

  test('only what was listed can be read', () => {
    write(root, 'db/a.sql');
    write(root, 'secret.sql');
    expect(reading().folder.read('../secret.sql')).toEqual({
      file: 'db/../secret.sql',
      line: 1,
      reason: 'is not in the folder',
    });
  });
});

describe('what is no text', () => {
  function read(content: string | Uint8Array) {
    write(root, 'db/a.sql', content);
    return reading().folder.read('a.sql');
  }
  const bytes = (text: string) => Buffer.from(text, 'latin1');

  test.each([
    ['a NUL byte', bytes('SELECT 1;\nSELECT \0;'), 2, 'is binary: a NUL byte at offset 17'],
    [
      'latin-1',
      bytes('-- a\n-- b\n-- caf\xe9\n'),
      3,
      'is not UTF-8: byte 0xE9 at offset 16; save it as UTF-8',
    ],
    [
      'a sequence that is cut',
      bytes('-- \xe2\x82'),
      1,
      'is not UTF-8: byte 0xE2 at offset 3; save it as UTF-8',
    ],
    ['a lone surrogate', bytes('\n\xed\xa0\x80'), 2, 'is not UTF-8: byte 0xED at offset 1; save it as UTF-8'],
    [
      'a bad byte after real U+FFFD',
      Buffer.concat([Buffer.from('ä\uFFFD\n\uFFFD'), bytes('\xff')]),
      2,
      'is not UTF-8: byte 0xFF at offset 9; save it as UTF-8',
    ],
    [
      'UTF-16, little-endian',
      Buffer.from('\uFEFFSELECT 1', 'utf16le'),
      1,
      'is UTF-16 (little-endian), not UTF-8; save it as UTF-8',
    ],
    [
      'UTF-16, big-endian',
      Buffer.from('\uFEFFSELECT 1', 'utf16le').swap16(),
      1,
      'is UTF-16 (big-endian), not UTF-8; save it as UTF-8',
    ],
    ['UTF-32', bytes('\xff\xfe\0\0S\0\0\0'), 1, 'is UTF-32 (little-endian), not UTF-8; save it as UTF-8'],
  ])('%s', (_name, content, line, reason) => {
    expect(read(content)).toEqual({ file: 'db/a.sql', line, reason, broken: true });
  });

  test('a byte order mark of UTF-8, U+FFFD and an empty file are text', () => {
    expect(read('\uFEFFSELECT \uFFFD 😀')).toMatchObject({ text: '\uFEFFSELECT \uFFFD 😀' });
    expect(read('')).toMatchObject({ text: '' });
  });

  test('more than 50 MB is not read at all', () => {
    write(root, 'db/a.sql', '');
    truncateSync(join(root, 'db/a.sql'), 3_000_000_000);
    expect(reading().folder.read('a.sql')).toEqual({
      file: 'db/a.sql',
      line: 1,
      reason: 'is too large: 2862 MB, at most 50 MB are read',
      broken: true,
    });
  });

  test('a file that is gone by the time it is read', () => {
    write(root, 'db/a.sql');
    const { folder } = reading();
    unlinkSync(join(root, 'db/a.sql'));
    expect(folder.read('a.sql')).toEqual({
      file: 'db/a.sql',
      line: 1,
      reason: 'cannot be read: it does not exist',
      broken: true,
    });
  });

  test('a text is read once', () => {
    write(root, 'db/a.sql', 'one');
    const { folder } = reading();
    const first = folder.read('a.sql');
    write(root, 'db/a.sql', 'two');
    expect(folder.read('a.sql')).toBe(first);
  });
});
