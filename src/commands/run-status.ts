import { disagrees, judgeStanding } from '../migration/standing.ts';
import { statusText } from '../report/engine-text.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, lookAt, openDesk, placeText } from './database.ts';
import { printJson, resultOf, statusEntry, tellStopped } from './engine-result.ts';

export interface StatusFlags extends DatabaseFlags {
  readonly verbose?: boolean | undefined;
}

/** `airlock status`: files and history held against each other. */
export async function status(flags: StatusFlags, world: CommandWorld): Promise<number> {
  const { verbose, ...settings } = flags;
  const desk = await openDesk('status', settings, world);
  if (!desk.ok) return tellStopped(desk, flags.json, world);
  const look = await lookAt(desk);
  if (!look.ok) return tellStopped(look, flags.json, world);
  await look.connection.close();
  const judged = judgeStanding(desk.files.migrations, look.history);
  const odd = judged.all.some(disagrees);
  const status = statusEntry(judged, look, desk.target.environment);
  const next = 'airlock repair where the edit is deliberate, else put the files back';
  if (flags.json)
    printJson(
      resultOf(odd ? 'history-disagrees' : 'clean', { status, ...(odd ? { next } : {}) }),
      desk.redact,
      world,
    );
  else {
    world.print(desk.redact(`${placeText(desk)}\n${statusText(status, verbose === true)}`));
    if (odd) world.print(`history and files disagree\nnext: ${next}\n`);
  }
  return odd ? exitCodes.disagrees : exitCodes.done;
}
