import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type FileToWrite, writeAll } from '../../src/workspace/write-all.ts';
import { temporaryFolder, write } from './temporary.ts';

const MODULE = fileURLToPath(new URL('../../src/workspace/write-all.ts', import.meta.url));

function folder(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  return root;
}

function texts(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** In a process whose files may have one block (1,024 bytes in bash), which root is held to, too. */
function writeWithLimit(files: readonly FileToWrite[], root: string): string {
  const script = `import { writeAll } from ${JSON.stringify(MODULE)}; console.log(writeAll(JSON.parse(process.argv[1]), process.argv[2]));`;
  const line = 'ulimit -f 1; exec "$0" --input-type=module --eval "$1" "$2" "$3"';
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', line, process.execPath, script, JSON.stringify(files), root],
    { encoding: 'utf8' },
  );
  return stdout + stderr;
}

describe('writing all files or none', () => {
  test('changes and makes files, and leaves nothing beside them', () => {
    const root = folder({ 'a.sql': 'old' });
    chmodSync(join(root, 'a.sql'), 0o640);
    const problem = writeAll(
      [
        { path: 'a.sql', before: 'old', after: 'new' },
        { path: 'deep/er/b.sql', after: 'b' },
      ],
      root,
    );
    expect(problem).toBeUndefined();
    expect(texts(root)).toEqual({ 'a.sql': 'new', 'deep/er/b.sql': 'b' });
    expect(statSync(join(root, 'a.sql')).mode & 0o777).toBe(0o640);
  });

  test.each([
    ['a change', { path: 'b.sql', before: 'old', after: 'x'.repeat(5000) }],
    ['a new file', { path: 'made/c.sql', after: 'x'.repeat(5000) }],
  ])('takes everything back when %s does not fit on the disk', (_, large) => {
    const before = { 'a.sql': 'old', 'b.sql': 'old' };
    const root = folder(before);
    const files: FileToWrite[] = [
      { path: 'made/new.sql', after: 'n' },
      { path: 'a.sql', before: 'old', after: 'new' },
      large,
    ];
    expect(writeWithLimit(files, root)).toBe(
      `${large.path} cannot be written: it would be larger than a file may be here (ulimit -f).\n`,
    );
    expect(texts(root)).toEqual(before);
    expect(readdirSync(root).sort()).toEqual(['a.sql', 'b.sql']);
  });

  test('takes everything back when a file cannot be put in its place', () => {
    const root = folder({ 'a.sql': 'old', 'b.sql': 'old' });
    // In the way of the name under which the old content is kept meanwhile.
    mkdirSync(join(root, `.b.sql.airlock-${process.pid}-old`));
    const problem = writeAll(
      [
        { path: 'a.sql', before: 'old', after: 'new' },
        { path: 'b.sql', before: 'old', after: 'new' },
      ],
      root,
    );
    expect(problem).toBe('b.sql cannot be written: it exists already.');
    expect(texts(root)).toEqual({ 'a.sql': 'old', 'b.sql': 'old' });
  });

  test('does not write over what changed meanwhile, nor over what is there', () => {
    const root = folder({ 'a.sql': 'other', 'b.sql': 'b' });
    expect(writeAll([{ path: 'a.sql', before: 'old', after: 'new' }], root)).toBe(
      'a.sql cannot be written: it was changed while it was checked; type the command again.',
    );
    expect(writeAll([{ path: 'b.sql', after: 'new' }], root)).toBe(
      'b.sql cannot be written: it exists already.',
    );
    expect(texts(root)).toEqual({ 'a.sql': 'other', 'b.sql': 'b' });
  });

  test('does not follow a link, neither of the file nor of its folder', () => {
    const outside = folder({ 'a.sql': 'old' });
    const root = folder({ 'b.sql': 'old' });
    symlinkSync(join(outside, 'a.sql'), join(root, 'a.sql'));
    symlinkSync(outside, join(root, 'linked'));
    expect(writeAll([{ path: 'a.sql', before: 'old', after: 'new' }], root)).toContain('it is a link');
    expect(writeAll([{ path: 'linked/a.sql', before: 'old', after: 'new' }], root)).toContain(
      'leads out of the repository',
    );
    expect(writeAll([{ path: 'linked/deep/c.sql', after: 'new' }], root)).toContain(
      'leads out of the repository',
    );
    expect(texts(outside)).toEqual({ 'a.sql': 'old' });
  });
});
