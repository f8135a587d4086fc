import { fileURLToPath } from 'node:url';
import { engineOf } from './library/create-engine.ts';
import type { Engine, EngineOptions } from './library/engine.ts';
import { createLog } from './log.ts';

/** The door of the library. */
export type {
  EventName,
  Listener,
  MigrationEvents,
  MigrationName,
  MigrationResult,
  RunName,
} from './engine/events.ts';
export { MetricsCollector, metricsCollector } from './engine/metrics-collector.ts';
export type { DownOptions, Ended, Engine, EngineOptions, UpOptions } from './library/engine.ts';
export type { Result } from './report/result.ts';

/**
 * An engine for one checkout and one database. It opens nothing before a command is called, and keeps nothing open
 * after one: there is nothing to close.
 */
export function createEngine(options: EngineOptions = {}): Engine {
  const env = options.env ?? process.env;
  return engineOf(options, {
    cwd: process.cwd(),
    env,
    log: createLog({ env, terminal: process.stderr.isTTY }),
    chamber: fileURLToPath(new URL('../dist/chamber.js', import.meta.url)),
  });
}
