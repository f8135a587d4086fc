import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeTooOld } from '../../../src/proof/embedded/launch.ts';
import { airlock, CLI, INDEX, noStackTrace, parsed, projectWith, ruleIds, run, TABLES } from './run-cli.ts';

/** Every Node on this machine's PATH, and the one that runs the tests. */
function nodes(): ReadonlyMap<string, string> {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const programs = [process.execPath, ...found]
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
  return new Map(
    [...new Set(programs)].map((path) => [
      execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(),
      path,
    ]),
  );
}

for (const [version, node] of nodes()) {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  if (major < 20) console.log(`Not tried with Node ${version}: Airlock needs 20 or later.`);
  else
    test(`the command line validates, fixes and explains on Node ${version}`, async () => {
      const cwd = projectWith({ 'migrations/001_tables.sql': TABLES, 'migrations/002_index.sql': INDEX });
      const first = await airlock(['validate', '--json'], { cwd, node });
      expect(first).toMatchObject({ code: 1, err: '' });
      expect(ruleIds(first)).toContain('create-index-concurrently');
      const fixed = await airlock(['validate', 'migrations/002_index.sql', '--fix', '--json'], { cwd, node });
      expect(ruleIds(fixed)).not.toContain('create-index-concurrently');
      expect(fixed.err).toContain('fixed  migrations/002_index.sql');
      const mysql = await airlock(['validate', '--dialect', 'mysql'], { cwd, node });
      expect(mysql.err).toBe('');
      expect(await airlock(['explain', 'set-not-null'], { cwd, node })).toMatchObject({ code: 0, err: '' });
      const proven = await airlock(['prove', '002', '--shadow', 'embedded', '--json'], { cwd, node });
      if (nodeTooOld(version.slice(1)) === undefined) expect(parsed(proven).proofs).toHaveLength(1);
      else {
        expect(proven.code).toBe(2);
        expect(parsed(proven).message).toContain(
          `needs Node 22.15 or newer, and this is Node ${version.slice(1)}`,
        );
      }
      noStackTrace(proven);
    });
}

test('and is a program of its own where the system starts scripts', async () => {
  const { code, out } = await run(CLI, ['--version'], { cwd: projectWith({}) });
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
