import { writeSync } from 'node:fs';
import { type PGlite, protocol } from '@electric-sql/pglite';
import { encodeFrame, FrameReader } from '../frames.ts';
import type { Reply, Request } from '../protocol.ts';
import { refusal } from './refusal.ts';
import { results } from './results.ts';

type Answer = Omit<Reply, 'id'> & { readonly bytes?: Uint8Array };
/** `bytes`: the data directory, where the request names none. */
export type Open = (request: Extract<Request, { kind: 'open' }>, bytes: Uint8Array) => Promise<PGlite>;

/**
 * Answers what comes in by standard input on standard output, one request after another: the database has one
 * session. `end` is called when nobody asks any more.
 */
export function serve(open: Open, end: () => void): void {
  let database: PGlite | undefined;
  const answer = async (request: Request, bytes: Uint8Array): Promise<Answer> => {
    if (request.kind !== 'open') {
      if (!database) throw new Error('The chamber was asked before it was opened.');
      return work(database, request);
    }
    database = await open(request, bytes);
    return { ran: [] };
  };
  const reader = new FrameReader({ text: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
  let last: Promise<void> = Promise.resolve();
  process.stdin.on('data', (chunk: Buffer) => {
    const frames = reader.push(chunk);
    if (frames === 'too-long') return end();
    for (const { text, bytes } of frames) {
      const request = JSON.parse(text) as Request & { readonly id: number };
      last = last.then(() => respond(request, bytes, answer));
    }
  });
  process.stdin.on('end', end);
}

async function work(database: PGlite, request: Exclude<Request, { kind: 'open' }>): Promise<Answer> {
  if (request.kind === 'dump') {
    await database.exec('CHECKPOINT');
    const dump = await database.dumpDataDir('none');
    return { bytes: new Uint8Array(await dump.arrayBuffer()) };
  }
  const { messages } = await database.execProtocol(protocol.serialize.query(request.sql));
  return { ran: results(messages, request.most ?? Number.POSITIVE_INFINITY) };
}

async function respond(
  request: Request & { readonly id: number },
  given: Uint8Array,
  answer: (request: Request, given: Uint8Array) => Promise<Answer>,
): Promise<void> {
  try {
    const { bytes, ...reply } = await answer(request, given);
    say({ id: request.id, ...reply }, bytes);
  } catch (error) {
    const refused = refusal(error);
    const fault = error instanceof Error ? error.message : String(error);
    say({ id: request.id, ...(refused ? { error: refused } : { fault }) });
  }
}

function say(reply: Reply, bytes?: Uint8Array): void {
  for (const part of encodeFrame(reply, bytes))
    for (let sent = 0; sent < part.length; ) sent += sendSome(part.subarray(sent));
}

/** Bytes written; none while the pipe is full. */
function sendSome(part: Uint8Array): number {
  try {
    return writeSync(OUTPUT, part);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    Atomics.wait(PAUSE, 0, 0, 1);
    return 0;
  }
}

const OUTPUT = 1;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
