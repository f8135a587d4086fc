import { variable } from '../configuration/variables.ts';
import { lookAtHealth } from '../engine/health/health.ts';
import { judgeStanding } from '../migration/standing.ts';
import { checksText } from '../report/checks-text.ts';
import type { Result } from '../report/result.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, lookAt, openDesk, reach } from './database.ts';
import { checksEntry, printJson, resultOf, tellStopped } from './engine-result.ts';

/** `airlock health`: looks, and changes nothing. */
export async function health(flags: DatabaseFlags, world: CommandWorld): Promise<number> {
  const desk = await openDesk('health', flags, world);
  if (!desk.ok) return tellStopped(desk, flags.json, world);
  const look = await lookAt(desk);
  if (!look.ok) return tellStopped(look, flags.json, world);
  const { configuration, env } = desk.project;
  const { connection } = look;
  const looked = await reach(desk, async () => {
    try {
      return await lookAtHealth({
        ...look,
        judged: judgeStanding(desk.files.migrations, look.history),
        targetVersion: configuration.targetVersion?.major,
        lockTimeout: configuration.lockTimeout,
        auditKey: variable(env, 'AUDIT_KEY'),
      });
    } finally {
      await connection.close();
    }
  });
  if ('code' in looked) return tellStopped(looked, flags.json, world);
  const failed = looked.filter(({ status }) => status === 'failed');
  const disagrees = failed.some((each) => each.disagrees);
  const entry = checksEntry(looked, connection.server.text, desk.target.environment);
  const reasonCode: Result['reasonCode'] = disagrees
    ? 'history-disagrees'
    : failed.length > 0
      ? 'unhealthy'
      : 'clean';
  const next = failed.find((each) => each.next !== undefined)?.next;
  if (flags.json)
    printJson(
      resultOf(reasonCode, { health: entry, ...(next === undefined ? {} : { next }) }),
      desk.redact,
      world,
    );
  else world.print(desk.redact(checksText(entry)));
  if (disagrees) return exitCodes.disagrees;
  return failed.length > 0 ? exitCodes.findings : exitCodes.done;
}
