/** What happens while migrations run, as listeners are told it. Times are milliseconds. */
export interface MigrationName {
    readonly id: string;
    readonly name: string;
}
export interface RunName {
    readonly runId: string;
    /** `up`, `down`, `baseline`, `adopt`, `repair` or `unlock`. */
    readonly command: string;
    /** Undefined: none was named, and the address is that of none. */
    readonly environment?: string | undefined;
}
/** What became of one migration. */
export interface MigrationResult extends MigrationName {
    readonly direction: 'up' | 'down';
    /** `unknown`: the connection was lost, and the database cannot be asked. */
    readonly status: 'applied' | 'rolled-back' | 'failed' | 'unknown';
    /** Waiting for locks included. */
    readonly duration: number;
    readonly lockWait: number;
    /** Done, of how many. */
    readonly statements: number;
    readonly of: number;
    /** What the server said, or why it did not come to its end. */
    readonly error?: string | undefined;
}
/** Every event with what its listeners get. */
export interface MigrationEvents {
    'run:start': RunName & {
        readonly migrations: readonly MigrationName[];
    };
    /** Somebody else has the lease, and it is waited for. */
    'lease:waiting': RunName & {
        readonly holder: string;
    };
    /** Before the first migration: what was changed past Airlock since the last run, a line each. The run goes on. */
    'drift:found': RunName & {
        readonly since: string;
        readonly differences: readonly string[];
    };
    'migration:start': RunName & {
        readonly migration: MigrationName;
        readonly direction: 'up' | 'down';
    };
    'migration:statement': RunName & {
        readonly migration: MigrationName;
        /** From 1. */
        readonly statement: number;
        readonly of: number;
    };
    /** It did not get its locks, was undone, and is tried again after `pause`. */
    'migration:retry': RunName & {
        readonly migration: MigrationName;
        readonly attempt: number;
        readonly pause: number;
        readonly because: string;
    };
    /** Of each migration, however it ended. */
    'migration:end': RunName & {
        readonly result: MigrationResult;
    };
    /** The whole run came to its end, and nothing failed. */
    'migration:complete': RunName & {
        readonly results: readonly MigrationResult[];
        readonly duration: number;
    };
    /** The run ended at this migration; `rolledBack`: what the automatic rollback did then. */
    'migration:failed': RunName & {
        readonly error: Error;
        readonly migration: MigrationName;
        readonly results: readonly MigrationResult[];
        readonly rolledBack: readonly MigrationResult[];
        readonly duration: number;
    };
    /** They are recorded as there, and were not run. `tool`: the one that ran them, where it was taken over from one. */
    'migration:baselined': RunName & {
        readonly migrations: readonly MigrationName[];
        readonly tool?: string | undefined;
    };
    /** The history of one migration was put right. */
    'migration:repaired': RunName & {
        readonly migration: {
            readonly id: string;
        };
        readonly change: string;
    };
    /** Somebody's lease was ended, and so many of its sessions with it. */
    'lease:unlocked': RunName & {
        readonly holder: string;
        readonly sessionsEnded: number;
    };
    /** The last one of each run that began, however it ended. */
    'run:end': RunName & {
        /** `refused`: nothing was run or recorded, because the lease is held, an approval is void … */
        readonly outcome: 'complete' | 'failed' | 'refused';
        /** Of a refusal, as the result document names it. */
        readonly reasonCode?: string | undefined;
        readonly problems?: readonly string[] | undefined;
        readonly duration: number;
    };
}
export type EventName = keyof MigrationEvents;
export type Listener<E extends EventName> = (event: MigrationEvents[E]) => unknown;
