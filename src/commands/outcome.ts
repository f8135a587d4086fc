import { createRedactor, secretsIn } from '../report/redact.ts';
import { type formats, render } from '../report/render.ts';
import type { Finding, ReasonCode, Result } from '../report/result.ts';
import { visible } from '../report/visible.ts';
import { registry } from '../rules/registry.ts';
import { type CheckedProject, stopped } from '../validate-project.ts';
import { version } from '../version.ts';
import { type CommandWorld, exitCodes, refuse } from './command.ts';

/** From which severity on a check fails. */
export const failOn = ['error', 'warning', 'info', 'never'] as const;

export interface Refusal {
  /** Default: usage. */
  readonly reasonCode?: ReasonCode;
  readonly problems: readonly string[];
  readonly next?: string;
}

/** On standard error for people; who asked for JSON gets the document besides, so that it is never empty. */
export async function tellRefusal(
  { reasonCode, problems, next }: Refusal,
  format: (typeof formats)[number],
  world: CommandWorld,
): Promise<number> {
  refuse(world, problems, next);
  if (format === 'json') {
    const refused = stopped(reasonCode ?? 'usage', problems.join('\n'), next ?? 'airlock validate --help');
    await print(refused, format, world);
  }
  return exitCodes.usage;
}

/** Prints what a check found in the format that was asked for. */
export async function print(
  checked: CheckedProject,
  format: (typeof formats)[number],
  world: CommandWorld,
): Promise<void> {
  const { result } = checked;
  // What was not checked at all is an error message, unless a program reads it.
  if (format === 'text' && result.checked === undefined && result.message !== undefined) {
    refuse(world, [visible(result.message)], result.next && visible(result.next));
    return;
  }
  const text = await render(format, result, {
    width: world.width,
    colour: world.colour,
    source: (file) => checked.sources.get(file),
    redact: createRedactor(secretsIn(world.env)),
    rules: [...registry.values()].map((rule) => ({
      ...rule,
      severity: rule.severity === 'off' ? 'info' : rule.severity,
    })),
    version,
  });
  world.print(text);
}

const RANK = { info: 1, warning: 2, error: 3 } as const satisfies Record<Finding['severity'], number>;

export function exitCodeOf(result: Result, threshold: (typeof failOn)[number]): number {
  if (!['clean', 'findings', 'nothing-to-do'].includes(result.reasonCode)) return exitCodes.usage;
  const fails =
    threshold !== 'never' && result.findings.some(({ severity }) => RANK[severity] >= RANK[threshold]);
  return fails ? exitCodes.findings : exitCodes.done;
}
