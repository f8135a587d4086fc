import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/program.ts';
import { type Result, resultSchema } from '../../src/report/result.ts';
import { commit, git, gitEnvironment, temporaryFolder } from '../workspace/temporary.ts';
import { EXAMPLES, PULL_REQUESTS } from './migration-files.ts';
import { hasTwin, pullRequestNames } from './pull-request-names.ts';

const root = temporaryFolder();
git(root, 'init', '--quiet', '--initial-branch=main');
cpSync(join(EXAMPLES, 'shop'), root, { recursive: true });
commit(root);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What the author of a pull request on the shop is told. */
async function told(name: string): Promise<Result> {
  cpSync(join(PULL_REQUESTS, name, 'migrations'), join(root, 'migrations'), { recursive: true });
  const out: string[] = [];
  try {
    await runProgram(['validate', '--changed-since', 'main', '--json'], {
      cwd: root,
      env: gitEnvironment(),
      print: (text) => out.push(text),
      printError: (text) => expect.unreachable(text),
      colour: false,
      width: 100,
      now: () => new Date(),
      log: () => undefined,
      interruption: () => new AbortController().signal,
      chamber: 'dist/chamber.js',
    });
  } finally {
    git(root, 'checkout', '--quiet', '.');
    git(root, 'clean', '--quiet', '--force');
  }
  return resultSchema.parse(JSON.parse(out.join('')));
}

/** Other words in code marks are fields of the metadata. */
const RULE_ID = /-|^metadata$/;

describe('the README of a pull request', () => {
  const names = pullRequestNames().filter((name) => !hasTwin(name));

  test.each(names)('%s names every rule that warns, and none that is silent', async (name) => {
    const { findings, ignores } = await told(name);
    const readme = readFileSync(join(PULL_REQUESTS, name, 'README.md'), 'utf8');
    const [, says = ''] = readme.split('**Airlock says:**');
    const named = new Set([...says.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, word]) => word ?? ''));
    const speaking = new Set([...findings, ...ignores].map(({ ruleId }) => ruleId));
    for (const word of named) if (RULE_ID.test(word)) expect(speaking).toContain(word);
    // What is said for information only would make the page longer than it is worth.
    for (const { ruleId, severity } of findings) if (severity !== 'info') expect(named).toContain(ruleId);
    expect(findings.length > 0 || ignores.length > 0).toBe(true);
  });
});

test('good-index is told nothing that has to be mended', async () => {
  const { findings } = await told('good-index');
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
});
