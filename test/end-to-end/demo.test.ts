import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { noStackTrace, run } from './cli/run-cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function proofInReadme(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const proof = /<!-- proof -->\n```\n([\s\S]+?)```/.exec(readme)?.[1];
  if (proof === undefined) throw new Error('README.md shows no proof');
  return proof;
}

describe('npm run demo', () => {
  test('shows a pull request and what its author is told', async () => {
    const ended = await run(process.execPath, ['scripts/demo.ts', 'down-forgets-function'], { cwd: ROOT });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toContain('pull request: down-forgets-function');
    expect(ended.out).toContain('error down-does-not-revert-up');
    expect(ended.out).toContain('the function touch_ticket() is left behind');
    expect(ended.out).toContain('exit code 1');
    // The versions and times of a run are left out of the page.
    const shown = ended.out.replace(
      / {2}PostgreSQL \d.*|\s+\((?:<\s+)?[\d.]+\s+m?s\s+in\s+the\s+shadow\)/g,
      '',
    );
    expect(shown).toContain(proofInReadme());
  });

  test('an example that does not exist is told, with those that do', async () => {
    const ended = await run(process.execPath, ['scripts/demo.ts', 'nope'], { cwd: ROOT });
    noStackTrace(ended);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(
      /^error: there is no example "nope"\nnext: npm run demo -- <name>, .*blocking-index/,
    );
  });
});
