import { setTimeout as sleep } from 'node:timers/promises';
import { type OperationWorld, run } from './command-line.ts';
import type { Inputs } from './inputs.ts';
import type { Log } from './log.ts';
import { nameOf, type Operated } from './operated.ts';

/** Seconds between two looks of a gate. */
const LOOK_EVERY = 5;
/** Standings of a migration that a deployment can go ahead with; `missing` is one of a newer checkout. */
export const THERE: ReadonlySet<string> = new Set(['applied', 'baselined', 'missing']);

/** Waits until the database has every migration of this checkout; what will not come by waiting ends it at once. */
export async function gate(world: OperationWorld, inputs: Inputs, log: Log): Promise<Operated> {
  const where = nameOf(inputs);
  const until = performance.now() + inputs.operation.gateTimeout * 60_000;
  let told = '';
  for (;;) {
    const { code, result } = await run(world, 'status', inputs, log);
    const { status } = result;
    if (status === undefined || (code !== 0 && result.reasonCode !== 'history-disagrees'))
      return { result, failed: true, title: `The gate could not look at ${where}` };
    const away = status.migrations.filter(({ standing }) => !THERE.has(standing));
    const hopeless = away.filter(({ standing }) => standing === 'failed' || standing === 'edited');
    if (hopeless.length > 0) {
      const names = hopeless.map(({ id, standing }) => `${id} is ${standing}`).join(', ');
      return {
        result: { ...result, reasonCode: 'gate-shut', message: `${names}: waiting does not help.` },
        failed: true,
        title: `The gate to ${where} stays shut`,
      };
    }
    if (away.length === 0) {
      const open = {
        ...result,
        reasonCode: 'clean' as const,
        message: `${where} has every migration of this checkout.`,
      };
      return { result: open, failed: false, title: `The gate to ${where} is open` };
    }
    const waiting = `${away.length} of ${status.migrations.length} migrations of this checkout are not applied to ${where}: ${away
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ')}${away.length > 5 ? ', …' : ''}`;
    if (performance.now() >= until)
      return {
        result: {
          ...result,
          reasonCode: 'gate-shut',
          message: `${waiting}. Waited ${inputs.operation.gateTimeout} minutes.`,
          next: 'apply them (command: up), then run this job again',
        },
        failed: true,
        title: `The gate to ${where} stays shut`,
      };
    if (waiting !== told) log.info(`${waiting}; looking again every ${LOOK_EVERY} seconds`);
    told = waiting;
    await sleep(Math.min(LOOK_EVERY * 1_000, Math.max(0, until - performance.now())));
  }
}
