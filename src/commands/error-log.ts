import { closeSync, constants, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { commandFor } from '../report/next-command.ts';
import { visible } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import type { Desk, Stopped } from './database.ts';

const FOLDER = 'logs';
const FILE = 'migration-error.log';

/** Ends that are errors of a run; what was typed wrongly, found, or not approved is none. */
const ERRORS: ReadonlySet<number> = new Set([
  exitCodes.failed,
  exitCodes.leaseHeld,
  exitCodes.disagrees,
  exitCodes.unreachable,
]);

export interface ErrorEnd extends Pick<Stopped, 'code' | 'reasonCode' | 'problems' | 'next'> {
  readonly migration?: { readonly id: string; readonly name: string } | undefined;
  /** Something was taken back by the run itself. */
  readonly rolledBack?: boolean | undefined;
}

/** Everybody who is told how a run ended that did not end well: the log, and the address of `alerts:`. */
export async function tellTrouble(desk: Desk, ended: ErrorEnd, world: CommandWorld): Promise<void> {
  const { environment } = desk.target;
  const end =
    environment === undefined || ended.next === undefined
      ? ended
      : { ...ended, next: commandFor(ended.next, environment) };
  await logError(desk, end, world);
  if (desk.project.configuration.alerts) await (await import('./alert.ts')).alert(desk, end, world);
}

/** One line of JSON at the end of logs/migration-error.log in the repository's root. Where that fails, it is said. */
async function logError(
  { who, target, project, redact }: Desk,
  { code, reasonCode, problems, next, migration }: ErrorEnd,
  world: CommandWorld,
): Promise<void> {
  if (!ERRORS.has(code)) return;
  const clean = (text: string): string => visible(redact(text));
  try {
    const file = openLog(project.root);
    try {
      const { default: pino } = await import('pino');
      const logger = pino(
        { base: null, timestamp: () => `,"time":${JSON.stringify(world.now().toISOString())}` },
        pino.destination({ dest: file, sync: true }),
      );
      logger.error(
        {
          command: who.command,
          runId: who.runId,
          environment: target.environment,
          reasonCode,
          exitCode: code,
          ...(migration ? { migration: { id: clean(migration.id), name: clean(migration.name) } } : {}),
          ...(next === undefined ? {} : { next: clean(next) }),
        },
        problems.map(clean).join('\n'),
      );
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    world.printError(
      `warning: the error could not be written to ${FOLDER}/${FILE} (${String(error.code)})\n`,
    );
  }
}

/** The checkout may be somebody else's: a link there must not lead the log out of it. */
function openLog(root: string): number {
  const folder = join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  if (realpathSync(folder) !== join(realpathSync(root), FOLDER))
    throw Object.assign(new Error(`${FOLDER} is a link`), { code: 'ELOOP' });
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  // Windows has no O_NOFOLLOW.
  return openSync(join(folder, FILE), O_APPEND | O_CREAT | O_WRONLY | (O_NOFOLLOW ?? 0), 0o600);
}
