import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { chooseTarget, type TargetDatabase } from '../configuration/target.ts';
import { variable } from '../configuration/variables.ts';
import { type Connection, ConnectionLost, DatabaseError } from '../engine/connection.ts';
import { type HistoryRow, readHistory } from '../engine/history.ts';
import { backendOf, type Holder, readHolder } from '../engine/lease.ts';
import { loggedConnection } from '../engine/logged-connection.ts';
import type { OpenRefusal } from '../engine/open.ts';
import { connectPostgres } from '../engine/postgres-connection.ts';
import { systemMigrations } from '../engine/system-migrations.ts';
import {
  installedVersion,
  type SystemTables,
  systemSchemaOf,
  systemTables,
} from '../engine/system-tables.ts';
import { withVerifiedTls } from '../engine/target-url.ts';
import type { Who } from '../engine/who.ts';
import type { Log } from '../log.ts';
import { redactedLog } from '../log-fields.ts';
import { type ReadMigrations, readMigrations } from '../read-migrations.ts';
import { moment } from '../report/engine-text.ts';
import { createRedactor, type Redactor, secretsIn } from '../report/redact.ts';
import type { ReasonCode, Result } from '../report/result.ts';
import { visibleLine } from '../report/visible.ts';
import { version } from '../version.ts';
import { headCommit } from '../workspace/git.ts';
import { CORRECT_IT, type CommandWorld, exitCodes } from './command.ts';
import { type OpenedProject, openProject } from './project.ts';

export interface DatabaseFlags {
  readonly env?: string | undefined;
  readonly json?: boolean | undefined;
  readonly directory?: string | undefined;
  readonly layout?: string | undefined;
  readonly runner?: string | undefined;
}

/** A command's end that is not what was asked for. */
export interface Stopped {
  readonly ok: false;
  readonly code: number;
  readonly reasonCode: ReasonCode;
  readonly problems: readonly string[];
  readonly next?: string | undefined;
  readonly result?: Partial<Result> | undefined;
}

export interface Desk {
  readonly ok: true;
  readonly project: OpenedProject;
  readonly target: TargetDatabase;
  readonly files: Extract<ReadMigrations, { ok: true }>;
  readonly open: () => Promise<Connection>;
  readonly who: Who;
  readonly redact: Redactor;
  readonly log: Log;
}

/** Configuration, target and files of a command, put together; nothing is asked of the database yet. */
export async function openDesk(
  command: string,
  { env: asked, json: _, ...settings }: DatabaseFlags,
  world: CommandWorld,
): Promise<Desk | Stopped> {
  const project = await openProject(world, { ...settings });
  if (!project.ok) return stop('configuration-invalid', project.problems, CORRECT_IT);
  const { configuration, env } = project;
  const chosen = chooseTarget(configuration, env, asked);
  if (!chosen.ok) return stop(chosen.reasonCode, [chosen.problem], chosen.next);
  const { root, git } = project.repository;
  const [files, commit] = await Promise.all([
    readMigrations(project.root, configuration, env),
    git ? headCommit({ root, env: world.env }) : undefined,
  ]);
  if (!files.ok) return stop(files.reasonCode, [files.message], files.next);
  const { target } = chosen;
  const url = withVerifiedTls(target.directUrl ?? target.url, variable(env, 'PGSSLMODE'));
  const redact = createRedactor(secretsIn(env));
  const log = redactedLog(world.log, redact);
  log('files read', {
    directory: files.directory,
    layout: files.layout.id,
    migrations: files.migrations.length,
    environment: target.environment,
    address: target.variable,
  });
  return {
    ok: true,
    project,
    target,
    files,
    open: async () => loggedConnection(await connectPostgres({ url }, { longestRequest: 2 ** 31 - 1 }), log),
    who: whoOf(command, env, commit),
    redact,
    log,
  };
}

/** Which database this is, without what is secret in its address. */
export function placeText({ target }: Pick<Desk, 'target'>): string {
  const { hostname: host, pathname } = new URL(target.directUrl ?? target.url);
  const name = pathname.slice(1);
  const parts = [
    name === '' ? [] : [`database ${visibleLine(decode(name))}`],
    host === '' ? [] : [`at ${host}`],
  ];
  const where = parts.flat().join(' ');
  return `${visibleLine(target.environment ?? target.variable)}${where === '' ? '' : `: ${where}`}`;
}

/** An escape that is none stays as it is written. */
function decode(name: string): string {
  return /^(?:[^%]|%[0-9a-f]{2})*$/i.test(name) ? decodeURIComponent(name) : name;
}

function whoOf(command: string, env: CommandWorld['env'], commit: string | undefined): Who {
  return {
    runId: randomUUID(),
    command,
    executedBy: variable(env, 'GITHUB_ACTOR') ?? userName(),
    host: hostname(),
    processId: process.pid,
    toolVersion: version,
    // A job may have checked out another commit than the one that it was started for.
    gitSha: commit ?? variable(env, 'GITHUB_SHA'),
    pullRequest: /^refs\/pull\/(\d+)\//.exec(variable(env, 'GITHUB_REF') ?? '')?.[1],
  };
}

/** An account without a name, as containers have it, throws. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 'unknown';
    throw error;
  }
}

function stop(reasonCode: ReasonCode, problems: readonly string[], next?: string): Stopped {
  return { ok: false, code: exitCodes.usage, reasonCode, problems, next };
}

/** What a database says of its migrations, read and not changed. */
export interface Look {
  readonly ok: true;
  readonly connection: Connection;
  readonly tables: SystemTables;
  /** A pooler in transaction mode stands between. */
  readonly pooled: boolean;
  /** The system tables are there. */
  readonly installed: boolean;
  readonly history: readonly HistoryRow[];
  readonly holder: Holder | undefined;
}

/** Looks at the target without writing to it. The connection is the caller's to close. */
export async function lookAt(desk: Desk): Promise<Look | Stopped> {
  return reach(desk, async () => {
    const connection = await desk.open();
    const look = await lookWith(connection, desk);
    if (!look.ok) await connection.close();
    return look;
  });
}

async function lookWith(connection: Connection, desk: Desk): Promise<Look | Stopped> {
  const schema = await systemSchemaOf(connection, desk.project.configuration.systemSchema);
  if (schema === undefined) return refusalOf({ ok: false, because: 'no-schema' }, desk);
  const tables = systemTables(schema);
  const installed = await installedVersion(connection, tables);
  const known = systemMigrations.length;
  if (installed > known) return refusalOf({ ok: false, because: 'newer-schema', installed, known }, desk);
  const pooled = (await backendOf(connection)).pid !== connection.processId;
  const common = { ok: true, connection, tables, pooled } as const;
  if (installed === 0) return { ...common, installed: false, history: [], holder: undefined };
  return {
    ...common,
    installed: true,
    history: await readHistory(connection, tables),
    holder: await readHolder(connection, tables),
  };
}

/** Turns a database that cannot be reached, or does not let us in, into an end of the command. */
export async function reach<T>({ target }: Desk, open: () => Promise<T>): Promise<T | Stopped> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof ConnectionLost)
      return {
        ok: false,
        code: exitCodes.unreachable,
        reasonCode: 'database-unreachable',
        problems: [error.message],
        next: `look at ${target.variable}, and whether the server is up`,
      };
    if (error instanceof DatabaseError)
      return {
        ok: false,
        code: exitCodes.unreachable,
        reasonCode: 'database-refused',
        problems: [`the database refused: ${error.fields.message} (${error.fields.code})`],
        next: `look at ${target.variable}: user, password and the name of the database`,
      };
    throw error;
  }
}

/** Why a run could not be opened, as an end of the command. */
export function refusalOf(refusal: OpenRefusal, { target }: Desk): Stopped {
  switch (refusal.because) {
    case 'held':
      return {
        ok: false,
        code: exitCodes.leaseHeld,
        reasonCode: 'lease-held',
        problems: [`${refusal.holder ? holderText(refusal.holder) : 'another command'} holds the lease.`],
        next: 'wait for it, or airlock unlock to see who it is',
      };
    case 'interrupted':
      return {
        ok: false,
        code: exitCodes.interrupted,
        reasonCode: 'interrupted',
        problems: ['interrupted before anything was run.'],
      };
    case 'no-schema':
      return {
        ok: false,
        code: exitCodes.usage,
        reasonCode: 'system-schema-missing',
        problems: [
          'the search path of this user names no schema that exists, so there is no place for the system tables.',
        ],
        next: 'systemSchema: public in migration.config.yml',
      };
    case 'newer-schema':
      return {
        ok: false,
        code: exitCodes.usage,
        reasonCode: 'system-schema-newer',
        problems: [
          `the system tables are of version ${refusal.installed}, and this program knows version ${refusal.known}: a newer one was here.`,
        ],
        next: 'upgrade pg-airlock',
      };
    case 'not-installed':
      return {
        ok: false,
        code: exitCodes.unreachable,
        reasonCode: 'database-refused',
        problems: [`the system tables could not be installed: ${refusal.error}`],
        next: `give the user of ${target.variable} the right to create tables in that schema, or set systemSchema: in migration.config.yml`,
      };
  }
}

export function holderText({ command, executedBy, host, processId, acquiredAt }: Holder): string {
  return `airlock ${command} of ${executedBy} on ${host} (process ${processId}), since ${moment(acquiredAt)},`;
}
