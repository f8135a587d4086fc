import type { Prepared } from '../engine/prepare.ts';
import type { Finding, Result } from '../report/result.ts';
import { summaryLine } from '../report/terminal.ts';
import { type CheckedProject, checkProject } from '../validate-project.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import type { Desk, Look, Stopped } from './database.ts';
import type { UpFlags } from './run-up.ts';

export interface Question {
  readonly desk: Desk;
  readonly look: Look;
  readonly prepared: readonly Prepared[];
  readonly flags: UpFlags;
  readonly plan: NonNullable<Result['plan']>;
  readonly world: CommandWorld;
}

interface Checked {
  /** Undefined: the environment skips validation. */
  readonly checked?: CheckedProject | undefined;
  /** Why the proof that was wanted could not be made. */
  readonly unproven?: string | undefined;
}

export type Permission =
  | ({ readonly ok: true; readonly findings: Result['findings']; readonly told: string } & Checked)
  | (Stopped & Checked);

/** Whether a plan may run: everything in it can be sent, needs what is there, and was validated. */
export async function mayRun(question: Question): Promise<Permission> {
  const { desk, flags } = question;
  const blocked = cannotRun(question);
  if (blocked) return blocked;
  const { policy } = desk.target;
  const validated: Permission = policy.skipValidation
    ? { ok: true, findings: [], told: 'validation: skipped here (skipValidation)\n' }
    : await validation(question);
  if (validated.ok && flags['dry-run'] === 'database' && policy.requireApproval > 0)
    return noDryRun(question);
  return validated;
}

function cannotRun({ desk, look, prepared, flags }: Question): Stopped | undefined {
  const stop = (reasonCode: Stopped['reasonCode'], problem: string, next: string): Stopped => ({
    ok: false,
    code: exitCodes.usage,
    reasonCode,
    problems: [problem],
    next,
  });
  for (const { up, migration } of prepared) {
    const [gap] = up.blocked;
    if (!gap) continue;
    const { file } = up.section;
    return stop(
      'cannot-run',
      `${file.path}:${file.position(gap.span.start).line} cannot be sent to a server: ${gap.reason}`,
      `correct the file of ${migration.id}`,
    );
  }
  const apart = look.pooled ? prepared.find(({ up }) => !up.run.transaction) : undefined;
  if (apart)
    return stop(
      'cannot-run',
      `${apart.migration.id} ${apart.migration.name} needs a session of its own, and ${desk.target.variable} leads through a pooler in transaction mode.`,
      `set ${desk.target.directVariable} to the address past the pooler`,
    );
  const down = prepared.find(({ migration }) => migration.metadata?.requiresDowntime === true);
  if (down && !flags['allow-downtime'] && flags['dry-run'] === undefined)
    return stop(
      'downtime-not-allowed',
      `${down.migration.id} ${down.migration.name} requires downtime.`,
      'stop what uses the database, then airlock up --allow-downtime',
    );
  return undefined;
}

const RANK = { info: 1, warning: 2, error: 3 } as const satisfies Record<Finding['severity'], number>;

/**
 * A dry run proves what it shows. A run asks the rules alone, and puts what would stop it to the proof, which refutes
 * false alarms.
 */
async function validation(question: Question): Promise<Permission> {
  const wanted = question.flags['dry-run'] === true;
  const first = wanted ? undefined : judged(await check(question, false), question);
  if (first && (first.ok || first.reasonCode !== 'findings')) return first;
  const proven = judged(await check(question, true), question);
  if (proven.ok || proven.reasonCode !== 'shadow-unavailable') return proven;
  const alone = first ?? judged(await check(question, false), question);
  return { ...alone, unproven: proven.problems.join(' ') };
}

async function check({ desk, prepared, world }: Question, prove: boolean): Promise<CheckedProject> {
  const { root, configuration, env } = desk.project;
  const started = performance.now();
  desk.log('validation begins', { migrations: prepared.map(({ migration }) => migration.id) });
  const checked = await checkProject({
    root,
    configuration: { ...configuration, runner: 'airlock', directories: [desk.files.directory] },
    env,
    read: { ...desk.files.read, layout: desk.files.layout },
    ids: prepared.map(({ migration }) => migration.id),
    // Loaded where it is wanted: most runs are stopped by nothing.
    prove: prove ? (await import('./proving.ts')).proving(world, desk.project) : undefined,
  });
  const { findings, reasonCode } = checked.result;
  for (const { ruleId, severity, file, line } of findings)
    desk.log('validation found', { rule: ruleId, severity, file, line });
  desk.log('validation ends', {
    reasonCode,
    findings: findings.length,
    ...checked.result.checked,
    ms: Math.round(performance.now() - started),
  });
  return checked;
}

function judged(checked: CheckedProject, { desk, flags }: Question): Permission {
  const { findings, reasonCode, message, next } = checked.result;
  if (reasonCode !== 'clean' && reasonCode !== 'findings')
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode,
      problems: [message ?? 'the migrations could not be validated'],
      next,
    };
  const { failOn } = desk.project.configuration;
  const threshold = failOn === 'never' ? 4 : flags.force ? RANK.error : RANK[failOn];
  const stopping = findings.filter(({ severity }) => RANK[severity] >= threshold);
  if (stopping.length === 0)
    return {
      ok: true,
      findings,
      checked,
      told:
        findings.length > 0
          ? `validation: ${summaryLine(checked.result)}\n  airlock validate shows ${findings.length === 1 ? 'it' : 'them'}\n`
          : '',
    };
  return {
    ok: false,
    code: exitCodes.findings,
    reasonCode: 'findings',
    problems: stopping.map(({ file, line, ruleId, message: text }) => `${file}:${line} ${text} (${ruleId})`),
    next: 'airlock validate explains each, and --fix corrects some; what is meant: -- @ignore <rule> <reason> in the file',
    result: { findings },
    checked,
  };
}

/** It takes the locks of a real run. */
function noDryRun({ desk, plan }: Question): Stopped {
  return {
    ok: false,
    code: exitCodes.approvalRequired,
    reasonCode: 'approval-required',
    problems: [
      `${desk.target.environment ?? 'this database'} asks for approvals, and --dry-run=database takes the locks of a real run there.`,
    ],
    next: 'airlock up --dry-run shows the plan; --dry-run=database is for environments that ask for no approval',
    result: { plan },
  };
}
