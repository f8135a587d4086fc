import type { MetricsCollector } from '../engine/metrics-collector.js';
import type { Result } from '../report/result.js';
export interface EngineOptions {
    /** Folder of the checkout: migration.config.yml and the migrations are found from here. Default: where the process stands. */
    readonly cwd?: string | undefined;
    /** Environment of migration.config.yml. Its address is <ENVIRONMENT>_DATABASE_URL, else DATABASE_URL. */
    readonly environment?: string | undefined;
    /** Address of the database, in place of what the variables say. */
    readonly databaseUrl?: string | undefined;
    /** Variables that Airlock reads. Default: those of the process. */
    readonly env?: Readonly<Record<string, string | undefined>> | undefined;
    /** Told what happens. Default: `metricsCollector`. */
    readonly metrics?: MetricsCollector | undefined;
    /** Ends what runs as Ctrl-C does: the statement is cancelled, and what was done is recorded. */
    readonly signal?: AbortSignal | undefined;
}
export interface UpOptions {
    /** Up to and with this migration. */
    readonly target?: string | undefined;
    /** At most so many. */
    readonly steps?: number | undefined;
    /** `database`: also run there, in a transaction that is rolled back. */
    readonly dryRun?: boolean | 'database' | undefined;
    readonly force?: boolean | undefined;
    readonly skipBackup?: boolean | undefined;
    readonly allowDowntime?: boolean | undefined;
    /** Milliseconds that one migration, and one statement, may take. */
    readonly timeout?: number | undefined;
}
export interface DownOptions {
    /** Everything after this migration. */
    readonly target?: string | undefined;
    /** Default: 1. */
    readonly steps?: number | undefined;
    readonly dryRun?: boolean | undefined;
    readonly force?: boolean | undefined;
    /** Milliseconds that one migration, and one statement, may take. */
    readonly timeout?: number | undefined;
}
/** How a command ended. A migration that fails is such an end, and no exception. */
export interface Ended {
    /** `exitCode` is 0. */
    readonly ok: boolean;
    /** As the command line ends: 0 done, 1 findings, 2 usage, 3 a migration failed, 4 lease held … */
    readonly exitCode: number;
    /** What `--json` prints (docs/result.schema.json). */
    readonly result: Result;
    /** Lines that the command line prints on standard error. */
    readonly messages: readonly string[];
}
/** The commands of the command line on one database, with their results as values. */
export interface Engine {
    up(options?: UpOptions): Promise<Ended>;
    down(options?: DownOptions): Promise<Ended>;
    plan(options?: Pick<UpOptions, 'target' | 'steps'>): Promise<Ended>;
    status(): Promise<Ended>;
    health(): Promise<Ended>;
    verify(): Promise<Ended>;
    analyze(migrationId: string): Promise<Ended>;
}
