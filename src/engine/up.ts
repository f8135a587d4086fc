import { ConnectionLost } from './connection.ts';
import { rollBack } from './down.ts';
import { type Drift, noticeDrift } from './drift.ts';
import { comeBack, execute } from './execute.ts';
import { type HistoryRow, readHistory } from './history.ts';
import { upLedger } from './ledger.ts';
import { invalidIndexes, leftBehind } from './left-behind.ts';
import type { Prepared } from './prepare.ts';
import type { Execution, Run } from './run.ts';

export interface UpRequest {
  /** In the order in which they run. */
  readonly migrations: readonly Prepared[];
  /** The newest row of each migration that has one. */
  readonly history: ReadonlyMap<string, HistoryRow>;
  /** What is taken back when a migration, its VERIFY or the health check fails. */
  readonly autoRollback: 'off' | 'migration' | 'run';
  /** Asked when all have run: why the application is not well, or undefined. */
  readonly healthCheck?: (() => Promise<string | undefined>) | undefined;
}

/** What became of a run, as values: nothing of it is only said. */
export interface UpOutcome {
  readonly executions: readonly Execution[];
  /** The one that did not come to its end. */
  readonly failed?: Execution | undefined;
  /** What validation after the run or the health check said, where it is that which failed. */
  readonly unhealthy?: string | undefined;
  /** What the automatic rollback did, in its order; the last one may have failed. */
  readonly rolledBack: readonly Execution[];
  /** Not begun. */
  readonly pending: readonly Prepared[];
  /** What was changed past Airlock before this run; undefined where nothing was run. */
  readonly drift?: Drift | undefined;
}

/** Runs migrations one after another until one fails. */
export async function runUp(run: Run, request: UpRequest): Promise<UpOutcome> {
  const drift = request.migrations.length > 0 ? await noticeDrift(run) : undefined;
  return { ...(await runAll(run, request)), drift };
}

async function runAll(run: Run, request: UpRequest): Promise<UpOutcome> {
  const { migrations, history, healthCheck } = request;
  const executions: Execution[] = [];
  const before =
    migrations.length > 0 ? await invalidIndexes(run.sessions.keeper) : new Map<string, string>();
  for (const [at, migration] of migrations.entries()) {
    if (run.signal.aborted) return { executions, rolledBack: [], pending: migrations.slice(at) };
    const { id, name } = migration.migration;
    const execution = await execute(
      run,
      {
        id,
        name,
        section: migration.up,
        verify: migration.verify,
        ledger: upLedger(run.tables, run.who, migration),
      },
      unfinished(history.get(id)),
    );
    executions.push(execution);
    if (execution.status === 'applied') continue;
    const pending = migrations.slice(at + 1);
    const left = execution.undone === false ? [migration] : [];
    const rolledBack = mayRollBack(run, execution)
      ? await takeBack(run, request, [...migrations.slice(0, at), ...left], left)
      : [];
    return { executions, failed: execution, rolledBack, pending };
  }
  const unhealthy =
    executions.length === 0
      ? undefined
      : await validated(
          run,
          async () => (await leftBehind(run.sessions.keeper, before)) ?? asked(run, healthCheck),
        );
  if (unhealthy === undefined) return { executions, rolledBack: [], pending: [] };
  const rolledBack = await takeBack(run, request, migrations, migrations.slice(-1));
  return { executions, unhealthy, rolledBack, pending: [] };
}

/** Once more where the connection was lost: what was applied is applied, and is still to be looked at. */
async function validated(run: Run, look: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ConnectionLost) || !(await comeBack(run))) throw error;
    return look();
  }
}

/** Its SQL may leave anything in the session that runs migrations. */
function asked(run: Run, healthCheck: UpRequest['healthCheck']): Promise<string | undefined> | undefined {
  if (healthCheck) run.sessions.fresh = false;
  return healthCheck?.();
}

function unfinished(row: HistoryRow | undefined): HistoryRow | undefined {
  return row?.status === 'running' || row?.status === 'failed' ? row : undefined;
}

/** Whoever lost the lease, or does not know where things stand, changes nothing any more. */
function mayRollBack(run: Run, { status, halt }: Execution): boolean {
  return status === 'failed' && !run.lease.lost && !run.signal.aborted && !LEAVE.has(halt ?? '');
}
const LEAVE: ReadonlySet<string> = new Set([
  'lease-lost',
  'no-session',
  'still-running',
  'changed-since',
  'not-known',
]);

/** Newest first. `last`: what is taken back where only the migration itself is meant. */
async function takeBack(
  run: Run,
  { autoRollback }: UpRequest,
  all: readonly Prepared[],
  last: readonly Prepared[],
): Promise<readonly Execution[]> {
  const wanted = autoRollback === 'run' ? all : autoRollback === 'migration' ? last : [];
  if (wanted.length === 0) return [];
  const rows = new Map((await readHistory(run.sessions.keeper, run.tables)).map((row) => [row.id, row]));
  const { executions } = await rollBack(run, {
    reason: 'automatic',
    force: false,
    migrations: [...wanted].reverse().flatMap((prepared) => {
      const row = rows.get(prepared.migration.id);
      return row ? [{ row, prepared }] : [];
    }),
  });
  return executions;
}
