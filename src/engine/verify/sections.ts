import type { Connection } from '../connection.ts';
import { type Looked, listed } from '../health/looked.ts';
import type { Prepared, PreparedSection } from '../prepare.ts';
import { runSection, type Step } from '../run-section.ts';
import { told } from '../transactional.ts';

/** What became of one VERIFY. */
export interface VerifyRun {
  readonly id: string;
  readonly name: string;
  /** Why it did not pass. */
  readonly because?: string | undefined;
  /** It could not be run, so that it neither passed nor failed. */
  readonly unknown: boolean;
}

/**
 * VERIFY of every migration that has one, each in a transaction that reads only. One that writes was not made for
 * this, and is not counted as failed.
 *
 * @throws ConnectionLost when nobody answers any more
 */
export async function runVerifySections(
  connection: Connection,
  applied: readonly Prepared[],
): Promise<readonly VerifyRun[]> {
  const runs: VerifyRun[] = [];
  for (const { migration, verify } of applied) {
    if (!verify) continue;
    const { id, name } = migration;
    const said = await verifyOne(connection, verify);
    runs.push({ id, name, because: said?.because, unknown: said?.unknown ?? false });
  }
  return runs;
}

/**
 * @param without how many of the applied migrations have no VERIFY
 * @param outlived ids of those that fail on a new database with the same history, too
 */
export function judgeVerifySections(
  runs: readonly VerifyRun[],
  without: number,
  outlived: ReadonlySet<string>,
): Omit<Looked, 'name'> {
  const failed = runs.filter((run) => run.because !== undefined && !run.unknown);
  const own = failed.filter(({ id }) => !outlived.has(id));
  const past = failed.filter(({ id }) => outlived.has(id));
  const unknown = runs.filter((run) => run.unknown);
  const lines = listed([
    ...[...own, ...unknown].map(({ id, name, because }) => `${id} ${name}: ${because}`),
    ...past.map(({ id, name }) => `${id} ${name}: a later migration changed what it looks for`),
  ]);
  const rest = [
    ...(past.length > 0
      ? [`${past.length} fail${past.length === 1 ? 's' : ''} on a new database with the same history, too`]
      : []),
    ...(without > 0
      ? [`${without} applied ${without === 1 ? 'migration has' : 'migrations have'} none`]
      : []),
  ].map((part) => `; ${part}`);
  const details = lines.length > 0 ? { details: lines } : {};
  if (own.length > 0)
    return {
      status: 'failed',
      message: `${own.length} of ${runs.length} fail${own.length === 1 ? 's' : ''}${rest.join('')}`,
      ...details,
      next: 'look at the first: what it looks for was there, or is so on a new database with the same history',
    };
  if (unknown.length > 0)
    return {
      status: 'unknown',
      message: `${unknown.length} of ${runs.length} could not be run${rest.join('')}`,
      ...details,
    };
  return { status: 'ok', message: `${runs.length - past.length} pass${rest.join('')}`, ...details };
}

/** A query first: from then on the server refuses to make the transaction one that writes (sql-set-transaction). */
const READ_ONLY: readonly Step[] = ['SET TRANSACTION READ ONLY', 'SELECT 1'].map((sql) => ({
  span: { start: 0, end: 0 },
  sql,
  needsAutocommit: false,
}));

async function verifyOne(
  connection: Connection,
  { run, blocked }: PreparedSection,
): Promise<{ readonly because: string; readonly unknown: boolean } | undefined> {
  const [gap] = blocked;
  if (gap) return { because: gap.reason, unknown: true };
  if (
    run.steps.some(({ statement, needsAutocommit }) => needsAutocommit || statement?.kind === 'transaction')
  )
    return { because: 'it does not run in a transaction that reads only', unknown: true };
  const result = await runSection(connection, {
    ...run,
    steps: [...READ_ONLY, ...run.steps],
    transaction: true,
    rollBack: true,
  });
  if (result.status === 'lost') throw result.lost;
  if (result.status !== 'failed') return undefined;
  const { code } = result.error;
  // read_only_sql_transaction, lock_not_available
  const unknown = code === '25006' || code === '55P03';
  return { because: told(result.error).replaceAll('\n', '; '), unknown };
}
