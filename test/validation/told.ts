import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { runProgram } from '../../src/program.ts';
import { type Result, resultSchema } from '../../src/report/result.ts';
import { gitEnvironment, repositoryWith } from '../workspace/temporary.ts';

/** What `airlock validate` says of a repository, or of the files that are named. */
export async function told(files: Readonly<Record<string, string>>, ...operands: string[]): Promise<Result> {
  const root = repositoryWith(files);
  const out: string[] = [];
  try {
    await runProgram(['validate', '--json', ...operands], {
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
    rmSync(root, { recursive: true, force: true });
  }
  return resultSchema.parse(JSON.parse(out.join('')));
}
