import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Order } from './programs/up.ts';

interface Told {
  readonly applied: readonly string[];
  readonly failed?: string | undefined;
}

export interface Running {
  readonly child: ChildProcess;
  /** Of a process that runs in rounds: lets it run one, and gives what it told of it. */
  next(): Promise<Told>;
  /** No more rounds. */
  over(): void;
  readonly ended: Promise<{
    readonly signal: string | null;
    readonly told: readonly Told[];
    readonly errors: string;
  }>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const program = bundle();

/** The engine in a process of its own, which can be killed. */
export async function start(order: Order): Promise<Running> {
  const child = spawn(process.execPath, [await program, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const told: Told[] = [];
  const waiting: ((told: Told | undefined) => void)[] = [];
  let errors = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const each = JSON.parse(line) as Told;
    told.push(each);
    waiting.shift()?.(each);
  });
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString();
  });
  // Who was killed reads no more.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Awaited<Running['ended']>>((resolve) => {
    child.on('close', (_, signal) => {
      for (const each of waiting) each(undefined);
      resolve({ signal, told, errors });
    });
  });
  return {
    child,
    ended,
    over: () => child.stdin.end(),
    next: async () => {
      const answer = new Promise<Told | undefined>((resolve) => waiting.push(resolve));
      child.stdin.write('go\n');
      const each = await answer;
      if (!each) throw new Error(`it ended in the middle of a round: ${errors}`);
      return each;
    },
  };
}

/** In one file: hundreds of processes are started, and each would read and strip the types of all that is in it. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./programs/up.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const [made] = outputFiles;
  if (!made) throw new Error('esbuild made no file');
  const folder = join(ROOT, 'node_modules', '.cache', 'airlock-tests');
  const file = join(folder, `${createHash('sha256').update(made.contents).digest('hex').slice(0, 16)}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, made.contents);
    renameSync(own, file);
  }
  return file;
}

/** Calls `work` for each item, a few at a time. */
export async function several<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}
