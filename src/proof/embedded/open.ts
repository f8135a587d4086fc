import { type ChildProcess, spawn } from 'node:child_process';
import {
  type Connection,
  ConnectionLost,
  DatabaseError,
  type Ran,
  type Row,
  type ServerVersion,
} from '../../engine/connection.ts';
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import { launch, nodeTooOld } from './launch.ts';
import { residentMemory } from './memory.ts';
import { type Reply, type Request, replySchema } from './protocol.ts';

export interface EmbeddedSettings {
  /** dist/chamber.js, with its assets beside it. */
  readonly program: string;
  /** A data directory as tar, zstd-compressed: the path of one beside the program, or what another chamber kept. */
  readonly base: string | Uint8Array;
  readonly extensions: readonly string[];
  /** Wall time of one request, in milliseconds: statement_timeout has no effect in WebAssembly. */
  readonly longestRequest: number;
  /** Resident memory of the process, in bytes. */
  readonly mostMemory: number;
}

/** A chamber in a process of its own; `dump` gives its data directory as it is now, as tar. */
export interface EmbeddedConnection extends Connection {
  /** Whether the process is cut off from the network by the system, and not only by having no means to reach it. */
  readonly withoutNetwork: boolean;
  dump(): Promise<Uint8Array>;
}

/** How often the process's memory is looked at, in milliseconds. */
const WATCH = 100;
/** Milliseconds for the process to start and the data directory to be read. */
const OPENING = 60_000;
/** Nobody asked for the rows that statements of a change give. */
const ROWS_OF_CHANGE = 1000;
/** Bytes of one reply: its rows, and a data directory. */
const LONGEST = { text: 64 * 1024 * 1024, bytes: 1024 * 1024 * 1024 };

/** A locked process in which nothing is open yet. */
export interface StartedChamber {
  /** @throws ConnectionLost when the process did not start, or cannot open the data directory */
  open(settings: Pick<EmbeddedSettings, 'base' | 'extensions'>): Promise<EmbeddedConnection>;
  close(): Promise<void>;
}

/**
 * Starts the locked process; it makes itself ready while nobody has said yet what it is going to hold.
 *
 * @throws ConnectionLost when this Node cannot lock it
 */
export function startChamber(settings: Omit<EmbeddedSettings, 'base' | 'extensions'>): StartedChamber {
  const tooOld = nodeTooOld(process.versions.node);
  if (tooOld !== undefined) throw new ConnectionLost('ended', tooOld);
  const { command, arguments: words, withoutNetwork } = launch(settings.program);
  const child = spawn(command, words, { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
  const session = new EmbeddedSession(child, settings, withoutNetwork);
  return {
    async open({ base, extensions }) {
      const [path, bytes] = typeof base === 'string' ? [base] : [undefined, base];
      await session.ask({ kind: 'open', base: path, extensions }, OPENING, bytes);
      await session.readVersion();
      return session;
    },
    close: () => session.close(),
  };
}

/**
 * Starts the locked process and opens the data directory in it.
 *
 * @throws ConnectionLost when it does not start
 */
export async function openEmbedded(settings: EmbeddedSettings): Promise<EmbeddedConnection> {
  return startChamber(settings).open(settings);
}

interface Waiting {
  readonly resolve: (answer: Reply & { readonly bytes: Uint8Array }) => void;
  readonly reject: (error: Error) => void;
}

class EmbeddedSession implements EmbeddedConnection {
  server: ServerVersion = { text: '', major: 0 };
  readonly withoutNetwork: boolean;
  readonly #child: ChildProcess;
  readonly #settings: Omit<EmbeddedSettings, 'base' | 'extensions'>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watch: NodeJS.Timeout;
  #next = 1;
  #lost: ConnectionLost | undefined;

  constructor(
    child: ChildProcess,
    settings: Omit<EmbeddedSettings, 'base' | 'extensions'>,
    withoutNetwork: boolean,
  ) {
    this.#child = child;
    this.#settings = settings;
    this.withoutNetwork = withoutNetwork;
    const reader = new FrameReader(LONGEST);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (this.#lost) return;
      const frames = reader.push(chunk);
      if (frames === 'too-long')
        this.#lose(new ConnectionLost('untruthful', 'The chamber gave an answer that is too long.'));
      else for (const frame of frames) this.#receive(frame);
    });
    // A pipe that breaks belongs to a process that ends, which `exit` says.
    child.stdin?.on('error', (cause) =>
      this.#lose(new ConnectionLost('ended', 'The chamber ended by itself.', { cause })),
    );
    child.on('error', (cause) =>
      this.#lose(new ConnectionLost('ended', 'The chamber could not be started.', { cause })),
    );
    child.on('exit', (code, signal) =>
      this.#lose(new ConnectionLost('ended', `The chamber ended by itself (${signal ?? `code ${code}`}).`)),
    );
    running.add(child);
    this.#watch = setInterval(() => void this.#checkMemory(), WATCH);
    this.#watch.unref();
  }

  async readVersion(): Promise<void> {
    const [row] = await this.query('SHOW server_version');
    const text = String(row?.['server_version'] ?? '');
    this.server = { text, major: Number.parseInt(text, 10) };
  }

  async run(sql: string): Promise<Ran> {
    const { ran = [] } = await this.ask({ kind: 'run', sql, most: ROWS_OF_CHANGE });
    return ran.at(-1) ?? { command: '', rows: [] };
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { ran = [] } = await this.ask({ kind: 'run', sql: withValues(sql, values) });
    const last = ran.at(-1);
    if (last) return last.rows;
    // PGlite answers so to everything after COPY … PROGRAM.
    const lost = new ConnectionLost('untruthful', 'The chamber answers with nothing.');
    this.#lose(lost);
    throw lost;
  }

  async dump(): Promise<Uint8Array> {
    const { bytes } = await this.ask({ kind: 'dump' });
    if (bytes.length === 0) throw new ConnectionLost('untruthful', 'The chamber gave no data directory.');
    return bytes;
  }

  close(): Promise<void> {
    this.#lose(new ConnectionLost('ended', 'The chamber was closed.'));
    return Promise.resolve();
  }

  async ask(
    request: Request,
    longest = this.#settings.longestRequest,
    given?: Uint8Array,
  ): Promise<Reply & { readonly bytes: Uint8Array }> {
    if (this.#lost) throw this.#lost;
    const id = this.#next++;
    let timer: NodeJS.Timeout | undefined;
    const reply = await new Promise<Reply & { readonly bytes: Uint8Array }>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      timer = setTimeout(
        () =>
          this.#lose(new ConnectionLost('time', `The chamber did not answer within ${longest / 1000} s.`)),
        longest,
      );
      for (const part of encodeFrame({ ...request, id }, given)) this.#child.stdin?.write(part);
    }).finally(() => clearTimeout(timer));
    if (reply.error) throw new DatabaseError(reply.error);
    if (reply.fault !== undefined) {
      this.#lose(new ConnectionLost('ended', `The chamber failed: ${reply.fault}`));
      throw this.#lost ?? new ConnectionLost('ended', reply.fault);
    }
    return reply;
  }

  #receive({ text, bytes }: Frame): void {
    const read = replySchema.safeParse(fromJson(text));
    const waiting = read.success ? this.#waiting.get(read.data.id) : undefined;
    if (!read.success || !waiting) {
      this.#lose(new ConnectionLost('untruthful', 'The chamber said something that nobody asked.'));
      return;
    }
    this.#waiting.delete(read.data.id);
    waiting.resolve({ ...read.data, bytes });
  }

  async #checkMemory(): Promise<void> {
    const { pid } = this.#child;
    const bytes = pid === undefined || this.#lost ? undefined : await residentMemory(pid);
    if (bytes !== undefined && bytes > this.#settings.mostMemory)
      this.#lose(
        new ConnectionLost(
          'memory',
          `The chamber took more than ${Math.round(this.#settings.mostMemory / 1024 / 1024)} MB of memory.`,
        ),
      );
  }

  #lose(lost: ConnectionLost): void {
    if (this.#lost) return;
    this.#lost = lost;
    clearInterval(this.#watch);
    running.delete(this.#child);
    this.#child.kill('SIGKILL');
    for (const { reject } of this.#waiting.values()) reject(lost);
    this.#waiting.clear();
  }
}

/**
 * Airlock's own SQL with its values written into it: the simple protocol has no parameters. The escape form of a
 * string means the same whatever standard_conforming_strings says (sql-syntax-strings of the documentation).
 */
function withValues(sql: string, values: readonly unknown[]): string {
  return sql.replace(/\$(\d+)/g, (placeholder, number: string) => {
    const at = Number(number) - 1;
    if (at >= values.length) return placeholder;
    const value = values[at];
    if (value === null || value === undefined) return 'NULL';
    const written = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `E'${written.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;
  });
}

/** A statement without an end does not notice that nobody listens any more. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Undefined, which no reply is, for what is no JSON. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
