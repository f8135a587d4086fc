#!/usr/bin/env node
import { fstatSync, writeSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { createLog } from './log.ts';
import { tuneForParser } from './tune-parser.ts';

// Only from Node 22.1 on; it makes the second start faster.
module.enableCompileCache?.();
tuneForParser();

const { runProgram } = await import('./program.ts');

/** Descriptors that nobody reads any more, or that are full and were handed to their stream. */
const gone = new Set<number>();
const streamed = new Set<number>();

try {
  const terminal = isTerminal(1) ? process.stdout : undefined;
  process.exitCode = await runProgram(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    print: (text: string) => write(1, text),
    printError: (text: string) => write(2, text),
    colour:
      terminal?.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
    width: terminal?.columns ?? 100,
    now: () => new Date(),
    status: isTerminal(2) ? (line) => write(2, `\r\x1b[K${line}`) : undefined,
    ask: isTerminal(0) && isTerminal(2) ? askTerminal : undefined,
    onInterrupt(told) {
      process.once('SIGINT', () => {
        write(2, told());
        // 128 + SIGINT, as shells say it of a program that a signal ended.
        process.exit(130);
      });
    },
    log: await createLog({ env: process.env, terminal: isTerminal(2) }),
    interruption,
    chamber: fileURLToPath(new URL('../dist/chamber.js', import.meta.url)),
  });
} catch (error) {
  process.exitCode = 2;
  const known = ofTheSystem(error);
  if (known !== undefined) write(2, `error: ${known}\n`);
  else tellDefect(error instanceof Error ? error : new Error(String(error)));
}

// Nothing is left to do; taking the heap down piece by piece would only take time.
if (streamed.size === 0) process.exit();

/** A second signal ends the program where it stands: what it was doing is then for the next run to find out. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

/** A line of standard input; undefined where it ends without one. */
async function askTerminal(question: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.on('close', () => resolve(undefined));
    lines.question(question, (line) => {
      resolve(line);
      lines.close();
    });
  });
}

function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch (error) {
    // Started with its output closed (`>&-`).
    if (codeOf(error) === 'EBADF') return false;
    throw error;
  }
}

/** What the system refused and no command could foresee. */
function ofTheSystem(error: unknown): string | undefined {
  switch (codeOf(error)) {
    case 'ENOSPC':
      return 'the output could not be written whole: no space is left on the device.';
    case 'EMFILE':
      return 'too many files are open on this machine.\nnext: ulimit -n 4096';
    default:
  }
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd')
    return 'the folder that this shell stands in does not exist any more.\nnext: cd <folder>';
  return error instanceof Error && 'syscall' in error ? `the system refused: ${error.message}.` : undefined;
}

/** Everything a user can do wrong is an answer; what comes here is a defect of Airlock. */
function tellDefect(error: Error): void {
  write(2, `airlock: a defect stopped this run: ${error.message}\n`);
  write(
    2,
    process.env['LOG_LEVEL']?.toLowerCase() === 'debug'
      ? `${error.stack}\n`
      : 'Run it again with LOG_LEVEL=debug for the place, and report it.\n',
  );
}

/**
 * Straight to the descriptor: process.stdout costs ten milliseconds of start-up for Node's network
 * stack. A pipe that is full and does not block is left to its stream, which waits; all later text
 * goes the same way, so that nothing overtakes.
 */
function write(descriptor: 1 | 2, text: string): void {
  if (gone.has(descriptor)) return;
  const bytes = Buffer.from(text);
  let at = 0;
  try {
    if (!streamed.has(descriptor)) while (at < bytes.length) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    if (readerLeft(error)) gone.add(descriptor);
    else if (codeOf(error) === 'EAGAIN') handToStream(descriptor);
    else throw error;
  }
  if (streamed.has(descriptor) && at < bytes.length) streamOf(descriptor).write(bytes.subarray(at));
}

function handToStream(descriptor: 1 | 2): void {
  streamed.add(descriptor);
  streamOf(descriptor).on('error', (error) => {
    if (!readerLeft(error)) throw error;
    gone.add(descriptor);
  });
}

function streamOf(descriptor: 1 | 2): NodeJS.WriteStream {
  return descriptor === 1 ? process.stdout : process.stderr;
}

/** A reader that went away (head, less) wants no more; one that was never there wants nothing. */
function readerLeft(error: unknown): boolean {
  return codeOf(error) === 'EPIPE' || codeOf(error) === 'EBADF';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
