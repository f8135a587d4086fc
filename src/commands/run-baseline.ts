import { recordBaseline } from '../engine/baseline.ts';
import { type HistoryRow, readHistory } from '../engine/history.ts';
import { planOf, type SealedMigration } from '../migration/plan.ts';
import { judgeStanding } from '../migration/standing.ts';
import { visibleLine } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, type Desk, lookAt, openDesk, type Stopped } from './database.ts';
import { planEntry, printJson, resultOf, tellStopped } from './engine-result.ts';
import { observe } from './observe.ts';
import { quietProgress } from './progress.ts';
import { underLease } from './under-lease.ts';

/** `airlock baseline <id>`. */
export async function baseline(
  id: string,
  { yes, ...flags }: DatabaseFlags & { readonly yes?: boolean | undefined },
  world: CommandWorld,
): Promise<number> {
  const ended = await record(id, yes === true, flags, world);
  return typeof ended === 'number' ? ended : tellStopped(ended, flags.json, world);
}

async function record(
  id: string,
  yes: boolean,
  flags: DatabaseFlags,
  world: CommandWorld,
): Promise<number | Stopped> {
  const desk = await openDesk('baseline', flags, world);
  if (!desk.ok) return desk;
  const look = await lookAt(desk);
  if (!look.ok) return look;
  await look.connection.close();
  const shown = upTo(id, desk, look.history);
  if ('code' in shown) return shown;
  const plan = planEntry(planOf('up', shown), desk.target.environment);
  const say = (text: string): void => {
    if (!flags.json) world.print(desk.redact(text));
  };
  if (shown.length === 0) {
    if (flags.json) printJson(resultOf('nothing-to-do', { plan }), desk.redact, world);
    say(`nothing to do: all up to ${visibleLine(id)} are recorded\n`);
    return exitCodes.done;
  }
  for (const { migration } of shown) say(`  ${visibleLine(migration.id)} ${visibleLine(migration.name)}\n`);
  if (!yes)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'not-confirmed',
      problems: [
        `${shown.length} would be recorded as there, and never run on this database; nothing was changed yet.`,
      ],
      next: `airlock baseline ${id} --yes`,
      result: { plan },
    };
  const progress = quietProgress(desk, world, flags.json);
  const observed = await observe(
    'baseline',
    desk,
    shown.map(({ migration }) => migration),
    world,
    progress.onlooking,
  );
  const done = await underLease<readonly SealedMigration[]>(
    { desk, world, onlooking: observed.onlooking },
    async (run) => {
      const now = upTo(id, desk, await readHistory(run.sessions.keeper, run.tables));
      if (!('code' in now)) await recordBaseline(run, now);
      return now;
    },
  );
  await observed.ended('code' in done ? done : { baselined: done.map(({ migration }) => migration) });
  if ('code' in done) return done;
  if (flags.json) printJson(resultOf('baselined', { plan }), desk.redact, world);
  say(`${shown.length} recorded as there\n`);
  return exitCodes.done;
}

function upTo(id: string, desk: Desk, history: readonly HistoryRow[]): readonly SealedMigration[] | Stopped {
  const { all } = judgeStanding(desk.files.migrations, history);
  const at = all.findIndex((stood) => stood.id === id);
  const stop = (problem: string, next: string): Stopped => ({
    ok: false,
    code: exitCodes.usage,
    reasonCode: 'usage',
    problems: [problem],
    next,
  });
  if (at === -1)
    return stop(`there is no migration ${JSON.stringify(id)}.`, 'airlock status lists what is there');
  const before = all.slice(0, at + 1);
  const begun = before.find(({ standing }) => standing === 'running' || standing === 'failed');
  if (begun)
    return stop(
      `${begun.id} ${begun.name} was begun here: a baseline is for what was never run by Airlock.`,
      'airlock status tells where it stands',
    );
  return before.flatMap(({ standing, sealed }) => (standing === 'pending' && sealed ? [sealed] : []));
}
