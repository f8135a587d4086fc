import { AuditLog } from './audit-log.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';
import type { FaultPoint } from './fault-points.ts';
import { recordFingerprint } from './fingerprint.ts';
import { HeldLease } from './held-lease.ts';
import { installSystemTables } from './install.ts';
import { acquireLease, endIdle, type Holder } from './lease.ts';
import type { Onlooking, Run, RunSettings } from './run.ts';
import { type Open, Sessions } from './sessions.ts';
import { systemMigrations } from './system-migrations.ts';
import {
  installedVersion,
  type SystemTables,
  systemSchemaOf,
  systemTableIds,
  systemTables,
} from './system-tables.ts';
import type { Who } from './who.ts';

export interface RunRequest {
  readonly open: Open;
  readonly who: Who;
  /** Undefined: the first schema of the search path. */
  readonly systemSchema: string | undefined;
  readonly settings: RunSettings;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly auditKey?: string | undefined;
  readonly onlooking?: Onlooking | undefined;
  readonly at?: ((point: FaultPoint) => Promise<void>) | undefined;
}

export type OpenRefusal =
  | { readonly ok: false; readonly because: 'held' | 'interrupted'; readonly holder?: Holder | undefined }
  | { readonly ok: false; readonly because: 'no-schema' }
  | {
      readonly ok: false;
      readonly because: 'newer-schema';
      readonly installed: number;
      readonly known: number;
    }
  | { readonly ok: false; readonly because: 'not-installed'; readonly error: string };

export type OpenedRun = { readonly ok: true; readonly run: Run } | OpenRefusal;

/**
 * Opens the sessions of a run, installs what is missing of the system tables, and takes the lease.
 *
 * @throws DatabaseError or ConnectionLost where there is no session to be had
 */
export async function openRun(request: RunRequest): Promise<OpenedRun> {
  const { who, settings, signal } = request;
  const at = request.at ?? nothing;
  const sessions = await Sessions.open(request.open);
  const opened = await withTables(request, sessions, at);
  if (!opened.ok) {
    await sessions.close();
    return opened;
  }
  const { tables, audit } = opened;
  await at('before-lease');
  const asked = performance.now();
  const taken = await acquireLease(sessions.keeper, tables, {
    who,
    backends: sessions.backends,
    ttl: settings.leaseTtl,
    patience: settings.leasePatience,
    signal,
    waiting: request.onlooking?.waiting,
  });
  if (!taken.ok) {
    await sessions.close();
    return taken;
  }
  await at('after-lease');
  const waitedMs = performance.now() - asked;
  request.onlooking?.acquired?.({ token: taken.token, waitedMs, before: taken.before });
  const lease = new HeldLease(sessions, tables, taken.token, settings.leaseTtl);
  if (taken.before) await takenOver(sessions.keeper, audit, taken.before);
  const run: Run = {
    sessions,
    tables,
    tableIds: await systemTableIds(sessions.keeper, tables),
    who,
    audit,
    lease,
    settings,
    signal,
    onlooking: request.onlooking ?? {},
    at,
  };
  return { ok: true, run };
}

/** Records how the run leaves the catalog, gives the lease back and closes the sessions. */
export async function closeRun(run: Run): Promise<void> {
  await run.at('before-fingerprint');
  await recordFingerprint(run);
  await run.at('after-fingerprint');
  await run.at('before-release');
  try {
    await run.lease.release();
    run.onlooking.released?.();
  } catch (error) {
    // Nobody answers any more: without its sessions the lease is a dead one's, and the next command takes it over.
    if (!(error instanceof ConnectionLost)) throw error;
  } finally {
    await run.sessions.close();
  }
  await run.at('after-release');
}

type WithTables =
  | { readonly ok: true; readonly tables: SystemTables; readonly audit: AuditLog }
  | OpenRefusal;

async function withTables(
  { systemSchema, who, now, auditKey }: RunRequest,
  { keeper, pooled }: Sessions,
  at: NonNullable<RunRequest['at']>,
): Promise<WithTables> {
  const schema = await systemSchemaOf(keeper, systemSchema);
  if (schema === undefined) return { ok: false, because: 'no-schema' };
  const tables = systemTables(schema);
  const audit = new AuditLog(tables, who, now, auditKey);
  const version = await installedVersion(keeper, tables);
  const known = systemMigrations.length;
  if (version > known) return { ok: false, because: 'newer-schema', installed: version, known };
  if (version < known) {
    await at('before-install');
    try {
      const installed = await installSystemTables(keeper, tables, { who, audit, pooled });
      if (installed > known) return { ok: false, because: 'newer-schema', installed, known };
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return { ok: false, because: 'not-installed', error: error.message };
    }
    await at('after-install');
  }
  return { ok: true, tables, audit };
}

async function takenOver(keeper: Connection, audit: AuditLog, before: Holder): Promise<void> {
  const busy = await endIdle(keeper, before.backends);
  const { runId, command, executedBy, host, processId, expired } = before;
  await audit.together(keeper, {
    action: 'lease-taken-over',
    details: {
      from: { runId, command, executedBy, host, processId },
      because: expired ? 'expired' : 'dead',
      stillAtWork: busy.map(({ pid }) => pid),
    },
  });
}

async function nothing(): Promise<void> {
  // Nobody wants to know.
}
