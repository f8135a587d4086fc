import type { HistoryRow } from '../engine/history.ts';
import { readHistory } from '../engine/history.ts';
import { prepare } from '../engine/prepare.ts';
import { isInDoubt, type Repair, repairOf, runRepairs } from '../engine/repair.ts';
import { RUN_DEFAULTS } from '../engine/run.ts';
import { judgeStanding } from '../migration/standing.ts';
import { visibleLine } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, type Desk, lookAt, openDesk, type Stopped } from './database.ts';
import { printJson, resultOf, tellStopped } from './engine-result.ts';
import { observe } from './observe.ts';
import { quietProgress } from './progress.ts';
import { underLease } from './under-lease.ts';

interface RepairFlags extends DatabaseFlags {
  readonly statement?: 'done' | 'undone' | undefined;
  readonly yes?: boolean | undefined;
}

/** `airlock repair`: shows each change, and makes them once that is confirmed. */
export async function repair(
  ids: readonly string[],
  flags: RepairFlags,
  world: CommandWorld,
): Promise<number> {
  const ended = await settle(ids, flags, world);
  return typeof ended === 'number' ? ended : tellStopped(ended, flags.json, world);
}

async function settle(
  ids: readonly string[],
  { statement, yes, ...settings }: RepairFlags,
  world: CommandWorld,
): Promise<number | Stopped> {
  const desk = await openDesk('repair', settings, world);
  if (!desk.ok) return desk;
  const look = await lookAt(desk);
  if (!look.ok) return look;
  await look.connection.close();
  const shown = await repairsFor(desk, look.history, ids, statement);
  if ('code' in shown) return shown;
  const { json } = settings;
  const say = (text: string): void => {
    if (!json) world.print(desk.redact(text));
  };
  const doubtful = inDoubt(look.history, ids, shown);
  if (shown.length === 0 && doubtful) return doubtful;
  if (shown.length === 0) {
    if (json) printJson(resultOf('nothing-to-do'), desk.redact, world);
    say('nothing to repair\n');
    return exitCodes.done;
  }
  for (const { id, told } of shown) say(`${visibleLine(id)}: ${told}\n`);
  const message = shown.map(({ id, told }) => `${id}: ${told}`).join('\n');
  if (!yes)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'not-confirmed',
      problems: ['nothing was changed yet.'],
      next: `airlock repair ${shown.map(({ id }) => id).join(' ')}${statement ? ` --statement ${statement}` : ''} --yes`,
      result: { message },
    };
  const progress = quietProgress(desk, world, json);
  const about = look.history.filter(({ id }) => shown.some((each) => each.id === id));
  const observed = await observe('repair', desk, about, world, progress.onlooking);
  const done = await underLease<readonly Repair[]>(
    { desk, world, onlooking: observed.onlooking },
    async (run) => {
      const now = await repairsFor(desk, await readHistory(run.sessions.keeper, run.tables), ids, statement);
      if ('code' in now) return now;
      // Only what was shown.
      const both = now.filter(({ id, told }) => shown.some((each) => each.id === id && each.told === told));
      await runRepairs(run, both);
      return both;
    },
  );
  await observed.ended('code' in done ? done : { repaired: done });
  if ('code' in done) return done;
  if (json) printJson(resultOf('repaired', { message }), desk.redact, world);
  say(`${shown.length} repaired\n`);
  return exitCodes.done;
}

/** Nothing here can tell what became of a statement, and a guess is no repair. */
function inDoubt(
  history: readonly HistoryRow[],
  ids: readonly string[],
  shown: readonly Repair[],
): Stopped | undefined {
  const rows = history.filter(
    (row) =>
      isInDoubt(row) && (ids.length === 0 || ids.includes(row.id)) && !shown.some(({ id }) => id === row.id),
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    ok: false,
    code: exitCodes.disagrees,
    reasonCode: 'history-disagrees',
    problems: rows.map(
      ({ id, name, statementsBegun }) =>
        `${id} ${name}: statement ${statementsBegun} was begun by a run that was cut off, and whether it was done is not known.`,
    ),
    next: `look at the database, then airlock repair ${first.id} --statement done, or --statement undone`,
  };
}

async function repairsFor(
  desk: Desk,
  history: readonly HistoryRow[],
  ids: readonly string[],
  statement: 'done' | 'undone' | undefined,
): Promise<readonly Repair[] | Stopped> {
  const { all } = judgeStanding(desk.files.migrations, history);
  const unknown = ids.filter((id) => !all.some((stood) => stood.id === id));
  if (unknown.length > 0)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'usage',
      problems: [`there is no migration ${unknown.join(', ')}.`],
      next: 'airlock status lists what is there',
    };
  const { configuration } = desk.project;
  const repairs: Repair[] = [];
  for (const stood of all) {
    const named = ids.includes(stood.id);
    const row = history.find(({ id }) => id === stood.id);
    // A file that is gone is more often a mistake than meant: only where it is named.
    if (!row || (ids.length > 0 && !named) || (stood.standing === 'missing' && !named)) continue;
    const prepared =
      stood.sealed &&
      (await prepare(stood.sealed, desk.files.layout, {
        placeholders: Object.fromEntries(configuration.placeholders),
        lockTimeout: configuration.lockTimeout,
        statementTimeout: configuration.statementTimeout,
        idleTimeout: RUN_DEFAULTS.leaseTtl * 2,
        pooled: false,
      }));
    const found = repairOf({ stood, row, prepared, statement: named ? statement : undefined });
    if (found) repairs.push(found);
  }
  return repairs;
}
