import { variable } from '../configuration/variables.ts';
import { EMPTY_HEAD, readHead } from '../engine/approval/covers.ts';
import { SHORTEST_KEY, signConsent } from '../engine/approval/token.ts';
import { chooseUp } from '../migration/choose.ts';
import { lengthOfPlan, type Plan, planOf, type SealedMigration } from '../migration/plan.ts';
import { isDone, judgeStanding } from '../migration/standing.ts';
import { planText } from '../report/engine-text.ts';
import { visibleLine } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, type Desk, type Look, lookAt, openDesk, type Stopped } from './database.ts';
import { planEntry, printJson, resultOf, tellStopped } from './engine-result.ts';
import { type Aim, aimAt } from './targets.ts';

interface ApproveFlags extends DatabaseFlags {
  readonly plan?: string | undefined;
  readonly target?: string | undefined;
  readonly as?: string | undefined;
  readonly hours?: number | undefined;
}

/** `airlock approve`: shows what a digest stands for, and signs it. Nothing is written anywhere. */
export async function approve(flags: ApproveFlags, world: CommandWorld): Promise<number> {
  const ended = await sign(flags, world);
  return typeof ended === 'number' ? ended : tellStopped(ended, flags.json, world);
}

async function sign(flags: ApproveFlags, world: CommandWorld): Promise<number | Stopped> {
  const { plan: digest, target, as, hours = 24, ...settings } = flags;
  if (digest === undefined)
    return stop('which plan is approved is not said.', 'airlock plan shows its digest; then --plan <digest>');
  const desk = await openDesk('approve', settings, world);
  if (!desk.ok) return desk;
  const { environment } = desk.target;
  if (environment === undefined) return stop('an approval is for an environment.', 'name it: --env <name>');
  const key = variable(desk.project.env, 'APPROVAL_KEY');
  if (key === undefined || key.length < SHORTEST_KEY)
    return stop(
      key === undefined
        ? 'APPROVAL_KEY is not set.'
        : `APPROVAL_KEY is shorter than ${SHORTEST_KEY} characters.`,
      'set it to the key that up is given, such as 64 random hexadecimal digits',
    );
  const aim = await aimAt(desk, target);
  if (!aim.ok) return aim;
  const look = await lookAt(desk);
  if (!look.ok) return look;
  const head = look.installed ? await readHead(look.connection, look.tables) : EMPTY_HEAD;
  await look.connection.close();
  const found = planWith(digest, desk, look, aim);
  if (found === undefined)
    return {
      ok: false,
      code: exitCodes.disagrees,
      reasonCode: 'history-disagrees',
      problems: [`nothing that could run on ${environment} now has the digest ${digest}.`],
      next: `airlock plan --env ${environment} shows what would run now`,
    };
  const approver = as ?? desk.who.executedBy;
  const expires = new Date(world.now().getTime() + hours * 3_600_000).toISOString();
  const approval = signConsent(
    { digest, environment, head, commit: desk.who.gitSha, approver, expires },
    key,
  );
  const plan = planEntry(found, environment);
  if (flags.json) printJson(resultOf('approved', { plan, approval }), desk.redact, world);
  else {
    // The token alone is on standard output, for a script to take.
    world.printError(desk.redact(planText(plan, found.direction)));
    world.printError(desk.redact(`approved by ${visibleLine(approver)}, until ${expires}\n`));
    world.print(`${approval}\n`);
  }
  return exitCodes.done;
}

/** The plan of a digest: what an up or a down would run now, whole or its beginning. */
function planWith(digest: string, desk: Desk, look: Look, { target, within }: Aim): Plan | undefined {
  const applied = look.history.filter(isDone).map(({ id }) => id);
  const files = new Map(desk.files.migrations.map((each) => [each.migration.id, each]));
  const downs = applied.reverse().flatMap((id) => files.get(id) ?? []);
  const judged = judgeStanding(desk.files.migrations, look.history);
  const ups = chooseUp(judged, { target, within, force: true, outOfOrder: 'allow' });
  return beginning('up', ups.ok ? ups.migrations : [], digest) ?? beginning('down', downs, digest);
}

function beginning(
  direction: Plan['direction'],
  migrations: readonly SealedMigration[],
  digest: string,
): Plan | undefined {
  const length = lengthOfPlan(direction, migrations, digest);
  return length === undefined ? undefined : planOf(direction, migrations.slice(0, length));
}

function stop(problem: string, next: string): Stopped {
  return { ok: false, code: exitCodes.usage, reasonCode: 'usage', problems: [problem], next };
}
