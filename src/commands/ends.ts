import type { Execution, Halt } from '../engine/run.ts';
import type { UpOutcome } from '../engine/up.ts';
import type { ReasonCode } from '../report/result.ts';
import { exitCodes } from './command.ts';

export interface End {
  readonly code: number;
  readonly reasonCode: ReasonCode;
  readonly message?: string | undefined;
  readonly next?: string | undefined;
}

/** How a run ends, in one sentence with what became of everything, and its exit code (DESIGN 3.5). */
export function endOf(outcome: UpOutcome, { dry }: { readonly dry: boolean; readonly backup: 'none' }): End {
  const { executions, failed, unhealthy, rolledBack, pending } = outcome;
  const applied = executions.filter(({ status }) => status === 'applied').length;
  const back = rollbackText(outcome);
  if (failed) {
    const waiting = pending.length > 0 ? ` ${pending.length} not begun.` : '';
    const before = applied > 0 && rolledBack.length === 0 ? ` ${applied} applied before it.` : '';
    return {
      ...endOfHalt(failed),
      message: `${failed.migrationId} ${failed.name}: ${WORDS[failed.halt ?? 'statement-failed']}.${waiting}${before}${back}`,
      next: failed.next ?? (isStuck(outcome) ? SETTLE : nextAfter(failed, rolledBack.length > 0)),
    };
  }
  if (unhealthy !== undefined)
    return {
      code: exitCodes.failed,
      reasonCode: 'unhealthy',
      message: `${sentence(unhealthy)}${back === '' ? ' Nothing was rolled back: autoRollback is off.' : back}`,
      next: isStuck(outcome)
        ? SETTLE
        : rolledBack.length > 0
          ? 'look what the application misses, then airlock up again'
          : 'airlock status, then airlock down if it has to go',
    };
  if (pending.length > 0)
    return {
      code: exitCodes.interrupted,
      reasonCode: 'interrupted',
      message: `interrupted: ${applied} applied, ${pending.length} not begun.`,
      next: 'airlock up goes on',
    };
  if (dry)
    return {
      code: exitCodes.done,
      reasonCode: 'planned',
      message: `${executions.length} ran and were rolled back: nothing is changed`,
    };
  return {
    code: exitCodes.done,
    reasonCode: applied === 0 ? 'nothing-to-do' : 'applied',
    message: applied === 0 ? 'nothing to do: somebody else has run them' : `${applied} applied`,
  };
}

const SETTLE = 'airlock status; correct the down, then airlock down';

function isStuck({ rolledBack }: UpOutcome): boolean {
  return rolledBack.some(({ status }) => status !== 'rolled-back');
}

/** What a server says ends without a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What the automatic rollback did, and where it leaves everything when it could not go on. */
function rollbackText({ executions, failed, rolledBack }: UpOutcome): string {
  if (rolledBack.length === 0) return '';
  const done = new Set(
    rolledBack.flatMap(({ status, migrationId }) => (status === 'rolled-back' ? [migrationId] : [])),
  );
  const gone = done.size > 0 ? ` Rolled back: ${[...done].join(', ')}.` : '';
  const stuck = rolledBack.find(({ status }) => status !== 'rolled-back');
  if (!stuck) return gone;
  const stands = executions
    .filter(({ status, migrationId }) => status === 'applied' && !done.has(migrationId))
    .map(({ migrationId }) => migrationId);
  const half = failed?.undone === false && !done.has(failed.migrationId) ? failed : undefined;
  const left = [
    ...(stands.length > 0 ? [`still applied: ${stands.join(', ')}`] : []),
    ...(half ? [`${half.statements} of ${half.of} statements of ${half.migrationId} stay`] : []),
  ];
  return `${gone} The rollback of ${stuck.migrationId} failed, and nothing more was rolled back: ${stuck.error ?? stuck.status}${left.length > 0 ? ` (${left.join('; ')})` : ''}.`;
}

export function endOfHalt({ status, halt }: Execution): Pick<End, 'code' | 'reasonCode'> {
  if (status === 'unknown') return { code: exitCodes.unreachable, reasonCode: 'database-unreachable' };
  switch (halt) {
    case 'lease-lost':
      return { code: exitCodes.leaseHeld, reasonCode: 'lease-lost' };
    case 'still-running':
      return { code: exitCodes.leaseHeld, reasonCode: 'lease-held' };
    case 'interrupted':
      return { code: exitCodes.interrupted, reasonCode: 'interrupted' };
    case 'not-known':
    case 'changed-since':
      return { code: exitCodes.disagrees, reasonCode: 'history-disagrees' };
    case 'no-session':
    case 'no-down':
      return { code: exitCodes.usage, reasonCode: 'cannot-run' };
    default:
      return { code: exitCodes.failed, reasonCode: 'migration-failed' };
  }
}

const WORDS: Readonly<Record<Halt, string>> = {
  'statement-failed': 'a statement failed',
  'verify-failed': 'its VERIFY failed',
  'system-tables-written': 'it touched Airlock’s own tables and was undone',
  'lock-not-available': 'it did not get its locks, however often it was tried',
  'too-long': 'it took longer than maxDuration allows',
  interrupted: 'interrupted',
  'lease-lost': 'the lease was lost, and it stopped before its next statement',
  'connection-lost': 'the connection was lost',
  'not-known': 'nobody knows whether its last statement was done',
  'still-running': 'an earlier run of it is still at work',
  'changed-since': 'it was begun before, and its file is another one since',
  'index-in-the-way': 'an invalid index stands in its way',
  'no-session': 'it needs a session of its own',
  'no-down': 'it has no down',
};

function nextAfter({ undone, halt }: Execution, rolledBack: boolean): string {
  if (halt === 'interrupted') return 'airlock up goes on';
  if (halt === 'lease-lost') return 'airlock unlock shows who has the lease now; then airlock up goes on';
  if (halt === 'too-long') return 'raise maxDuration, or --timeout for one run, then airlock up again';
  if (halt === 'lock-not-available') return 'look who holds the lock (pg_locks), then airlock up again';
  if (undone || rolledBack) return 'correct the file, then airlock up again';
  return 'correct what failed, then airlock up: it goes on behind the statements that are done';
}
