import type { Result } from '../report/result.ts';
import { type OperationWorld, run } from './command-line.ts';
import { gate, THERE } from './gate.ts';
import type { ActionCommand, Inputs } from './inputs.ts';
import type { Log } from './log.ts';
import { nameOf, type Operated } from './operated.ts';
import { ending } from './verdict.ts';

/**
 * Events whose checkout is code that was reviewed and merged, or that somebody with write access asked for by hand
 * (docs.github.com, "Events that trigger workflows").
 */
const REVIEWED: ReadonlySet<string> = new Set([
  'push',
  'workflow_dispatch',
  'repository_dispatch',
  'schedule',
  'release',
  'deployment',
]);

/** A command of the engine in a workflow. */
export async function operate(world: OperationWorld, inputs: Inputs, log: Log): Promise<Operated> {
  const { command } = inputs;
  const refusal = refusalOf(world.env, inputs);
  if (refusal) return { result: refusal, failed: true, title: `airlock ${command} was refused` };
  if (command === 'gate') return gate(world, inputs, log);
  // What a dry run proves there may be a stranger's.
  const env = REVIEWED.has(world.env['GITHUB_EVENT_NAME'] ?? '')
    ? world.env
    : { ...world.env, AIRLOCK_SHADOW: 'embedded' };
  const { code, result } = await run({ ...world, env }, command, inputs, log);
  return { result, failed: code !== 0, title: titleOf(command, inputs, result, code) };
}

/** What writes to a database runs only files that nobody can have slipped in; a dry run writes nothing. */
function refusalOf(env: OperationWorld['env'], { command, operation }: Inputs): Result | undefined {
  if ((command !== 'up' && command !== 'down') || operation.dryRun === 'true') return undefined;
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  if (REVIEWED.has(event)) return undefined;
  return ending(
    'event-unsupported',
    `command: ${command} changes a database, and on the event "${event}" the checkout may hold files that nobody has reviewed.`,
    `start the workflow on ${[...REVIEWED].join(', ')}; on other events dry-run: true shows what would run`,
  );
}

function titleOf(command: ActionCommand, inputs: Inputs, result: Result, code: number): string {
  const where = nameOf(inputs);
  const count = (many: number): string => `${many} ${many === 1 ? 'migration' : 'migrations'}`;
  if (result.reasonCode === 'nothing-to-do') return `Nothing to do on ${where}`;
  if (result.reasonCode === 'planned')
    return `${count(result.plan?.migrations.length ?? 0)} would run on ${where}`;
  if (command === 'status')
    return code === 0 ? `${where}: ${standings(result)}` : `${where}: ${result.reasonCode}`;
  if (code !== 0) return `airlock ${command} on ${where} ended with ${result.reasonCode} (exit code ${code})`;
  const back = result.executions?.filter(({ status }) => status === 'rolled-back').length ?? 0;
  return command === 'down'
    ? `${count(back)} rolled back on ${where}`
    : `${count(result.applied?.length ?? 0)} applied to ${where}`;
}

/** A failed migration is no disagreement of history and files, and must not read as if all were well. */
function standings({ status }: Result): string {
  const open = status?.migrations.filter(({ standing }) => standing === 'failed' || standing === 'running');
  return open === undefined || open.length === 0
    ? 'history and files agree'
    : open.map(({ id, standing }) => `${id} is ${standing}`).join(', ');
}

/** How many migrations a database lacks; empty where a result does not say. */
export function pendingCount({ pending, plan, status, reasonCode }: Result): string {
  if (pending !== undefined) return String(pending.length);
  if (status) return String(status.migrations.filter(({ standing }) => !THERE.has(standing)).length);
  return plan && (reasonCode === 'planned' || reasonCode === 'nothing-to-do')
    ? String(plan.migrations.length)
    : '';
}
