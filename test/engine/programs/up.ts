import { createInterface } from 'node:readline';
import { type RunOptions, up } from '../engine-room.ts';

/** What a process of the tests is told, as its only argument. */
export interface Order {
  readonly url: string;
  readonly files: Readonly<Record<string, string>>;
  /** One run for each line on standard input, each with one file more; default: one run with all. */
  readonly rounds?: boolean;
  /** Ends itself without a word (`kill`), or stops until it is told to go on (`stop`), at this boundary, counted from 0. */
  readonly at?: { readonly boundary: number; readonly signal: 'SIGKILL' | 'SIGSTOP' };
  readonly settings?: RunOptions['settings'];
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
let boundary = 0;

const options: RunOptions = {
  ...(order.settings ? { settings: order.settings } : {}),
  at: async () => {
    if (boundary++ !== order.at?.boundary) return;
    process.kill(process.pid, order.at.signal);
    // The signal needs a moment; a process that was stopped goes on from here.
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
};
const names = Object.keys(order.files);

async function run(count: number): Promise<void> {
  const files = Object.fromEntries(Object.entries(order.files).slice(0, count));
  const { executions, failed } = await up(order.url, files, options);
  process.stdout.write(
    `${JSON.stringify({ applied: executions.filter(({ status }) => status === 'applied').map(({ migrationId }) => migrationId), failed: failed?.halt })}\n`,
  );
}

if (order.rounds) {
  let round = 0;
  for await (const _ of createInterface({ input: process.stdin })) await run(++round);
} else await run(names.length);
