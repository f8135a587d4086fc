import { historyElsewhere } from '../engine/adopt/read.ts';
import { adopters } from '../engine/adopt/registry.ts';
import { askHealth } from '../engine/health-check.ts';
import { type HistoryRow, readHistory } from '../engine/history.ts';
import { type Prepared, prepare } from '../engine/prepare.ts';
import { RUN_DEFAULTS, type Run } from '../engine/run.ts';
import { runUp, type UpOutcome } from '../engine/up.ts';
import { mirroredDigest, mirrorReleases, releasesDigest } from '../engine/versions.ts';
import { chooseUp, type UpChoice } from '../migration/choose.ts';
import { planOf, type SealedMigration } from '../migration/plan.ts';
import type { Release } from '../migration/releases.ts';
import { judgeStanding } from '../migration/standing.ts';
import type { ReleasesFile } from '../releases-file.ts';
import { planText } from '../report/engine-text.ts';
import type { Result } from '../report/result.ts';
import { type Approval, type Approved, askApproval, headOf, useApproval } from './approval.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import {
  type DatabaseFlags,
  type Desk,
  type Look,
  lookAt,
  openDesk,
  placeText,
  reach,
  type Stopped,
} from './database.ts';
import { dryRunInDatabase, sqlText, tellDryRun } from './dry-run.ts';
import { endOf } from './ends.ts';
import {
  byId,
  driftOf,
  executionEntry,
  planEntry,
  printJson,
  resultOf,
  stoppedBy,
  tellStopped,
} from './engine-result.ts';
import { tellTrouble } from './error-log.ts';
import { mayRun } from './may-run.ts';
import { observe, unobserved } from './observe.ts';
import { Progress } from './progress.ts';
import { aimAt } from './targets.ts';
import { underLease } from './under-lease.ts';

export interface UpFlags extends DatabaseFlags {
  readonly target?: string | undefined;
  readonly steps?: number | undefined;
  readonly 'dry-run'?: true | 'database' | undefined;
  readonly force?: boolean | undefined;
  readonly 'skip-backup'?: boolean | undefined;
  readonly 'allow-downtime'?: boolean | undefined;
  readonly approval?: string | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

const NO_BACKUP = 'warning: no backup is made, whatever skipBackup says: this version has none yet\n';

/** `airlock up`: look, plan, ask whether it may run, take the lease, look again, run. */
export async function up(flags: UpFlags, world: CommandWorld): Promise<number> {
  const ended = await prepareAndRun(flags, world);
  return typeof ended === 'number' ? ended : tellStopped(ended, flags.json, world);
}

async function prepareAndRun(flags: UpFlags, world: CommandWorld): Promise<number | Stopped> {
  const { env, json, directory, layout, runner } = flags;
  const desk = await openDesk('up', { env, json, directory, layout, runner }, world);
  if (!desk.ok) return desk;
  const ended = await runAtDesk(desk, flags, world);
  if (typeof ended !== 'number') await tellTrouble(desk, ended, world);
  return ended;
}

async function runAtDesk(desk: Desk, flags: UpFlags, world: CommandWorld): Promise<number | Stopped> {
  const { json } = flags;
  const aim = await aimAt(desk, flags.target);
  if (!aim.ok) return aim;
  const look = await lookAt(desk);
  if (!look.ok) return look;
  const head = await headOf(desk, look);
  const { releases, text } = aim.file;
  const mirrored =
    text === undefined ||
    (look.installed && (await mirroredDigest(look.connection, look.tables)) === releasesDigest(releases));
  const unknown = flags.force === true ? undefined : await ranElsewhere(desk, look);
  await look.connection.close();
  if (unknown) return unknown;
  const choice: UpChoice = {
    target: aim.target,
    within: aim.within,
    steps: flags.steps,
    force: flags.force === true,
    outOfOrder: desk.project.configuration.outOfOrder,
  };
  const chosen = chooseUp(judgeStanding(desk.files.migrations, look.history), choice);
  if (!chosen.ok) return stoppedBy(chosen);
  const say = (text: string): void => {
    if (!json) world.print(desk.redact(text));
  };
  const plan = planEntry(planOf('up', chosen.migrations), desk.target.environment);
  if (chosen.migrations.length === 0) {
    if (!mirrored && flags['dry-run'] === undefined) {
      const refusal = await mirrorAlone(desk, releases, flags, world);
      if (refusal) return refusal;
    }
    if (json) printJson(resultOf('nothing-to-do', { plan, applied: [], pending: [] }), desk.redact, world);
    say(`${placeText(desk)}\nnothing to do: every migration is applied\n`);
    return exitCodes.done;
  }
  for (const past of chosen.past) world.printError(desk.redact(`warning: forced past: ${past}\n`));
  const prepared = await prepareAll(chosen.migrations, desk, look, flags);
  const permission = await mayRun({ desk, look, prepared, flags, plan, world });
  if (flags['dry-run'] === true) return tellDryRun(permission, { plan, prepared, desk, json, world });
  if (!permission.ok) return permission;
  say(permission.told);
  if (flags['dry-run'] === 'database') {
    say(planText(plan, 'up'));
    say(sqlText(prepared));
  }
  const approved: Approved =
    flags['dry-run'] === 'database'
      ? { ok: true, approval: undefined }
      : await askApproval({
          desk,
          world,
          plan,
          flag: flags.approval,
          intent: {
            direction: 'up',
            migrations: prepared,
            files: desk.files.migrations,
            history: look.history,
            head,
          },
        });
  if (!approved.ok) return approved;
  const { approval } = approved;
  const { environment, policy } = desk.target;
  const expectsBackup = environment !== undefined && !policy.skipBackup && flags['skip-backup'] !== true;
  if (expectsBackup && flags['dry-run'] === undefined) world.printError(NO_BACKUP);
  say(`${placeText(desk)}\n`);
  const progress = new Progress(world, desk.redact, json === true, prepared.length, (id) =>
    prepared.find(({ migration }) => migration.id === id),
  );
  const dry = flags['dry-run'] === 'database';
  const observed = dry
    ? unobserved(desk, progress.onlooking)
    : await observe(
        'up',
        desk,
        prepared.map(({ migration }) => migration),
        world,
        progress.onlooking,
      );
  const told = await underLease<Ran>(
    { desk, world, timeout: flags.timeout, onlooking: observed.onlooking },
    (run) =>
      dry
        ? dryRunInDatabase(run, prepared)
        : runWhatIsLeft(run, { desk, world, look, prepared, choice, flags, approval, file: aim.file }),
  ).finally(() => progress.end());
  await observed.ended(
    'code' in told ? told : { ...told.outcome, pending: told.outcome.pending[0]?.migration },
  );
  if ('code' in told) return told;
  return tell(told, {
    desk,
    json: json === true,
    plan,
    findings: permission.findings,
    world,
    dry,
  });
}

interface Ran {
  readonly outcome: UpOutcome;
  readonly prepared: readonly Prepared[];
}

/** What others did while the lease was waited for has been done; what is left is run. */
async function runWhatIsLeft(
  run: Run,
  before: {
    readonly desk: Desk;
    readonly world: CommandWorld;
    readonly look: Look;
    readonly prepared: readonly Prepared[];
    readonly choice: UpChoice;
    readonly flags: UpFlags;
    readonly approval: Approval | undefined;
    readonly file: ReleasesFile;
  },
): Promise<Ran | Stopped> {
  const { desk, look, choice, flags } = before;
  const { policy } = desk.target;
  const history: readonly HistoryRow[] = await readHistory(run.sessions.keeper, run.tables);
  const chosen = chooseUp(judgeStanding(desk.files.migrations, history), choice);
  if (!chosen.ok) return stoppedBy(chosen);
  const known = new Map(before.prepared.map((each) => [each.migration.id, each]));
  // With --steps another run may have moved the window: no more than what was shown and allowed is run.
  const wanted = chosen.migrations.filter(({ migration }) => known.has(migration.id));
  const prepared = await prepareAll(wanted, desk, { ...look, pooled: run.sessions.pooled }, flags, known);
  const intent = { direction: 'up', migrations: prepared, files: desk.files.migrations, history } as const;
  const refusal = await useApproval(run, before.approval, intent, before.world);
  if (refusal) return refusal;
  if (before.file.text !== undefined) await mirrorReleases(run, before.file.releases);
  const { healthCheck } = policy;
  const outcome = await runUp(run, {
    migrations: prepared,
    history: byId(history),
    autoRollback: policy.autoRollback,
    ...(healthCheck ? { healthCheck: () => askHealth(healthCheck, run.sessions.work) } : {}),
  });
  return { outcome, prepared };
}

/** Nothing is to be run, and the releases of the file are not those that the database was told of. */
async function mirrorAlone(
  desk: Desk,
  releases: readonly Release[],
  flags: UpFlags,
  world: CommandWorld,
): Promise<Stopped | undefined> {
  return underLease({ desk, world, timeout: flags.timeout }, async (run) => {
    await mirrorReleases(run, releases);
    return undefined;
  });
}

async function prepareAll(
  sealed: readonly SealedMigration[],
  desk: Desk,
  { pooled }: Pick<Look, 'pooled'>,
  { timeout }: UpFlags,
  known: ReadonlyMap<string, Prepared> = new Map(),
): Promise<readonly Prepared[]> {
  const { configuration } = desk.project;
  const settings = {
    placeholders: Object.fromEntries(configuration.placeholders),
    lockTimeout: configuration.lockTimeout,
    statementTimeout: timeout ?? configuration.statementTimeout,
    idleTimeout: RUN_DEFAULTS.leaseTtl * 2,
    pooled,
  };
  const prepared: Prepared[] = [];
  for (const each of sealed)
    prepared.push(known.get(each.migration.id) ?? (await prepare(each, desk.files.layout, settings)));
  return prepared;
}

async function tell(
  { outcome, prepared }: Ran,
  told: {
    readonly desk: Desk;
    readonly json: boolean;
    readonly plan: NonNullable<Result['plan']>;
    readonly findings: Result['findings'];
    readonly world: CommandWorld;
    readonly dry: boolean;
  },
): Promise<number> {
  const { desk, json, plan, findings, world, dry } = told;
  const entryOf = (execution: UpOutcome['executions'][number]) =>
    executionEntry(
      execution,
      prepared.find(({ migration }) => migration.id === execution.migrationId),
    );
  const back = new Set(
    outcome.rolledBack.flatMap(({ status, migrationId }) => (status === 'rolled-back' ? [migrationId] : [])),
  );
  const applied = outcome.executions
    .filter(({ status, migrationId }) => status === 'applied' && !back.has(migrationId))
    .map(({ migrationId }) => migrationId);
  const end = endOf(outcome, { dry, backup: 'none' });
  const at = outcome.failed ?? (outcome.unhealthy === undefined ? undefined : outcome.executions.at(-1));
  await tellTrouble(
    desk,
    {
      ...end,
      problems: [end.message ?? '', ...(outcome.failed?.error === undefined ? [] : [outcome.failed.error])],
      migration: at && { id: at.migrationId, name: at.name },
      rolledBack: back.size > 0,
    },
    world,
  );
  if (json)
    printJson(
      resultOf(end.reasonCode, {
        plan,
        findings: [...findings],
        executions: [...outcome.executions, ...outcome.rolledBack].map(entryOf),
        applied: dry ? [] : applied,
        ...driftOf(outcome.drift),
        ...(outcome.failed ? { failed: outcome.failed.migrationId } : {}),
        pending: outcome.pending.map(({ migration }) => migration.id),
        ...(end.message === undefined ? {} : { message: end.message }),
        ...(end.next === undefined ? {} : { next: end.next }),
      }),
      desk.redact,
      world,
    );
  else {
    if (end.message !== undefined)
      (end.code === 0 ? world.print : world.printError)(
        desk.redact(`${end.code === 0 ? '' : 'error: '}${end.message}\n`),
      );
    if (end.next !== undefined) world.printError(desk.redact(`next: ${end.next}\n`));
  }
  return end.code;
}

/** A history that is empty because another tool keeps it: the same migrations would run twice. */
async function ranElsewhere(desk: Desk, look: Look): Promise<Stopped | undefined> {
  const { layout, migrations } = desk.files;
  const adopter = adopters.get(layout.id);
  if (adopter === undefined || look.history.length > 0) return undefined;
  const table = await reach(desk, () => historyElsewhere(look.connection, adopter, migrations));
  if (table === undefined) return undefined;
  if (typeof table !== 'string') return table;
  return {
    ok: false,
    code: exitCodes.disagrees,
    reasonCode: 'history-disagrees',
    problems: [
      `${adopter.tool} keeps a history of these files in ${table}, and Airlock has none here: it would run all of them again.`,
    ],
    next: 'airlock adopt --dry-run shows what it would take over; --force runs them all the same',
  };
}
