import { pause } from './backoff.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';
import { type Backend, backendOf } from './lease.ts';

export type Open = () => Promise<Connection>;

/** Milliseconds between attempts to reach a server that went away. */
const AGAIN = 500;
/** Milliseconds. */
const KEEPER_LOCK_TIMEOUT = 5_000;

/**
 * The two sessions of a run: `work` runs the migrations, `keeper` renews the lease, writes down what is not part of a
 * migration's own transaction, and cancels what `work` is waiting for.
 */
export class Sessions {
  /** Nothing was run on `work` that left anything in it. */
  fresh = true;
  readonly #open: Open;
  #work: Connection;
  #keeper: Connection;
  /** Undefined behind a pooler, where a session is another one after each transaction. */
  #backends: readonly [work: Backend, keeper: Backend] | undefined;

  private constructor(open: Open, work: Connection, keeper: Connection) {
    this.#open = open;
    this.#work = work;
    this.#keeper = keeper;
  }

  /** @throws DatabaseError or ConnectionLost where there is no session to be had */
  static async open(open: Open): Promise<Sessions> {
    const [work, keeper] = await both(open);
    const sessions = new Sessions(open, work, keeper);
    await sessions.#look();
    return sessions;
  }

  get work(): Connection {
    return this.#work;
  }

  get keeper(): Connection {
    return this.#keeper;
  }

  get pooled(): boolean {
    return this.#backends === undefined;
  }

  get backends(): readonly [work: Backend, keeper: Backend] | undefined {
    return this.#backends;
  }

  /** Both anew after a lost connection, as soon as the server is there again; false where it does not come back within so many milliseconds. */
  async reopen(patience: number, signal?: AbortSignal): Promise<boolean> {
    await this.close();
    const end = performance.now() + patience;
    for (;;) {
      try {
        [this.#work, this.#keeper] = await both(this.#open);
        this.fresh = true;
        await this.#look();
        return true;
      } catch (error) {
        if (!(error instanceof ConnectionLost || error instanceof DatabaseError)) throw error;
      }
      if (performance.now() > end || signal?.aborted) return false;
      await pause(AGAIN, signal);
    }
  }

  /** Ends what `work` is doing; nothing where it does nothing. */
  async cancelWork(): Promise<void> {
    if (this.#backends)
      await this.#keeper.query(`SELECT pg_catalog.pg_cancel_backend(${this.#backends[0].pid})`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#work, this.#keeper].map((each) => each.close()));
  }

  /** A pooler names a process of its own making, not the one that answers. */
  async #look(): Promise<void> {
    const [work, keeper] = await Promise.all([backendOf(this.#work), backendOf(this.#keeper)]);
    this.#backends =
      work.pid === this.#work.processId && keeper.pid === this.#keeper.processId ? [work, keeper] : undefined;
    // A migration may lock the system tables, and must not hold up what watches over it.
    if (this.#backends) await this.#keeper.run(`SET lock_timeout = ${KEEPER_LOCK_TIMEOUT}`);
  }
}

/** Two sessions at once; none is left open where there is only one to be had. */
async function both(open: Open): Promise<[Connection, Connection]> {
  const [first, second] = await Promise.allSettled([open(), open()]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  if (first.status === 'fulfilled') await first.value.close();
  if (second.status === 'fulfilled') await second.value.close();
  throw first.status === 'rejected' ? first.reason : second.status === 'rejected' ? second.reason : undefined;
}
