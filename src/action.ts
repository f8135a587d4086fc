import { fileURLToPath } from 'node:url';
import * as core from '@actions/core';
import { runAction } from './action/run.ts';
import { createLog } from './log.ts';
import { tuneForParser } from './tune-parser.ts';

/** The door of the GitHub Action: environment in; log, outputs and exit code out. */
tuneForParser();
const { env } = process;
const token = env['INPUT_GITHUB-TOKEN']?.trim();
// The runner then masks it in everything that any step of the job prints.
if (token) core.setSecret(token);
const address = env['INPUT_DATABASE-URL']?.trim();
if (address) core.setSecret(address);

const chamber = fileURLToPath(new URL('../dist/chamber.js', import.meta.url));

/** A cancelled job gets SIGINT, and SIGTERM 7.5 seconds later: time to end what runs and to record it. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => controller.abort());
  return controller.signal;
}

const failed = await runAction({
  env,
  print: (line) => process.stdout.write(`${line}\n`),
  setOutputs: (outputs) => {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  },
  chamber,
  async program(argv, { env: variables, print, printError, cwd }) {
    // Loaded where it is wanted: it brings the driver.
    const { runProgram } = await import('./program.ts');
    return runProgram(argv, {
      cwd,
      env: variables,
      print,
      printError,
      colour: false,
      width: 100,
      now: () => new Date(),
      log: await createLog({ env, terminal: false }),
      interruption,
      chamber,
    });
  },
});
process.exitCode = failed ? 1 : 0;
