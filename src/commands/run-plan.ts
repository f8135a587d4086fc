import { chooseUp } from '../migration/choose.ts';
import { planOf } from '../migration/plan.ts';
import { judgeStanding } from '../migration/standing.ts';
import { planText } from '../report/engine-text.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, lookAt, openDesk } from './database.ts';
import { planEntry, printJson, resultOf, stoppedBy, tellStopped } from './engine-result.ts';
import { aimAt } from './targets.ts';

export interface PlanFlags extends DatabaseFlags {
  readonly target?: string | undefined;
  readonly steps?: number | undefined;
  readonly force?: boolean | undefined;
}

/** `airlock plan`: what an up would run, and nothing of it done. */
export async function plan(flags: PlanFlags, world: CommandWorld): Promise<number> {
  const { target, steps, force, ...settings } = flags;
  const desk = await openDesk('plan', settings, world);
  if (!desk.ok) return tellStopped(desk, flags.json, world);
  const aim = await aimAt(desk, target);
  if (!aim.ok) return tellStopped(aim, flags.json, world);
  const look = await lookAt(desk);
  if (!look.ok) return tellStopped(look, flags.json, world);
  await look.connection.close();
  const { outOfOrder } = desk.project.configuration;
  const judged = judgeStanding(desk.files.migrations, look.history);
  const chosen = chooseUp(judged, {
    target: aim.target,
    within: aim.within,
    steps,
    force: force === true,
    outOfOrder,
  });
  if (!chosen.ok) return tellStopped(stoppedBy(chosen), flags.json, world);
  const shown = planEntry(planOf('up', chosen.migrations), desk.target.environment);
  const reasonCode = shown.migrations.length === 0 ? 'nothing-to-do' : 'planned';
  if (flags.json) printJson(resultOf(reasonCode, { plan: shown }), desk.redact, world);
  else world.print(desk.redact(planText(shown, 'up')));
  return exitCodes.done;
}
