import type { Adopter } from '../engine/adopt/adopter.ts';
import { type Adoption, readForeign } from '../engine/adopt/read.ts';
import { adopters } from '../engine/adopt/registry.ts';
import { recordBaseline } from '../engine/baseline.ts';
import type { Connection } from '../engine/connection.ts';
import { type HistoryRow, readHistory } from '../engine/history.ts';
import { compareIds } from '../migration/ordering.ts';
import { planOf, type SealedMigration } from '../migration/plan.ts';
import { isDone } from '../migration/standing.ts';
import { visibleLine } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, type Desk, lookAt, openDesk, reach, type Stopped } from './database.ts';
import { planEntry, printJson, resultOf, tellStopped } from './engine-result.ts';
import { observe } from './observe.ts';
import { quietProgress } from './progress.ts';
import { underLease } from './under-lease.ts';

interface AdoptFlags extends DatabaseFlags {
  readonly table?: string | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/** `airlock adopt`. */
export async function adopt(flags: AdoptFlags, world: CommandWorld): Promise<number> {
  const ended = await takeOver(flags, world);
  return typeof ended === 'number' ? ended : tellStopped(ended, flags.json, world);
}

async function takeOver(flags: AdoptFlags, world: CommandWorld): Promise<number | Stopped> {
  const { table, yes, 'dry-run': dryRun, ...settings } = flags;
  // Whoever asks for it wants Airlock to run them from now on.
  const desk = await openDesk('adopt', { runner: 'airlock', ...withoutUndefined(settings) }, world);
  if (!desk.ok) return desk;
  const adopter = adopters.get(desk.files.layout.id);
  if (!adopter)
    return stop(
      `the files are in the layout of ${desk.files.layout.title}, of which no history can be taken over.`,
      `airlock baseline <id>; adopt knows ${[...adopters.values()].map(({ tool }) => tool).join(', ')}`,
    );
  const look = await lookAt(desk);
  if (!look.ok) return look;
  const shown = await reach(desk, () => notYetThere(look.connection, adopter, desk, look.history, table));
  await look.connection.close();
  if (!shown.ok) return shown;
  const { migrations } = shown;
  const plan = planEntry(planOf('up', migrations), desk.target.environment);
  const say = (text: string): void => {
    if (!flags.json) world.print(desk.redact(text));
  };
  const left = leftOver(desk.files.migrations, [...migrations, ...shown.recorded]);
  const rest = `${left.length} of the files ${left.length === 1 ? 'was' : 'were'} never run by ${adopter.tool}`;
  const told = remarks(adopter, shown, left);
  if (migrations.length === 0) {
    if (flags.json) printJson(resultOf('nothing-to-do', { plan }), desk.redact, world);
    say(`nothing to do: what ${adopter.tool} ran is recorded; ${rest}\n`);
    return exitCodes.done;
  }
  for (const { migration } of migrations)
    say(`  ${visibleLine(migration.id)} ${visibleLine(migration.name)}\n`);
  for (const remark of told) say(`${visibleLine(remark)}\n`);
  if (dryRun) {
    if (flags.json) printJson(resultOf('planned', { plan, message: told.join('\n') }), desk.redact, world);
    say(`${migrations.length} would be recorded as run by ${adopter.tool}; ${rest}. Nothing was changed.\n`);
    return exitCodes.done;
  }
  if (yes !== true)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'not-confirmed',
      problems: [
        `${migrations.length} would be recorded as run by ${adopter.tool}; ${rest}. Nothing was changed yet.`,
      ],
      next: 'the same with --yes',
      result: { plan },
    };
  const progress = quietProgress(desk, world, flags.json);
  const recorded = migrations.map(({ migration }) => migration);
  const observed = await observe('adopt', desk, recorded, world, progress.onlooking);
  const leased = { desk, world, onlooking: observed.onlooking };
  const refusal = await underLease(leased, async (run): Promise<Stopped | undefined> => {
    const { keeper } = run.sessions;
    const now = await notYetThere(keeper, adopter, desk, await readHistory(keeper, run.tables), table);
    if (!now.ok) return now;
    if (ids(now.migrations) !== ids(migrations))
      return {
        ok: false,
        code: exitCodes.disagrees,
        reasonCode: 'history-disagrees',
        problems: [`${adopter.tool} or another command was at work meanwhile; nothing was recorded.`],
        next: 'stop it, then type it again',
      };
    await recordBaseline(run, migrations, { tool: adopter.tool, table: now.table });
    return undefined;
  });
  await observed.ended(refusal ?? { baselined: recorded, tool: adopter.tool });
  if (refusal) return refusal;
  if (flags.json) printJson(resultOf('adopted', { plan, message: told.join('\n') }), desk.redact, world);
  say(`${migrations.length} recorded as run by ${adopter.tool}; ${rest}\n`);
  if (settings.runner === undefined)
    say(
      `From now on Airlock runs these files: migration.config.yml must say runner: airlock, and ${adopter.tool} must run them no more.\n`,
    );
  return exitCodes.done;
}

/** `recorded`: what stands in our history already. */
type NotYetThere =
  | (Extract<Adoption, { ok: true }> & { readonly recorded: readonly SealedMigration[] })
  | Stopped;

/** What an up would run afterwards, in order of execution. */
function leftOver(
  files: readonly SealedMigration[],
  done: readonly SealedMigration[],
): readonly SealedMigration[] {
  const ran = new Set(done.map(({ migration }) => migration.id));
  return files.filter(({ migration }) => !ran.has(migration.id));
}

/** What the list does not say by itself, one line each. */
function remarks(
  { tool }: Adopter,
  { migrations, unproven }: Extract<NotYetThere, { ok: true }>,
  left: readonly SealedMigration[],
): readonly string[] {
  const last = migrations.findLast(({ migration }) => !migration.repeatable)?.migration.sortKey;
  const before = left.filter(
    ({ migration }) => !migration.repeatable && last !== undefined && compareIds(migration.sortKey, last) < 0,
  );
  const blind = migrations.filter(({ migration }) => unproven.has(migration.id)).length;
  return [
    ...(left.length === 0 ? [] : [`never run by ${tool}, and left to airlock up: ${listed(left)}`]),
    ...(before.length === 0
      ? []
      : [
          `before the last one that ran, so that airlock up refuses them unless outOfOrder: allow: ${listed(before)}`,
        ]),
    ...(blind === 0
      ? []
      : [
          `not checked: ${tool} keeps no checksum of ${blind} of them, so that an edit since they ran does not show`,
        ]),
  ];
}

const LISTED = 20;

function listed(migrations: readonly SealedMigration[]): string {
  const shown = migrations.slice(0, LISTED).map(({ migration }) => migration.id);
  return `${shown.join(', ')}${migrations.length > LISTED ? ` and ${migrations.length - LISTED} more` : ''}`;
}

async function notYetThere(
  connection: Connection,
  adopter: Adopter,
  { files }: Desk,
  history: readonly HistoryRow[],
  table: string | undefined,
): Promise<NotYetThere> {
  const adoption = await readForeign(connection, adopter, files.migrations, table);
  if (!adoption.ok)
    return {
      ...adoption,
      code: adoption.reasonCode === 'history-disagrees' ? exitCodes.disagrees : exitCodes.usage,
    };
  const records = new Map(history.map((row) => [row.id, row]));
  const begun = adoption.migrations.find(({ migration }) => {
    const status = records.get(migration.id)?.status;
    return status === 'running' || status === 'failed';
  })?.migration;
  if (begun)
    return stop(
      `${begun.id} ${begun.name} was begun here by Airlock, too, and did not come to its end.`,
      'airlock status tells where it stands',
    );
  return {
    ...adoption,
    migrations: adoption.migrations.filter(({ migration }) => !isDone(records.get(migration.id))),
    recorded: files.migrations.filter(({ migration }) => isDone(records.get(migration.id))),
  };
}

function ids(migrations: readonly SealedMigration[]): string {
  return JSON.stringify(migrations.map(({ migration }) => migration.id));
}

function withoutUndefined(flags: DatabaseFlags): DatabaseFlags {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

function stop(problem: string, next: string): Stopped {
  return { ok: false, code: exitCodes.usage, reasonCode: 'cannot-run', problems: [problem], next };
}
