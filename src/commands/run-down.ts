import type { Connection } from '../engine/connection.ts';
import { type DownOutcome, type Rollback, rollBack } from '../engine/down.ts';
import { type HistoryRow, readHistory } from '../engine/history.ts';
import { lossesOf } from '../engine/losses.ts';
import { type Prepared, prepare } from '../engine/prepare.ts';
import { RUN_DEFAULTS } from '../engine/run.ts';
import { chooseDown } from '../migration/choose.ts';
import { resolveDependencies } from '../migration/dependencies.ts';
import { sectionText } from '../migration/migration.ts';
import { planOf } from '../migration/plan.ts';
import { isDone } from '../migration/standing.ts';
import { lossesText } from '../report/engine-text.ts';
import type { LossEntry } from '../report/result.ts';
import { visible, visibleLine } from '../report/visible.ts';
import { askApproval, headOf, useApproval } from './approval.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import {
  type DatabaseFlags,
  type Desk,
  lookAt,
  openDesk,
  placeText,
  reach,
  type Stopped,
} from './database.ts';
import { endOfHalt } from './ends.ts';
import { driftOf, executionEntry, planEntry, printJson, resultOf, tellStopped } from './engine-result.ts';
import { tellTrouble } from './error-log.ts';
import { observe } from './observe.ts';
import { Progress } from './progress.ts';

import { type Aim, aimAt } from './targets.ts';
import { underLease } from './under-lease.ts';

interface DownFlags extends DatabaseFlags {
  readonly steps?: number | undefined;
  readonly target?: string | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly approval?: string | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** What `--target` means looked up. */
type Aimed = DownFlags & Pick<Aim, 'target' | 'within'>;

/** `airlock down`: newest first; what has no down is refused unless it is forced. */
export async function down(flags: DownFlags, world: CommandWorld): Promise<number> {
  const ended = await prepareAndRun(flags, world);
  return typeof ended === 'number' ? ended : tellStopped(ended, flags.json, world);
}

async function prepareAndRun(flags: DownFlags, world: CommandWorld): Promise<number | Stopped> {
  const { env, json, directory, layout, runner } = flags;
  const desk = await openDesk('down', { env, json, directory, layout, runner }, world);
  if (!desk.ok) return desk;
  const aim = await aimAt(desk, flags.target);
  const ended = aim.ok
    ? await runAtDesk(desk, { ...flags, target: aim.target, within: aim.within }, world)
    : aim;
  if (typeof ended !== 'number') await tellTrouble(desk, ended, world);
  return ended;
}

async function runAtDesk(desk: Desk, flags: Aimed, world: CommandWorld): Promise<number | Stopped> {
  const { json } = flags;
  const look = await lookAt(desk);
  if (!look.ok) return look;
  const seen = await reach(desk, async () => {
    try {
      const chosen = await choose(desk, look.history, look.pooled, flags);
      if ('code' in chosen) return chosen;
      return { chosen, head: await headOf(desk, look), losses: await lossesOfAll(look.connection, chosen) };
    } finally {
      await look.connection.close();
    }
  });
  if ('code' in seen) return seen;
  const { chosen, head, losses } = seen;
  const say = (text: string): void => {
    if (!json) world.print(desk.redact(text));
  };
  const plan = planEntry(
    planOf(
      'down',
      chosen.flatMap(({ prepared }) => prepared ?? []),
    ),
    desk.target.environment,
  );
  if (chosen.length === 0) {
    if (json) printJson(resultOf('nothing-to-do', { plan }), desk.redact, world);
    say(`${placeText(desk)}\nnothing to do: no migration is applied\n`);
    return exitCodes.done;
  }
  const refusal = refused(
    chosen,
    look.pooled,
    new Set(look.history.filter(isDone).map(({ id }) => id)),
    desk,
    flags,
  );
  if (refusal) return refusal;
  if (flags['dry-run']) {
    if (json) printJson(resultOf('planned', { plan, losses: [...losses] }), desk.redact, world);
    say(`${downText(chosen)}${losses.length > 0 ? '\n' : ''}${lossesText(losses)}`);
    return exitCodes.done;
  }
  say(lossesText(losses));
  const migrations = chosen.flatMap(({ prepared }) => prepared ?? []);
  const approved = await askApproval({
    desk,
    world,
    plan,
    flag: flags.approval,
    intent: {
      direction: 'down',
      migrations,
      files: desk.files.migrations,
      history: look.history,
      head,
    },
  });
  if (!approved.ok) return approved;
  say(`${placeText(desk)}\n`);
  const progress = new Progress(
    world,
    desk.redact,
    json === true,
    chosen.length,
    (id) => chosen.find(({ row }) => row.id === id)?.prepared,
  );
  const observed = await observe(
    'down',
    desk,
    chosen.map(({ row }) => row),
    world,
    progress.onlooking,
  );
  const outcome = await underLease<DownOutcome>(
    { desk, world, timeout: flags.timeout, onlooking: observed.onlooking },
    async (run) => {
      const history = await readHistory(run.sessions.keeper, run.tables);
      const now = await choose(desk, history, look.pooled, flags);
      if ('code' in now) return now;
      if (now.map(({ row }) => row.row).join() !== chosen.map(({ row }) => row.row).join()) return moved();
      const intent = { direction: 'down', migrations, files: desk.files.migrations, history } as const;
      const refusal = await useApproval(run, approved.approval, intent, world);
      return refusal ?? rollBack(run, { migrations: chosen, reason: 'command', force: flags.force === true });
    },
  ).finally(() => progress.end());
  if ('code' in outcome) {
    await observed.ended(outcome);
    return outcome;
  }
  await observed.ended({ ...outcome, pending: outcome.pending[0]?.row });
  return tell(outcome, chosen, { desk, json: json === true, plan, world });
}

async function choose(
  desk: Desk,
  history: readonly HistoryRow[],
  pooled: boolean,
  { steps, target, within, timeout }: Aimed,
): Promise<readonly Rollback[] | Stopped> {
  const applied = history.filter(isDone);
  const chosen = chooseDown(inOrderOfNeed(applied, desk), { steps, target, within });
  if (!chosen.ok)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'usage',
      problems: chosen.problems,
      next: chosen.next,
    };
  const { configuration } = desk.project;
  const settings = {
    placeholders: Object.fromEntries(configuration.placeholders),
    lockTimeout: configuration.lockTimeout,
    statementTimeout: timeout ?? configuration.statementTimeout,
    idleTimeout: RUN_DEFAULTS.leaseTtl * 2,
    pooled,
  };
  const rollbacks: Rollback[] = [];
  for (const id of chosen.ids) {
    const row = applied.find((each) => each.id === id);
    const sealed = desk.files.migrations.find(({ migration }) => migration.id === id);
    if (!row) continue;
    const prepared: Prepared | undefined = sealed && (await prepare(sealed, desk.files.layout, settings));
    rollbacks.push({ row, prepared });
  }
  return rollbacks;
}

/** Ids as they were applied, each behind what it depends on: a baseline records in the order of the files. */
function inOrderOfNeed(applied: readonly HistoryRow[], { files }: Desk): readonly string[] {
  const migrations = new Map(files.migrations.map(({ migration }) => [migration.id, migration]));
  const { order } = resolveDependencies(applied.flatMap(({ id }) => migrations.get(id) ?? []));
  const next = order.values();
  // What has no file any more stays at its place.
  return applied.map(({ id }) => (migrations.has(id) ? (next.next().value?.id ?? id) : id));
}

function refused(
  chosen: readonly Rollback[],
  pooled: boolean,
  applied: ReadonlySet<string>,
  desk: Desk,
  { force }: DownFlags,
): Stopped | undefined {
  const apart = pooled ? chosen.find(({ prepared }) => prepared?.down?.run.transaction === false) : undefined;
  if (apart)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'cannot-run',
      problems: [
        `the down of ${apart.row.id} ${apart.row.name} needs a session of its own, and ${desk.target.variable} leads through a pooler in transaction mode.`,
      ],
      next: `set ${desk.target.directVariable} to the address past the pooler`,
    };
  if (force) return undefined;
  const edited = chosen.filter(({ row, prepared }) => prepared && prepared.checksum !== row.checksum);
  if (edited.length > 0)
    return {
      ok: false,
      code: exitCodes.disagrees,
      reasonCode: 'history-disagrees',
      problems: edited.map(
        ({ row }) =>
          `${row.id} ${row.name}: its file is another one than the one that was applied, and so may be its down.`,
      ),
      next: `airlock repair ${edited[0]?.row.id} where the edit is deliberate, or --force`,
    };
  const without = chosen.filter(({ prepared }) => !prepared?.down || prepared.down.run.steps.length === 0);
  if (without.length > 0)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'cannot-run',
      problems: without.map(({ row, prepared }) =>
        prepared
          ? `${row.id} ${row.name} has no down: what it made stays, whatever the history says.`
          : `${row.id} ${row.name}: its file is gone, and with it the down.`,
      ),
      next: 'write a new migration that takes it back; --force only records it as rolled back and runs nothing',
    };
  const needed = chosen.flatMap(({ row: { id } }) => {
    const stays = dependentOn(id, chosen, applied, desk);
    return stays === undefined ? [] : [`${stays} depends on ${id}, and would stay.`];
  });
  if (needed.length > 0)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'dependencies-broken',
      problems: needed,
      next: 'take back more: --steps or --target, or --force',
    };
  return undefined;
}

/** An applied migration that stays and needs this one. */
function dependentOn(
  id: string,
  chosen: readonly Rollback[],
  applied: ReadonlySet<string>,
  { files }: Desk,
): string | undefined {
  const going = new Set(chosen.map(({ row }) => row.id));
  return files.migrations.find(
    ({ migration }) =>
      applied.has(migration.id) &&
      !going.has(migration.id) &&
      migration.metadata?.dependencies?.includes(id) === true,
  )?.migration.id;
}

function moved(): Stopped {
  return {
    ok: false,
    code: exitCodes.disagrees,
    reasonCode: 'history-disagrees',
    problems: ['another command changed what is applied while this one waited.'],
    next: 'airlock status, then type it again',
  };
}

/** Of each that has something to run. */
async function lossesOfAll(
  connection: Connection,
  chosen: readonly Rollback[],
): Promise<readonly LossEntry[]> {
  const losses: LossEntry[] = [];
  for (const { row, prepared } of chosen) {
    const statements = prepared?.down?.run.steps.flatMap(({ statement }) => statement ?? []) ?? [];
    const lost = await lossesOf(connection, statements);
    losses.push(...lost.map((loss) => ({ migrationId: row.id, ...loss })));
  }
  return losses;
}

function downText(chosen: readonly Rollback[]): string {
  return chosen
    .map(({ row, prepared }) => {
      const section = prepared?.migration.down;
      const sql = section ? visible(sectionText(section)).trim() : '(no down)';
      return `-- ↓ ${visibleLine(row.id)} ${visibleLine(row.name)}\n${sql}\n`;
    })
    .join('\n');
}

async function tell(
  { executions, failed, pending, drift }: DownOutcome,
  chosen: readonly Rollback[],
  told: {
    readonly desk: Desk;
    readonly json: boolean;
    readonly plan: ReturnType<typeof planEntry>;
    readonly world: CommandWorld;
  },
): Promise<number> {
  const { desk, json, plan, world } = told;
  const interrupted = !failed && pending.length > 0;
  const end = failed
    ? endOfHalt(failed)
    : interrupted
      ? ({ code: exitCodes.interrupted, reasonCode: 'interrupted' } as const)
      : ({ code: exitCodes.done, reasonCode: 'rolled-back' } as const);
  const next = failed?.next ?? (failed ? nextAfterDown(failed) : undefined);
  const message = failed
    ? `${failed.migrationId} ${failed.name} was not rolled back.`
    : `${executions.length} rolled back${interrupted ? `, ${pending.length} not begun` : ''}`;
  await tellTrouble(
    desk,
    {
      ...end,
      problems: [message, ...(failed?.error === undefined ? [] : [failed.error])],
      next,
      migration: failed && { id: failed.migrationId, name: failed.name },
    },
    world,
  );
  if (json)
    printJson(
      resultOf(end.reasonCode, {
        plan,
        message,
        ...(next === undefined ? {} : { next }),
        executions: executions.map((each) =>
          executionEntry(each, chosen.find(({ row }) => row.id === each.migrationId)?.prepared),
        ),
        ...(failed ? { failed: failed.migrationId } : {}),
        pending: pending.map(({ row }) => row.id),
        ...driftOf(drift),
      }),
      desk.redact,
      world,
    );
  else if (failed) {
    world.printError(desk.redact(`error: ${message}\n`));
    world.printError(desk.redact(`next: ${next}\n`));
  } else world.print(desk.redact(`${message}\n`));
  return end.code;
}

function nextAfterDown({ halt }: DownOutcome['executions'][number]): string {
  return halt === 'interrupted' || halt === 'lease-lost' || halt === 'connection-lost'
    ? 'airlock status tells where it stands; then type it again'
    : 'correct the down, then airlock down again';
}
