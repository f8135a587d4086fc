import {
  AggregationTemporalityPreference,
  OTLPMetricExporter,
} from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { MetricsCollector } from './metrics-collector.ts';

/** Milliseconds that a command waits at its end for its metrics to be taken, repetitions among them. */
const DEADLINE = 5_000;
const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600];
/** Where OTLP over HTTP takes metrics (OTLP specification, "OTLP/HTTP Request"). */
const PATH = '/v1/metrics';

/** Asked once, at the end: a command is too short for a reader that asks every minute. */
class AtTheEnd extends MetricReader {
  protected override async onForceFlush(): Promise<void> {
    // Nothing is kept back.
  }

  protected override async onShutdown(): Promise<void> {
    // Nothing is open.
  }
}

/** Sends what a collector is told as metrics. `flush`: why they could not be sent, or undefined. */
export interface MetricsExport {
  flush(): Promise<string | undefined>;
}

/** METRICS_ENDPOINT with the path for metrics, where it names none; undefined: it is no address. */
export function metricsAddress(endpoint: string): string | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.pathname === '/') url.pathname = PATH;
  return url.href;
}

export function exportMetrics(
  collector: MetricsCollector,
  { url, version }: { readonly url: string; readonly version: string },
): MetricsExport {
  const exporter = new OTLPMetricExporter({
    url,
    timeoutMillis: DEADLINE,
    // Each command counts for itself: there is no earlier count of the same process to go on from.
    temporalityPreference: AggregationTemporalityPreference.DELTA,
  });
  const reader = new AtTheEnd({
    aggregationTemporalitySelector: (type) => exporter.selectAggregationTemporality(type),
  });
  const resource = resourceFromAttributes({ 'service.name': 'pg-airlock', 'service.version': version });
  const meter = new MeterProvider({ resource, readers: [reader] }).getMeter('pg-airlock', version);
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    });
  const migrations = meter.createCounter('airlock.migrations', {
    description: 'Migrations by how they ended',
    unit: '{migration}',
  });
  const retries = meter.createCounter('airlock.migration.retries', {
    description: 'Attempts that did not get their locks',
    unit: '{attempt}',
  });
  const drift = meter.createCounter('airlock.drift', {
    description: 'Things that were changed past Airlock, as runs found them',
    unit: '{difference}',
  });
  const runs = meter.createCounter('airlock.runs', { description: 'Runs by how they ended', unit: '{run}' });
  const took = seconds('airlock.migration.duration', 'What one migration took');
  const waited = seconds('airlock.migration.lock_wait', 'What one migration waited for locks');
  const runTook = seconds('airlock.run.duration', 'What one run took');
  const environmentOf = (environment: string | undefined): { readonly 'airlock.environment'?: string } =>
    environment === undefined ? {} : { 'airlock.environment': environment };

  collector
    .on('migration:end', ({ environment, result: { id, name, direction, status, duration, lockWait } }) => {
      const attributes = {
        ...environmentOf(environment),
        'airlock.direction': direction,
        'airlock.status': status,
      };
      const named = { ...attributes, 'airlock.migration.id': id, 'airlock.migration.name': name };
      migrations.add(1, attributes);
      took.record(duration / 1_000, named);
      waited.record(lockWait / 1_000, named);
    })
    .on('migration:retry', ({ environment, migration }) =>
      retries.add(1, { ...environmentOf(environment), 'airlock.migration.id': migration.id }),
    )
    .on('migration:baselined', ({ environment, migrations: recorded }) =>
      migrations.add(recorded.length, {
        ...environmentOf(environment),
        'airlock.direction': 'up',
        'airlock.status': 'baselined',
      }),
    )
    .on('drift:found', ({ environment, differences }) =>
      drift.add(differences.length, environmentOf(environment)),
    )
    .on('run:end', ({ environment, command, outcome, reasonCode, duration }) => {
      const attributes = {
        ...environmentOf(environment),
        'airlock.command': command,
        'airlock.outcome': outcome,
        ...(reasonCode === undefined ? {} : { 'airlock.reason': reasonCode }),
      };
      runs.add(1, attributes);
      runTook.record(duration / 1_000, attributes);
    });

  return {
    async flush() {
      const { resourceMetrics } = await reader.collect();
      const error = await new Promise<Error | undefined>((resolve) => {
        exporter.export(resourceMetrics, ({ code, error: failed }) =>
          resolve(code === 0 ? undefined : (failed ?? new Error('no reason was given'))),
        );
      });
      await exporter.shutdown();
      return error?.message;
    },
  };
}
