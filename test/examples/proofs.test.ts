import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/program.ts';
import { type Result, resultSchema } from '../../src/report/result.ts';
import { type BuiltChamber, buildChamberIn } from '../proof/embedded/chambers.ts';
import { commit, git, gitEnvironment, temporaryFolder } from '../workspace/temporary.ts';
import { EXAMPLES, PULL_REQUESTS } from './migration-files.ts';
import { hasTwin, pullRequestNames } from './pull-request-names.ts';

const discoveries = pullRequestNames().filter(hasTwin);

const root = temporaryFolder();
const cache = temporaryFolder();
let chamber: BuiltChamber;

beforeAll(async () => {
  git(root, 'init', '--quiet', '--initial-branch=main');
  cpSync(join(EXAMPLES, 'shop'), root, { recursive: true });
  commit(root);
  chamber = await buildChamberIn();
});

afterAll(async () => {
  await chamber.remove();
  for (const folder of [root, cache]) rmSync(folder, { recursive: true, force: true });
});

/** What the author of a pull request on the shop is told once it was proven. */
async function proven(folder: string): Promise<Result> {
  cpSync(join(PULL_REQUESTS, folder, 'migrations'), join(root, 'migrations'), { recursive: true });
  const out: string[] = [];
  const errors: string[] = [];
  try {
    await runProgram(['validate', '--proof', '--changed-since', 'main', '--json'], {
      cwd: root,
      env: { ...gitEnvironment(), AIRLOCK_SHADOW: 'embedded', XDG_CACHE_HOME: cache },
      print: (text) => out.push(text),
      printError: (text) => errors.push(text),
      colour: false,
      width: 100,
      now: () => new Date(),
      log: () => undefined,
      interruption: () => new AbortController().signal,
      chamber: chamber.program,
    });
  } finally {
    git(root, 'checkout', '--quiet', '.');
    git(root, 'clean', '--quiet', '--force');
  }
  expect(errors.join('')).toBe('');
  return resultSchema.parse(JSON.parse(out.join('')));
}

/** The rules that a README says speak: words in code marks that look like one. */
function rulesNamed(name: string): Set<string> {
  const [, says = ''] = readFileSync(join(PULL_REQUESTS, name, 'README.md'), 'utf8').split(
    /\*\*(?:Airlock says|Mended):\*\*/,
  );
  return new Set([...says.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, word]) => word ?? ''));
}

describe('a pull request that only running it tells everything about', () => {
  test('there is one for each kind of discovery', () => {
    expect(discoveries.length).toBeGreaterThan(15);
  });

  test.each(discoveries)('%s is found, and its twin is not', { timeout: 60_000 }, async (name) => {
    const told = await proven(name);
    const speaking = new Set(
      [...told.findings, ...told.refuted].flatMap(({ ruleId, severity }) =>
        severity === 'info' ? [] : [ruleId],
      ),
    );
    expect(told.proofs?.length, told.message).toBeGreaterThan(0);
    for (const { up } of told.proofs ?? []) expect(up.statements.length).toBeGreaterThan(0);
    expect([...rulesNamed(name)].sort()).toEqual([...speaking].sort());

    const twin = await proven(join(name, 'mended'));
    expect(
      twin.findings.filter(({ severity, stage }) => severity !== 'info' && stage === 'executed'),
    ).toEqual([]);
    expect(twin.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const { roundTrip, up, down, dataLoss } of twin.proofs ?? []) {
      expect(up.ok && down.status === 'ok').toBe(true);
      expect(roundTrip.status).toBe('reverts');
      expect(dataLoss).toEqual([]);
    }
  });
});
