import type { EventName, Listener, MigrationEvents } from './events.js';
/**
 * Tells listeners what happens while migrations run. What a listener throws, or the promise it gives back rejects with,
 * is reported and harms nothing: neither the migration nor the listeners after it.
 */
export declare class MetricsCollector {
    #private;
    /** `report`: told what a listener threw. Default: a warning of the process. */
    constructor(report?: (problem: string) => void);
    on<E extends EventName>(name: E, listener: Listener<E>): this;
    off<E extends EventName>(name: E, listener: Listener<E>): this;
    once<E extends EventName>(name: E, listener: Listener<E>): this;
    emit<E extends EventName>(name: E, event: MigrationEvents[E]): void;
}
/** The collector that every engine of this process tells unless it was given another. */
export declare const metricsCollector: MetricsCollector;
