import { variable } from '../configuration/variables.ts';
import type { MigrationName } from '../engine/events.ts';
import { MetricsCollector } from '../engine/metrics-collector.ts';
import type { MetricsExport } from '../engine/otlp.ts';
import type { Onlooking } from '../engine/run.ts';
import { type RecordEnd, type Refusal, type RunEnd, ToldEvents } from '../engine/told-events.ts';
import type { Log } from '../log.ts';
import { version } from '../version.ts';
import type { CommandWorld } from './command.ts';
import type { Desk } from './database.ts';

/** Everybody who looks on while a run goes on: the terminal, the library's listeners, the metrics. */
export interface Observed {
  readonly onlooking: Onlooking;
  /** Once the command is over, however it ended. */
  ended(end: RunEnd | RecordEnd | Refusal): Promise<void>;
}

/** A dry run: nobody but the terminal and the log is told. */
export function unobserved(desk: Desk, terminal: Onlooking): Observed {
  return { onlooking: together([terminal, notes(desk.log)]), ended: async () => undefined };
}

export async function observe(
  command: string,
  desk: Desk,
  migrations: readonly MigrationName[],
  world: CommandWorld,
  terminal: Onlooking = {},
): Promise<Observed> {
  const warn = (text: string): void => world.printError(desk.redact(`warning: ${text}\n`));
  const endpoint = variable(desk.project.env, 'METRICS_ENDPOINT');
  const own = new MetricsCollector(warn);
  const sending = endpoint === undefined ? undefined : await sendTo(endpoint, own, warn);
  const run = { runId: desk.who.runId, command, environment: desk.target.environment };
  const told = [...(sending ? [own] : []), ...(world.collector ? [world.collector] : [])].map(
    (collector) => new ToldEvents(collector, run, migrations, desk.redact),
  );
  return {
    onlooking: together([terminal, notes(desk.log), ...told.map(({ onlooking }) => onlooking)]),
    async ended(end) {
      for (const each of told) each.ended(end);
      const failed = await sending?.flush();
      if (failed !== undefined) warn(`the metrics were not taken by METRICS_ENDPOINT: ${failed}`);
    },
  };
}

/** For LOG_LEVEL=debug. */
function notes(log: Log): Onlooking {
  if (!log.enabled) return {};
  return {
    waiting: ({ command, executedBy, host, processId }) =>
      log('waiting for the lease', { holder: { command, executedBy, host, processId } }),
    acquired: ({ token, waitedMs, before }) =>
      log('lease acquired', { token, waitedMs: Math.round(waitedMs), takenOverFrom: before?.runId }),
    released: () => log('lease released'),
    begins: ({ id, name, direction }) => log('migration begins', { migration: id, name, direction }),
    statement: ({ id, at, of }) => log('statement', { migration: id, statement: at + 1, of }),
    ran: ({ id, at, durationMs }) =>
      log('statement done', { migration: id, statement: at + 1, ms: Math.round(durationMs) }),
    retries: ({ id, attempt, pause, because }) =>
      log('lock not acquired', { migration: id, attempt, pause: Math.round(pause), because }),
    ends: ({ migrationId, status, durationMs, lockWaitMs, halt, error }) =>
      log('migration ends', { migration: migrationId, status, ms: durationMs, lockWaitMs, halt, error }),
    drifted: (drift) => log('drift', { ...drift }),
    unrecorded: (because) => log('catalog not recorded', { because }),
  };
}

/** Loaded where metrics are wanted: the SDK is large. */
async function sendTo(
  endpoint: string,
  collector: MetricsCollector,
  warn: (text: string) => void,
): Promise<MetricsExport | undefined> {
  const { exportMetrics, metricsAddress } = await import('../engine/otlp.ts');
  const url = metricsAddress(endpoint);
  if (url !== undefined) return exportMetrics(collector, { url, version });
  warn('METRICS_ENDPOINT is no http or https address: no metrics are sent');
  return undefined;
}

function together(all: readonly Onlooking[]): Onlooking {
  const tell =
    <K extends keyof Onlooking>(name: K) =>
    (told: Parameters<NonNullable<Onlooking[K]>>[0]): void => {
      for (const each of all) (each[name] as ((told: unknown) => void) | undefined)?.(told);
    };
  return {
    waiting: tell('waiting'),
    acquired: tell('acquired'),
    released: () => {
      for (const each of all) each.released?.();
    },
    ran: tell('ran'),
    ...(all.some(({ progress }) => progress) ? { progress: tell('progress') } : {}),
    begins: tell('begins'),
    statement: tell('statement'),
    retries: tell('retries'),
    drifted: tell('drifted'),
    ends: tell('ends'),
    unrecorded: tell('unrecorded'),
  };
}
