import { execFileSync, spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { CLI, folderWith, projectWith, TABLES } from './run-cli.ts';

describe.concurrent('where the output goes', () => {
  test('a reader that stops reading ends nothing badly', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`migrations/${index + 100}_x.sql`, 'DROP TABLE gone;']),
      ),
    });
    for (const args of ['validate', 'validate --json', 'explain']) {
      const both = execFileSync(
        '/bin/sh',
        ['-c', `("${process.execPath}" "${CLI}" ${args}; echo "code $?" >&2) 2>errors | head -1; cat errors`],
        { cwd, encoding: 'utf8' },
      );
      expect(both.trimEnd().split('\n').at(-1), args).toMatch(/^code [01]$/);
      expect(both, args).not.toMatch(/EPIPE|defect|\n\s+at /);
    }
  });

  test('a slow reader gets the whole document', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`migrations/${index + 100}_x.sql`, 'DROP TABLE gone;']),
      ),
    });
    const child = spawn(process.execPath, [CLI, 'validate', '--json'], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.pause();
    await new Promise((done) => setTimeout(done, 1_000));
    let text = '';
    for await (const bytes of child.stdout) text += String(bytes);
    expect(JSON.parse(text).findings.length).toBeGreaterThan(300);
  });

  test('no output at all, a full disk, and a folder that is gone', () => {
    const cwd = folderWith({});
    const shell = (line: string): string =>
      execFileSync('/bin/sh', ['-c', `${line}; echo "code $?"`], { cwd, encoding: 'utf8' }).trim();
    const program = `"${process.execPath}" "${CLI}"`;
    expect(shell(`${program} explain >&-`)).toBe('code 0');
    if (process.platform === 'linux')
      expect(shell(`${program} explain 2>&1 >/dev/full`)).toBe(
        'error: the output could not be written whole: no space is left on the device.\ncode 2',
      );
    expect(shell(`mkdir gone; cd gone; rmdir ../gone; ${program} validate 2>&1`)).toMatch(
      /error: the folder that this shell stands in does not exist any more\.\nnext: cd <folder>\ncode 2$/,
    );
  });
});
