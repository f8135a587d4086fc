#!/usr/bin/env node
import module from 'node:module';
import { tuneForParser } from './tune-parser.ts';

// Only from Node 22.1 on; it makes the second start faster.
module.enableCompileCache?.();
tuneForParser();

const { runProgram } = await import('./program.ts');
const { stdout, stderr } = process;
const world = {
  cwd: process.cwd(),
  env: process.env,
  print: (text: string) => void stdout.write(text),
  printError: (text: string) => void stderr.write(text),
  colour: stdout.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
  width: stdout.columns ?? 100,
  now: () => new Date(),
};

try {
  process.exitCode = await runProgram(process.argv.slice(2), world);
} catch (error) {
  // Everything a user can do wrong is an answer; what ends here is a defect of Airlock.
  const said = error instanceof Error ? error : new Error(String(error));
  world.printError(`airlock: a defect stopped this run: ${said.message}\n`);
  world.printError(process.env['LOG_LEVEL']?.toLowerCase() === 'debug' ? `${said.stack}\n` : 'Run it again with LOG_LEVEL=debug for the place, and report it.\n');
  process.exitCode = 2;
}
