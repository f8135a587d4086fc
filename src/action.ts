import { fileURLToPath } from 'node:url';
import * as core from '@actions/core';
import { runAction } from './action/run.ts';
import { tuneForParser } from './tune-parser.ts';

/** The door of the GitHub Action: environment in; log, outputs and exit code out. */
tuneForParser();
const { env } = process;
const token = env['INPUT_GITHUB-TOKEN']?.trim();
// The runner then masks it in everything that any step of the job prints.
if (token) core.setSecret(token);

const failed = await runAction({
  env,
  print: (line) => process.stdout.write(`${line}\n`),
  setOutputs: (outputs) => {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  },
  chamber: fileURLToPath(new URL('../dist/chamber.js', import.meta.url)),
});
process.exitCode = failed ? 1 : 0;
