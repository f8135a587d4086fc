import type { Engine, EngineOptions } from './library/engine.js';
/** The door of the library. */
export type { EventName, Listener, MigrationEvents, MigrationName, MigrationResult, RunName, } from './engine/events.js';
export { MetricsCollector, metricsCollector } from './engine/metrics-collector.js';
export type { DownOptions, Ended, Engine, EngineOptions, UpOptions } from './library/engine.js';
export type { Result } from './report/result.js';
/**
 * An engine for one checkout and one database. It opens nothing before a command is called, and keeps nothing open
 * after one: there is nothing to close.
 */
export declare function createEngine(options?: EngineOptions): Engine;
