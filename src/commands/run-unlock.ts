import { variable } from '../configuration/variables.ts';
import { AuditLog } from '../engine/audit-log.ts';
import type { Connection } from '../engine/connection.ts';
import { type Backend, releaseLease, terminate } from '../engine/lease.ts';
import { literal } from '../engine/sql-text.ts';
import { judgeStanding } from '../migration/standing.ts';
import { moment } from '../report/engine-text.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import {
  type DatabaseFlags,
  type Desk,
  holderText,
  type Look,
  lookAt,
  openDesk,
  type Stopped,
} from './database.ts';
import { printJson, resultOf, statusEntry, tellStopped } from './engine-result.ts';
import { observe } from './observe.ts';

/** `airlock unlock`. */
export async function unlock(
  { force, ...flags }: DatabaseFlags & { readonly force?: boolean | undefined },
  world: CommandWorld,
): Promise<number> {
  const desk = await openDesk('unlock', flags, world);
  if (!desk.ok) return tellStopped(desk, flags.json, world);
  const look = await lookAt(desk);
  if (!look.ok) return tellStopped(look, flags.json, world);
  try {
    const ended = await settle(desk, look, force === true, world);
    if ('code' in ended && 'problems' in ended) return tellStopped(ended, flags.json, world);
    const status = statusEntry(
      judgeStanding(desk.files.migrations, look.history),
      { ...look, holder: undefined },
      desk.target.environment,
    );
    if (flags.json)
      printJson(resultOf(ended.reasonCode, { status, message: ended.message }), desk.redact, world);
    else world.print(desk.redact(`${ended.message}\n`));
    return exitCodes.done;
  } finally {
    await look.connection.close();
  }
}

const FREE = { reasonCode: 'nothing-to-do', message: 'nobody holds the lease' } as const;

async function settle(
  desk: Desk,
  look: Look,
  force: boolean,
  world: CommandWorld,
): Promise<Stopped | { readonly reasonCode: 'unlocked' | 'nothing-to-do'; readonly message: string }> {
  const { connection, tables, history, holder } = look;
  // Also the session of a run that lost its lease before, and is still at work.
  const running = history.flatMap(({ status, backend }) =>
    status === 'running' && backend ? [backend] : [],
  );
  if (!holder && (!force || !(await anyAlive(connection, running)))) return FREE;
  const who = holder ? holderText(holder) : 'a run that lost its lease';
  if (!force && holder) {
    if (holder.expired || holder.alive === 'no')
      return {
        reasonCode: 'nothing-to-do',
        message: `${who} held the lease and is dead: the next command takes it over`,
      };
    return {
      ok: false,
      code: exitCodes.leaseHeld,
      reasonCode: 'lease-held',
      problems: [`${who} holds the lease until ${moment(holder.expiresAt)}, and renews it.`],
      next: 'wait for it, or end it: airlock unlock --force',
    };
  }
  const observed = await observe('unlock', desk, [], world);
  const log = new AuditLog(tables, desk.who, world.now, variable(desk.project.env, 'AUDIT_KEY'));
  const ended: number[] = [];
  for (const backend of [...(holder?.backends ?? []), ...running])
    if ((await isAlive(connection, backend)) && (await terminate(connection, backend.pid)))
      ended.push(backend.pid);
  if (holder) await releaseLease(connection, tables, holder.token);
  await log.together(connection, {
    action: 'unlock',
    details: {
      runId: holder?.runId,
      command: holder?.command,
      executedBy: holder?.executedBy,
      host: holder?.host,
      ended,
    },
  });
  await observed.ended({ unlocked: who, sessionsEnded: ended.length });
  const sessions = ended.length === 1 ? 'session was' : 'sessions were';
  return {
    reasonCode: 'unlocked',
    message: holder
      ? `${who} held the lease; it is free now${ended.length > 0 ? `, and ${ended.length} of its sessions ${ended.length === 1 ? 'was' : 'were'} ended` : ''}`
      : `nobody held the lease; ${ended.length} ${sessions} ended of ${who} and was still at work`,
  };
}

/** A server process as it was named; a later one with the same number is another. */
async function isAlive(connection: Connection, { pid, start }: Backend): Promise<boolean> {
  const rows = await connection.query(
    `SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ${pid}
       AND pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text = ${literal(start)}`,
  );
  return rows.length > 0;
}

async function anyAlive(connection: Connection, backends: readonly Backend[]): Promise<boolean> {
  for (const backend of backends) if (await isAlive(connection, backend)) return true;
  return false;
}
