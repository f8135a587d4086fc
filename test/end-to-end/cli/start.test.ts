import { expect, it } from 'vitest';
import { CLI, folderWith, migration, run } from './run-cli.ts';

/** Of Node itself: each costs every start some milliseconds. */
const DEAR = ['crypto', 'tls', 'http', 'https', 'zlib', 'child_process', 'worker_threads', 'dns'];

const TELL = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(2, JSON.stringify(process.moduleLoadList)));",
)}`;

it.each([['--help'], ['validate', 'migrations/001_table.sql', '--layout', 'airlock', '--fail-on', 'never']])(
  '%s starts without what it does not need of Node',
  async (...args) => {
    const folder = folderWith({ 'migrations/001_table.sql': migration('CREATE TABLE t (id bigint);') });
    const { code, err } = await run(process.execPath, ['--import', TELL, CLI, ...args], { cwd: folder });
    expect(code).toBe(0);
    const loaded = new Set<string>(JSON.parse(err));
    expect(loaded).toContain('NativeModule fs');
    expect(DEAR.filter((name) => loaded.has(`NativeModule ${name}`))).toEqual([]);
  },
);
