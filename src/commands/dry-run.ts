import type { Prepared } from '../engine/prepare.ts';
import type { Run } from '../engine/run.ts';
import { runSection } from '../engine/run-section.ts';
import { told } from '../engine/transactional.ts';
import type { UpOutcome } from '../engine/up.ts';
import { sectionText } from '../migration/migration.ts';
import { planText } from '../report/engine-text.ts';
import { plural } from '../report/order.ts';
import type { Result } from '../report/result.ts';
import { renderTerminal } from '../report/terminal.ts';
import { visible, visibleLine } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import type { Desk, Stopped } from './database.ts';
import { printJson, resultOf } from './engine-result.ts';
import type { Permission } from './may-run.ts';

/** The SQL that a run would send, file by file. */
export function sqlText(prepared: readonly Prepared[]): string {
  return prepared
    .map(
      ({ migration }) =>
        `\n-- ${visibleLine(migration.up.file.path)}\n${visible(sectionText(migration.up)).trim()}\n`,
    )
    .join('');
}

/** Plan, SQL, findings and what the proof showed; what would stop the run stops it here too, after all that. */
export function tellDryRun(
  permission: Permission,
  told: {
    readonly plan: NonNullable<Result['plan']>;
    readonly prepared: readonly Prepared[];
    readonly desk: Desk;
    readonly json: boolean | undefined;
    readonly world: CommandWorld;
  },
): number | Stopped {
  const { plan, prepared, desk, json, world } = told;
  const { checked, unproven } = permission;
  const shown: Partial<Result> = checked ? { ...checked.result, plan } : { plan };
  if (!json) {
    const { width, colour } = world;
    const source = (file: string) => checked?.sources.get(file);
    const { redact } = desk;
    const report = checked ? `\n${renderTerminal(checked.result, { width, colour, source, redact })}` : '';
    world.print(redact(`${planText(plan, 'up')}${sqlText(prepared)}${report}`));
    if (unproven !== undefined) world.print(redact(`not proven: ${visibleLine(unproven)}\n`));
  }
  if (!permission.ok) {
    if (permission.reasonCode !== 'findings') return permission;
    const problem = `${plural(permission.problems.length, 'finding')} would stop this run.`;
    return { ...permission, problems: [problem], result: shown };
  }
  if (json) printJson(resultOf('planned', { ...shown, reasonCode: 'planned' }), desk.redact, world);
  else if (!checked) world.print(permission.told);
  return exitCodes.done;
}

/** Runs all of a plan in one transaction that is rolled back. It takes the locks that the plan takes. */
export async function dryRunInDatabase(
  run: Run,
  prepared: readonly Prepared[],
): Promise<{ readonly outcome: UpOutcome; readonly prepared: readonly Prepared[] } | Stopped> {
  const apart = prepared.find(({ up }) => !up.run.transaction);
  if (apart)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'cannot-run',
      problems: [
        `${apart.migration.id} ${apart.migration.name} cannot run in a transaction, so it cannot be tried in one.`,
      ],
      next: 'airlock up --dry-run, or airlock prove, which has a database of its own',
    };
  const [first] = prepared;
  if (!first) return { outcome: { executions: [], rolledBack: [], pending: [] }, prepared };
  const steps = prepared.flatMap(({ up }) => up.run.steps);
  const result = await runSection(run.sessions.work, { ...first.up.run, steps, rollBack: true });
  if (result.status === 'done')
    return {
      outcome: {
        executions: prepared.map((each) => execution(each, 'applied', each.up.run.steps.length)),
        rolledBack: [],
        pending: [],
      },
      prepared,
    };
  const failedAt = result.steps.at(-1);
  const at = prepared.findIndex(({ up }) => failedAt && up.run.steps.includes(failedAt.step));
  const failing = prepared[Math.max(at, 0)] ?? first;
  const error = result.status === 'failed' ? told(result.error) : 'the connection was lost.';
  const failed = {
    ...execution(failing, 'failed', 0),
    halt: 'statement-failed' as const,
    error,
    undone: true,
    next: 'correct the file: nothing was changed',
    ...(failedAt?.error
      ? { failed: { step: failedAt.step, code: failedAt.error.code, position: failedAt.error.position } }
      : {}),
  };
  run.onlooking.ends?.(failed);
  const ran = prepared
    .slice(0, Math.max(at, 0))
    .map((each) => execution(each, 'applied', each.up.run.steps.length));
  return {
    outcome: { executions: [...ran, failed], failed, rolledBack: [], pending: prepared.slice(at + 1) },
    prepared,
  };
}

function execution(
  { migration, up }: Prepared,
  status: 'applied' | 'failed',
  statements: number,
): UpOutcome['executions'][number] {
  return {
    migrationId: migration.id,
    name: migration.name,
    direction: 'up',
    status,
    durationMs: 0,
    lockWaitMs: 0,
    statements,
    of: up.run.steps.length,
  };
}
