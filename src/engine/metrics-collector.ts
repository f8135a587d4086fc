import type { EventName, Listener, MigrationEvents } from './events.ts';

/**
 * Tells listeners what happens while migrations run. What a listener throws, or the promise it gives back rejects with,
 * is reported and harms nothing: neither the migration nor the listeners after it.
 */
export class MetricsCollector {
  readonly #listeners = new Map<EventName, Set<(event: never) => unknown>>();
  readonly #report: (problem: string) => void;

  /** `report`: told what a listener threw. Default: a warning of the process. */
  constructor(report: (problem: string) => void = (problem) => process.emitWarning(problem)) {
    this.#report = report;
  }

  on<E extends EventName>(name: E, listener: Listener<E>): this {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return this;
  }

  off<E extends EventName>(name: E, listener: Listener<E>): this {
    this.#listeners.get(name)?.delete(listener);
    return this;
  }

  once<E extends EventName>(name: E, listener: Listener<E>): this {
    const first: Listener<E> = (event) => {
      this.off(name, first);
      return listener(event);
    };
    return this.on(name, first);
  }

  emit<E extends EventName>(name: E, event: MigrationEvents[E]): void {
    // A copy: a listener may add and remove others.
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      this.#tell(name, listener as Listener<E>, event);
  }

  #tell<E extends EventName>(name: E, listener: Listener<E>, event: MigrationEvents[E]): void {
    const failed = (thrown: unknown): void =>
      this.#report(
        `a listener of ${name} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
    try {
      const answer = listener(event);
      if (answer instanceof Promise) answer.catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }
}

/** The collector that every engine of this process tells unless it was given another. */
export const metricsCollector = new MetricsCollector();
