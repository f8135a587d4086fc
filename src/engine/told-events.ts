import type { MigrationEvents, MigrationName, MigrationResult, RunName } from './events.ts';
import type { MetricsCollector } from './metrics-collector.ts';
import type { Execution, Onlooking } from './run.ts';

/** How a run ended, up or down. */
export interface RunEnd {
  readonly executions: readonly Execution[];
  readonly failed?: Execution | undefined;
  /** What the health check said. */
  readonly unhealthy?: string | undefined;
  readonly rolledBack?: readonly Execution[] | undefined;
  /** The first one that was not begun. */
  readonly pending?: MigrationName | undefined;
}

/** How a command ended that changes the history or the lease, and runs nothing. */
export type RecordEnd =
  | { readonly baselined: readonly MigrationName[]; readonly tool?: string | undefined }
  | { readonly repaired: readonly { readonly id: string; readonly told: string }[] }
  | { readonly unlocked: string; readonly sessionsEnded: number };

/** Nothing was run or recorded. */
export interface Refusal {
  readonly reasonCode: string;
  readonly problems: readonly string[];
}

/** Tells a collector what a run does. */
export class ToldEvents {
  readonly onlooking: Onlooking;
  readonly #collector: MetricsCollector;
  readonly #run: RunName;
  readonly #names: ReadonlyMap<string, MigrationName>;
  readonly #redact: (text: string) => string;
  readonly #started = performance.now();

  constructor(
    collector: MetricsCollector,
    run: RunName,
    migrations: readonly MigrationName[],
    redact: (text: string) => string,
  ) {
    this.#collector = collector;
    this.#run = run;
    this.#redact = redact;
    this.#names = new Map(migrations.map(({ id, name }) => [id, { id, name }]));
    collector.emit('run:start', { ...run, migrations: [...this.#names.values()] });
    this.onlooking = {
      waiting: ({ command, executedBy, host }) =>
        collector.emit('lease:waiting', { ...run, holder: `${command} of ${executedBy} on ${host}` }),
      drifted: (drift) => {
        if (drift.status === 'found')
          collector.emit('drift:found', {
            ...run,
            since: drift.since,
            differences: drift.differences.map(redact),
          });
      },
      begins: ({ id, name, direction }) =>
        collector.emit('migration:start', { ...run, migration: { id, name }, direction }),
      statement: ({ id, at, of }) =>
        collector.emit('migration:statement', { ...run, migration: this.#named(id), statement: at + 1, of }),
      retries: ({ id, ...told }) =>
        collector.emit('migration:retry', { ...run, migration: this.#named(id), ...told }),
      ends: (execution) => collector.emit('migration:end', { ...run, result: this.#resultOf(execution) }),
    };
  }

  ended(end: RunEnd | RecordEnd | Refusal): void {
    const duration = performance.now() - this.#started;
    const last = (outcome: MigrationEvents['run:end']['outcome'], more: Partial<Refusal> = {}): void =>
      this.#collector.emit('run:end', { ...this.#run, outcome, ...more, duration });
    if ('reasonCode' in end) {
      last('refused', { reasonCode: end.reasonCode, problems: end.problems.map(this.#redact) });
      return;
    }
    if ('executions' in end) last(this.#ran(end, duration));
    else {
      this.#recorded(end);
      last('complete');
    }
  }

  #recorded(end: RecordEnd): void {
    if ('baselined' in end) {
      const migrations = end.baselined.map(({ id, name }) => ({ id, name }));
      this.#collector.emit('migration:baselined', { ...this.#run, migrations, tool: end.tool });
    } else if ('repaired' in end)
      for (const { id, told } of end.repaired)
        this.#collector.emit('migration:repaired', { ...this.#run, migration: { id }, change: told });
    else {
      const { unlocked: holder, sessionsEnded } = end;
      this.#collector.emit('lease:unlocked', { ...this.#run, holder, sessionsEnded });
    }
  }

  #ran(
    { executions, failed, unhealthy, rolledBack = [], pending }: RunEnd,
    duration: number,
  ): 'complete' | 'failed' {
    const results = executions.map((each) => this.#resultOf(each));
    const last = failed ?? (unhealthy === undefined ? undefined : executions.at(-1));
    const migration = last ? { id: last.migrationId, name: last.name } : pending;
    if (!migration) {
      this.#collector.emit('migration:complete', { ...this.#run, results, duration });
      return 'complete';
    }
    this.#collector.emit('migration:failed', {
      ...this.#run,
      error: new Error(this.#redact(failed?.error ?? unhealthy ?? 'interrupted.')),
      migration: { id: migration.id, name: migration.name },
      results,
      rolledBack: rolledBack.map((each) => this.#resultOf(each)),
      duration,
    });
    return 'failed';
  }

  #named(id: string): MigrationName {
    return this.#names.get(id) ?? { id, name: '' };
  }

  #resultOf(execution: Execution): MigrationResult {
    const { migrationId, name, direction, status, durationMs, lockWaitMs, statements, of, error } = execution;
    return {
      id: migrationId,
      name,
      direction,
      status,
      duration: durationMs,
      lockWait: lockWaitMs,
      statements,
      of,
      error: error === undefined ? undefined : this.#redact(error),
    };
  }
}
