import type { AuditLog } from './audit-log.ts';
import type { Drift } from './drift.ts';
import type { FaultPoint } from './fault-points.ts';
import type { HeldLease } from './held-lease.ts';
import type { Holder } from './lease.ts';
import type { Step } from './run-section.ts';
import type { ServerProgress } from './server-progress.ts';
import type { Sessions } from './sessions.ts';
import type { SystemTables } from './system-tables.ts';
import type { Who } from './who.ts';

/** Looks on while migrations run; what it throws is a defect of whoever looks. */
export interface Onlooking {
  waiting?(holder: Holder): void;
  /** The lease was taken, after so many milliseconds; `before`: from whom, where that one was dead. */
  acquired?(told: {
    readonly token: string;
    readonly waitedMs: number;
    readonly before?: Holder | undefined;
  }): void;
  released?(): void;
  /** The catalog is not as the last run left it, or nobody can tell; the run goes on. */
  drifted?(told: Exclude<Drift, { status: 'none' }>): void;
  /** One statement is done, or refused. */
  ran?(told: { readonly id: string; readonly at: number; readonly durationMs: number }): void;
  begins?(told: { readonly id: string; readonly name: string; readonly direction: 'up' | 'down' }): void;
  statement?(told: {
    readonly id: string;
    readonly step: Step;
    readonly at: number;
    readonly of: number;
  }): void;
  /** How far the server is with a long command, every half second. */
  progress?(told: { readonly id: string } & ServerProgress): void;
  /** An attempt did not get its lock, and there is another one after `pause` milliseconds. */
  retries?(told: {
    readonly id: string;
    readonly attempt: number;
    readonly pause: number;
    readonly because: string;
  }): void;
  ends?(told: Execution): void;
  /** The run is done and its catalog could not be recorded: until the next one nobody can tell drift. */
  unrecorded?(because: string): void;
}

export interface RunSettings {
  /** Milliseconds one migration may take; undefined: as long as it likes. */
  readonly maxDuration?: number | undefined;
  /** Attempts at a lock, the first among them. */
  readonly lockAttempts: number;
  /** Milliseconds that a lease is good for without being renewed. */
  readonly leaseTtl: number;
  /** Milliseconds to wait for somebody else's lease. */
  readonly leasePatience: number;
  /** Milliseconds to try to reach a server again that went away in the middle. */
  readonly reconnectPatience: number;
}

export const RUN_DEFAULTS: RunSettings = {
  lockAttempts: 10,
  leaseTtl: 30_000,
  leasePatience: 300_000,
  reconnectPatience: 20_000,
};

/** A run that holds the lease. */
export interface Run {
  readonly sessions: Sessions;
  readonly tables: SystemTables;
  readonly tableIds: readonly number[];
  readonly who: Who;
  readonly audit: AuditLog;
  readonly lease: HeldLease;
  readonly settings: RunSettings;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly onlooking: Onlooking;
  /** Called at each boundary between two steps; tests end the process there. */
  readonly at: (point: FaultPoint) => Promise<void>;
}

/** Why a section did not come to its end. */
export type Halt =
  | 'statement-failed'
  | 'verify-failed'
  | 'system-tables-written'
  | 'lock-not-available'
  | 'too-long'
  | 'interrupted'
  | 'lease-lost'
  | 'connection-lost'
  /** A statement was begun, and nobody knows whether it was done. */
  | 'not-known'
  /** The session of a run before this one is still at work. */
  | 'still-running'
  | 'changed-since'
  | 'index-in-the-way'
  | 'no-session'
  | 'no-down';

/** What became of one section of one migration. */
export interface Execution {
  readonly migrationId: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly status: 'applied' | 'rolled-back' | 'failed' | 'unknown';
  /** Milliseconds. */
  readonly durationMs: number;
  readonly lockWaitMs: number;
  /** How many were done; those of an attempt that was undone do not count. */
  readonly statements: number;
  readonly of: number;
  readonly halt?: Halt | undefined;
  readonly error?: string | undefined;
  /** The exact next command, where there is one. */
  readonly next?: string | undefined;
  /** Only recorded: nothing was run. */
  readonly forced?: boolean | undefined;
  /** Nothing of it is in the database. */
  readonly undone?: boolean | undefined;
  /** The statement that failed, where it was one. */
  readonly failed?:
    | { readonly step: Step; readonly code: string; readonly position?: number | undefined }
    | undefined;
}
