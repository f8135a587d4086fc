import { chmodSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  airlock,
  COLUMN,
  METADATA,
  NO_ORDINARY_USER,
  noStackTrace,
  ordinaryUser,
  parsed,
  projectWith,
  TABLES,
} from './run-cli.ts';

const FILE = 'migrations/002_bad.sql';

function project(content: string | Uint8Array): string {
  return projectWith({ 'migrations/001_tables.sql': TABLES, [FILE]: content });
}

const binary = new Uint8Array([...Buffer.from(`${METADATA}-- UP\n`), 0, 1, 2, 255]);
const latin1 = new Uint8Array([...Buffer.from(`${METADATA}-- UP\nSELECT '`), 0xe9, ...Buffer.from("';\n")]);
const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('SELECT 1;', 'utf16le')]);

describe.concurrent('a file that cannot be read as text ends with 2, with file, line and reason', () => {
  test.each([
    ['binary', binary, `${FILE}:3 is binary: a NUL byte at offset `],
    ['Latin-1', latin1, `${FILE}:3 is not UTF-8: byte 0xE9 at offset `],
    ['UTF-16', utf16, `${FILE}:1 is UTF-16`],
  ])('%s', async (_, bytes, message) => {
    const cwd = project(bytes);
    const [named, whole] = await Promise.all([
      airlock(['validate', FILE], { cwd }),
      airlock(['validate', '--json'], { cwd }),
    ]);
    noStackTrace(named);
    expect([named.code, whole.code]).toEqual([2, 2]);
    expect(named.out.replace(/\s+/g, ' ')).toContain(`error: ${message}`);
    expect(parsed(whole)).toMatchObject({ reasonCode: 'file-unreadable', checked: { migrations: 1 } });
    expect(parsed(whole).notAnalysed[0]?.file).toBe(FILE);
    // As history it is no reason to stop, but it is told.
    const other = await airlock(['validate', 'migrations/001_tables.sql', '--json'], { cwd });
    expect(other.code).toBe(0);
    expect(parsed(other).notAnalysed).toHaveLength(1);
  });

  test('more than 50 MB', async () => {
    const cwd = project('');
    truncateSync(join(cwd, FILE), 60 * 1024 * 1024);
    const ended = await airlock(['validate', FILE], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.out).toContain('is too large: 60 MB, at most 50 MB are read');
  });

  test('without the permission to read it, and in a folder without it', async ({ skip }) => {
    const cwd = project(COLUMN);
    chmodSync(join(cwd, FILE), 0o000);
    chmodSync(cwd, 0o755);
    // Root reads whatever the mode says.
    const user = ordinaryUser();
    if (!user) return skip(NO_ORDINARY_USER);
    const file = await airlock(['validate', FILE], { cwd, ...user });
    expect(file.code).toBe(2);
    expect(file.out).toContain('cannot be read: permission denied');
    chmodSync(join(cwd, 'migrations'), 0o000);
    const folder = await airlock(['validate', '--directory', 'migrations'], { cwd, ...user });
    chmodSync(join(cwd, 'migrations'), 0o755);
    expect(folder).toMatchObject({ code: 2, out: '' });
    expect(folder.err).toContain('permission denied');
    for (const ended of [file, folder]) noStackTrace(ended);
  });

  test('links: in a circle, to nowhere, out of the repository; none is followed, each is told', async () => {
    const cwd = project(COLUMN);
    symlinkSync('003_circle.sql', join(cwd, 'migrations/003_circle.sql'));
    symlinkSync('nowhere', join(cwd, 'migrations/004_nowhere.sql'));
    symlinkSync('/etc/passwd', join(cwd, 'migrations/005_passwd.sql'));
    symlinkSync('.', join(cwd, 'migrations/circle'));
    const ended = await airlock(['validate', '--json'], { cwd });
    expect(parsed(ended).notAnalysed.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 4 }, () => 'is a symbolic link, which is not followed'),
    );
    const named = await airlock(['validate', 'migrations/003_circle.sql'], { cwd });
    expect(named.code).toBe(2);
    noStackTrace(named);
    expect((await airlock(['validate', 'migrations/005_passwd.sql'], { cwd })).out).not.toContain('root:');
  });
});

describe.concurrent('SQL that cannot be right is a finding at its place', () => {
  test.each([
    ['an endless comment', 'SELECT 1;\n/* endless\nSELECT 2;', 4, /comment that opens here/],
    ['an unclosed string', "SELECT 'abc;\nSELECT 2;", 3, /string that opens here/],
    ['an unclosed dollar quote', 'SELECT $x$ abc;\nSELECT 2;', 3, /dollar-quoted string that opens here/],
    ['an unclosed name', 'SELECT 1;\nSELECT "abc;', 4, /opens here/],
    [
      '10,000 parentheses',
      `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)};`,
      3,
      /memory exhausted|nested|deep/,
    ],
    ['50,000 operators', `SELECT ${'- '.repeat(50_000)}1;`, 3, /memory exhausted|nested|deep|stack/],
  ])('%s', async (_, sql, line, message) => {
    const cwd = project(`${METADATA}-- UP\n${sql}\n`);
    const ended = await airlock(['validate', FILE, '--json'], { cwd });
    noStackTrace(ended);
    expect(ended.code).toBe(1);
    const finding = parsed(ended).findings.find(({ ruleId }) => ruleId === 'syntax-error');
    expect(finding?.line).toBe(line);
    expect(finding?.message).toMatch(message);
  });

  test('an empty file, one of spaces, one of a byte order mark', async () => {
    for (const text of ['', ' \n\n', '\uFEFF']) {
      const ended = await airlock(['validate', FILE], { cwd: project(text) });
      noStackTrace(ended);
      expect(ended.code).toBe(1);
      expect(ended.out).toContain('The file is empty');
    }
  });

  test('100,000 statements, each with a finding', async () => {
    const drops = Array.from({ length: 100_000 }, (_, index) => `DROP TABLE t${index};`).join('\n');
    const ended = await airlock(['validate', FILE, '--json'], {
      cwd: project(`${METADATA}-- UP\n${drops}\n`),
    });
    noStackTrace(ended);
    expect(ended.code).toBe(1);
    expect(parsed(ended).checked?.statements).toBe(100_000);
    expect(parsed(ended).findings.length).toBeGreaterThanOrEqual(100_000);
  });
});
