import { randomUUID } from 'node:crypto';
import { type Connection, DatabaseError } from '../../src/engine/connection.ts';
import { rollBack } from '../../src/engine/down.ts';
import { readHistory } from '../../src/engine/history.ts';
import { closeRun, type OpenedRun, openRun, type RunRequest } from '../../src/engine/open.ts';
import { connectPostgres } from '../../src/engine/postgres-connection.ts';
import { type Prepared, prepare, seal } from '../../src/engine/prepare.ts';
import { RUN_DEFAULTS } from '../../src/engine/run.ts';
import { runUp, type UpOutcome, type UpRequest } from '../../src/engine/up.ts';
import { airlock } from '../../src/migration/layouts/airlock.ts';
import { inOrder } from '../../src/migration/ordering.ts';
import { isDone, judgeStanding } from '../../src/migration/standing.ts';
import { SourceFile } from '../../src/sql/source.ts';

export type Files = Readonly<Record<string, string>>;

export function session(url: string): Promise<Connection> {
  return connectPostgres({ url }, { longestRequest: 60_000 });
}

/** A database of its own on a server. */
export async function freshDatabase(connectionString: string): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = await session(connectionString);
  await admin.run(`CREATE DATABASE ${name}`);
  await admin.close();
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.href;
}

const SETTINGS = {
  placeholders: {},
  lockTimeout: 1_000,
  statementTimeout: 30_000,
  idleTimeout: 30_000,
  pooled: false,
};

/** Files of Airlock's own format, read whole. */
export async function prepared(files: Files, settings = SETTINGS): Promise<readonly Prepared[]> {
  const sources = new Map(Object.entries(files).map(([path, text]) => [path, new SourceFile(path, text)]));
  const { migrations } = airlock.read(
    {
      directory: '',
      paths: [...sources.keys()].sort(),
      read: (path) => sources.get(path) ?? { file: path, line: 1, reason: 'is not there' },
    },
    {},
  );
  const all: Prepared[] = [];
  for (const migration of inOrder(migrations)) all.push(await prepare(seal(migration), airlock, settings));
  return all;
}

export interface RunOptions extends Partial<Omit<RunRequest, 'settings'>> {
  readonly settings?: Partial<RunRequest['settings']>;
  readonly autoRollback?: UpRequest['autoRollback'];
  readonly healthCheck?: UpRequest['healthCheck'];
}

export function opening(url: string, options: RunOptions = {}): Promise<OpenedRun> {
  return openRun({
    open: () => session(url),
    who: {
      runId: randomUUID(),
      command: 'up',
      executedBy: 'ada',
      host: 'here',
      processId: process.pid,
      toolVersion: '0.0.0',
    },
    systemSchema: undefined,
    signal: new AbortController().signal,
    now: () => new Date(),
    ...options,
    settings: { ...RUN_DEFAULTS, leaseTtl: 3_000, leasePatience: 20_000, ...options.settings },
  });
}

/** Everything that is pending, as `airlock up` does it. Undefined: the run could not be opened. */
export async function up(url: string, files: Files, options: RunOptions = {}): Promise<UpOutcome> {
  const all = await prepared(files);
  const opened = await opening(url, options);
  if (!opened.ok) throw new Error(`not opened: ${opened.because}`);
  const { run } = opened;
  try {
    const history = await readHistory(run.sessions.keeper, run.tables);
    const { pending } = judgeStanding(all, history);
    return await runUp(run, {
      migrations: pending.flatMap(({ id }) => all.filter(({ migration }) => migration.id === id)),
      history: new Map(history.map((row) => [row.id, row])),
      autoRollback: options.autoRollback ?? 'off',
      healthCheck: options.healthCheck,
    });
  } finally {
    await closeRun(run);
  }
}

/** Takes back the newest `steps`. */
export async function down(
  url: string,
  files: Files,
  { steps = 1, force = false, ...options }: RunOptions & { steps?: number; force?: boolean } = {},
): ReturnType<typeof rollBack> {
  const all = await prepared(files);
  const opened = await opening(url, options);
  if (!opened.ok) throw new Error(`not opened: ${opened.because}`);
  const { run } = opened;
  try {
    const rows = (await readHistory(run.sessions.keeper, run.tables)).filter(isDone).reverse();
    return await rollBack(run, {
      reason: 'command',
      force,
      migrations: rows.slice(0, steps).map((row) => ({
        row,
        prepared: all.find(({ migration }) => migration.id === row.id),
      })),
    });
  } finally {
    await closeRun(run);
  }
}

/** One column of one query. */
export async function column(url: string, sql: string): Promise<readonly (string | null)[]> {
  const connection = await session(url);
  try {
    return (await connection.query(sql)).map((row) => Object.values(row)[0] ?? null);
  } finally {
    await connection.close();
  }
}

export async function refused(url: string, sql: string): Promise<string> {
  const connection = await session(url);
  try {
    await connection.run(sql);
    return 'it was done';
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.message;
  } finally {
    await connection.close();
  }
}
