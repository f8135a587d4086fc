import { ConnectionLost, DatabaseError } from './connection.ts';
import { holdsLease, releaseLease, renameBackends, renewLease } from './lease.ts';
import type { Sessions } from './sessions.ts';
import type { SystemTables } from './system-tables.ts';

/** The lease of this run, renewed until it is released or somebody takes it. */
export class HeldLease {
  readonly token: string;
  readonly #sessions: Sessions;
  readonly #tables: SystemTables;
  readonly #ttl: number;
  #timer: NodeJS.Timeout | undefined;
  #lost = false;

  constructor(sessions: Sessions, tables: SystemTables, token: string, ttl: number) {
    this.#sessions = sessions;
    this.#tables = tables;
    this.token = token;
    this.#ttl = ttl;
    this.#schedule();
  }

  /** As far as is known here; the server is asked before anything counts. */
  get lost(): boolean {
    return this.#lost;
  }

  /** The condition that this lease is still in force, for statements of a transaction. */
  get condition(): string {
    return holdsLease(this.#tables, this.token);
  }

  /** Asks the server. Throws what a query throws. */
  async confirm(): Promise<boolean> {
    if (this.#lost) return false;
    const [row] = await this.#sessions.keeper.query(`SELECT ${this.condition} AS held`);
    if (row?.['held'] !== 't') this.#lost = true;
    return !this.#lost;
  }

  /** After the sessions were opened anew. */
  async resume(): Promise<boolean> {
    const { backends, keeper } = this.#sessions;
    if (backends) await renameBackends(keeper, this.#tables, this.token, backends);
    if (!(await renewLease(keeper, this.#tables, this.token, this.#ttl))) this.#lost = true;
    return !this.#lost;
  }

  async release(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#lost) await releaseLease(this.#sessions.keeper, this.#tables, this.token);
    this.#lost = true;
  }

  /** Stops renewing, and leaves the row to whoever finds it. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#lost = true;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#renew(), this.#ttl / 3);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    try {
      if (!(await renewLease(this.#sessions.keeper, this.#tables, this.token, this.#ttl))) this.#lost = true;
    } catch (error) {
      // Whoever waits for a statement learns of a lost connection there; here the next turn tries again.
      if (!(error instanceof ConnectionLost || error instanceof DatabaseError)) throw error;
    }
    if (!this.#lost && this.#timer) this.#schedule();
  }
}
