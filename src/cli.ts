#!/usr/bin/env node
import { fstatSync, writeSync } from 'node:fs';
import module from 'node:module';
import { tuneForParser } from './tune-parser.ts';

// Only from Node 22.1 on; it makes the second start faster.
module.enableCompileCache?.();
tuneForParser();

// The grammar compiles beside the loading of the rest. Whether it loads at all is for the command to say.
const early = process.argv[2] === 'validate' ? import('./sql/postgres/grammar.ts').then(({ loadGrammar }) => loadGrammar()) : undefined;
early?.catch(() => undefined);
const { runProgram } = await import('./program.ts');
const terminal = fstatSync(1).isCharacterDevice() ? process.stdout : undefined;
const world = {
  cwd: process.cwd(),
  env: process.env,
  print: (text: string) => write(1, text),
  printError: (text: string) => write(2, text),
  colour: terminal?.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
  width: terminal?.columns ?? 100,
  now: () => new Date(),
};

try {
  process.exitCode = await runProgram(process.argv.slice(2), world);
} catch (error) {
  // Everything a user can do wrong is an answer; what ends here is a defect of Airlock.
  const said = error instanceof Error ? error : new Error(String(error));
  world.printError(`airlock: a defect stopped this run: ${said.message}\n`);
  world.printError(
    process.env['LOG_LEVEL']?.toLowerCase() === 'debug'
      ? `${said.stack}\n`
      : 'Run it again with LOG_LEVEL=debug for the place, and report it.\n',
  );
  process.exitCode = 2;
}

/**
 * Straight to the descriptor: process.stdout costs ten milliseconds of start-up for Node's network
 * stack. A pipe that is full and does not block is left to the stream, which waits.
 */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A reader that went away (head, less) wants no more.
    if (code === 'EPIPE') return;
    if (code !== 'EAGAIN') throw error;
    (descriptor === 1 ? process.stdout : process.stderr).write(bytes.subarray(at));
  }
}
