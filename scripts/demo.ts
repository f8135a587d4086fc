import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');

/** Pull requests of examples/ that the demo opens, unless names are given: what only running them shows. */
const SHOWN = ['check-that-rows-break', 'down-forgets-function', 'default-that-only-looks-volatile'];

/**
 * Shows the main job: a repository with merged migrations (examples/shop), a pull request on top of it, and what
 * Airlock tells its author. Everything happens in a temporary folder.
 */
function demo(names: readonly string[]): void {
  for (const name of names) {
    const folder = mkdtempSync(join(tmpdir(), 'airlock-demo-'));
    try {
      cpSync(join(ROOT, 'examples/shop'), folder, { recursive: true });
      commitAll(folder);
      cpSync(join(ROOT, 'examples/pull-requests', name, 'migrations'), join(folder, 'migrations'), {
        recursive: true,
      });
      const readme = readFileSync(join(ROOT, 'examples/pull-requests', name, 'README.md'), 'utf8');
      const wanted = readme.split(/\n\n/).find((paragraph) => !paragraph.startsWith('#')) ?? '';
      console.log(
        `\n━━ pull request: ${name} ${'━'.repeat(Math.max(0, 60 - name.length))}\n${wanted.replaceAll('**', '').trim()}\n`,
      );
      console.log('$ airlock validate --proof --changed-since main\n');
      const run = spawnSync(process.execPath, [CLI, 'validate', '--proof', '--changed-since', 'main'], {
        cwd: folder,
        stdio: 'inherit',
      });
      console.log(`\nexit code ${run.status}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(
    '\nOther examples: npm run demo -- <name>, with the name of a folder in examples/pull-requests.',
  );
}

function commitAll(folder: string): void {
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
  git('init', '--initial-branch', 'main');
  git('add', '--all');
  git(
    '-c',
    'user.name=demo',
    '-c',
    'user.email=demo@example.com',
    '-c',
    'commit.gpgsign=false',
    'commit',
    '--message',
    'merged migrations',
  );
}

const names = process.argv.length > 2 ? process.argv.slice(2) : SHOWN;
const known = readdirSync(join(ROOT, 'examples/pull-requests'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(
    `error: there is no example ${unknown.map((name) => JSON.stringify(name)).join(', ')}\nnext: npm run demo -- <name>, with one or more of ${known.join(', ')}`,
  );
  process.exitCode = 2;
} else demo(names);
