import type { AlertSettings } from '../configuration/configuration.ts';
import { variable } from '../configuration/variables.ts';
import { visible } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import type { Desk } from './database.ts';
import type { ErrorEnd } from './error-log.ts';

type AlertEvent = AlertSettings['on'][number];

/** Milliseconds: whoever waits for the command waits for this, too. */
const DEADLINE = 10_000;

/**
 * Tells the address of `alerts:` how a run ended, where that is one of its events: JSON with a `text` of one paragraph,
 * which is what the incoming webhooks of chats show. An alert that is not taken is a warning and nothing more.
 */
export async function alert(desk: Desk, end: ErrorEnd, world: CommandWorld): Promise<void> {
  const { alerts } = desk.project.configuration;
  const events = alerts ? eventsOf(end).filter((event) => alerts.on.includes(event)) : [];
  if (!alerts || events.length === 0) return;
  const warn = (problem: string): void => world.printError(`warning: nobody was alerted: ${problem}\n`);
  const address = variable(desk.project.env, alerts.webhook);
  if (address === undefined) return warn(`${alerts.webhook} is not set`);
  if (!/^https?:/i.test(address) || !URL.canParse(address))
    return warn(`${alerts.webhook} is no http or https address`);
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(desk, end, events)),
      signal: AbortSignal.timeout(DEADLINE),
      redirect: 'error',
    });
    await answer.body?.cancel();
    if (!answer.ok) warn(`${alerts.webhook} answered with ${answer.status}`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // fetch says "fetch failed"; why is in its cause.
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    warn(desk.redact(`${alerts.webhook}: ${visible(why)}`));
  }
}

function eventsOf({ code, rolledBack }: ErrorEnd): readonly AlertEvent[] {
  const failed: readonly AlertEvent[] =
    code === exitCodes.failed || code === exitCodes.unreachable ? ['failed'] : [];
  const back: readonly AlertEvent[] = rolledBack === true ? ['rolled-back'] : [];
  if (code === exitCodes.approvalRequired) return ['approval-required'];
  if (code === exitCodes.leaseHeld) return ['lease-held'];
  return [...failed, ...back];
}

function bodyOf(
  { who, target, redact }: Desk,
  { code, reasonCode, problems, next, migration }: ErrorEnd,
  events: readonly AlertEvent[],
): Readonly<Record<string, unknown>> {
  const clean = (text: string): string => visible(redact(text));
  const message = problems.map(clean).join('\n');
  const where = target.environment ?? target.variable;
  return {
    text: `airlock ${who.command} on ${where}: ${message}${next === undefined ? '' : `\nnext: ${clean(next)}`}`,
    events,
    command: who.command,
    environment: target.environment,
    runId: who.runId,
    reasonCode,
    exitCode: code,
    message,
    ...(next === undefined ? {} : { next: clean(next) }),
    ...(migration ? { migration: { id: clean(migration.id), name: clean(migration.name) } } : {}),
  };
}
