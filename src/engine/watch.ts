import { ConnectionLost, DatabaseError } from './connection.ts';
import type { Run } from './run.ts';

export type CutShort = 'interrupted' | 'too-long';

/**
 * Watches over one migration: when the user interrupts, or it takes longer than it may, the statement under way is
 * cancelled, and nothing more begins.
 */
export class Watch {
  readonly #run: Run;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #because: CutShort | undefined;
  #atWork = false;
  readonly #interrupt = (): void => this.#cut('interrupted');

  constructor(run: Run) {
    this.#run = run;
    const { maxDuration } = run.settings;
    if (maxDuration !== undefined) {
      this.#timer = setTimeout(() => this.#cut('too-long'), Math.min(maxDuration, 2 ** 31 - 1));
      this.#timer.unref();
    }
    if (run.signal.aborted) this.#because = 'interrupted';
    run.signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  get because(): CutShort | undefined {
    return this.#because;
  }

  /** Milliseconds since the migration began. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** While `work` runs, a cut cancels what the server is doing. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#atWork = true;
    try {
      return await work();
    } finally {
      this.#atWork = false;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#run.signal.removeEventListener('abort', this.#interrupt);
  }

  #cut(because: CutShort): void {
    this.#because ??= because;
    if (this.#atWork) void this.#cancel();
  }

  /** Where it cannot be cancelled, the run ends with the statement. */
  async #cancel(): Promise<void> {
    try {
      await this.#run.sessions.cancelWork();
    } catch (error) {
      if (!(error instanceof ConnectionLost || error instanceof DatabaseError)) throw error;
    }
  }
}
