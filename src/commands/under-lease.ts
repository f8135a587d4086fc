import { variable } from '../configuration/variables.ts';
import { closeRun, openRun } from '../engine/open.ts';
import { type Onlooking, RUN_DEFAULTS, type Run } from '../engine/run.ts';
import type { CommandWorld } from './command.ts';
import { type Desk, reach, refusalOf, type Stopped } from './database.ts';

interface LeasedCommand {
  readonly desk: Desk;
  readonly world: CommandWorld;
  /** Milliseconds one migration may take, in place of the environment's own. */
  readonly timeout?: number | undefined;
  readonly onlooking?: Onlooking | undefined;
}

/**
 * What a command does while it holds the lease, which it gives back whatever becomes of the work. A database that
 * is lost, refuses, or whose lease is held by somebody else is an end of the command.
 */
export async function underLease<Done>(
  { desk, world, timeout, onlooking }: LeasedCommand,
  work: (run: Run) => Promise<Done | Stopped>,
): Promise<Done | Stopped> {
  const { configuration, env } = desk.project;
  return reach(desk, async () => {
    const opened = await openRun({
      open: desk.open,
      who: desk.who,
      systemSchema: configuration.systemSchema,
      settings: {
        ...RUN_DEFAULTS,
        maxDuration: timeout ?? desk.target.policy.maxDuration,
        leasePatience: configuration.leaseTimeout,
      },
      signal: world.interruption(),
      now: world.now,
      auditKey: variable(env, 'AUDIT_KEY'),
      onlooking,
    });
    if (!opened.ok) return refusalOf(opened, desk);
    try {
      return await work(opened.run);
    } finally {
      await closeRun(opened.run);
    }
  });
}
