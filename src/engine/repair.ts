import type { Stood } from '../migration/standing.ts';
import { check } from './checks.ts';
import type { HistoryRow } from './history.ts';
import { digestOf, type Prepared } from './prepare.ts';
import type { Run } from './run.ts';
import { literal } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';

/** One change of the history that settles one disagreement. */
export interface Repair {
  readonly id: string;
  /** One line for people, and for the audit log. */
  readonly told: string;
  readonly sql: (tables: SystemTables) => string;
}

export interface RepairQuestion {
  readonly stood: Stood;
  readonly row: HistoryRow;
  readonly prepared: Prepared | undefined;
  /** What became of the statement that a run was cut off in. */
  readonly statement: 'done' | 'undone' | undefined;
}

/** A run was cut off in a statement of it, and only whoever looks at the database can tell what became of that one. */
export function isInDoubt({ transactional, status, statementsBegun, statementsDone }: HistoryRow): boolean {
  return !transactional && status === 'running' && statementsBegun > statementsDone;
}

/** What a repair would change; undefined where there is nothing to settle, or nobody said how. */
export function repairOf({ stood, row, prepared, statement }: RepairQuestion): Repair | undefined {
  const { id } = stood;
  if (stood.standing === 'edited' && stood.sealed) {
    const { checksum } = stood.sealed;
    return {
      id,
      told: `checksum ${short(row.checksum)} becomes ${short(checksum)}: the file as it is now counts as what was applied`,
      sql: ({ history }) =>
        `UPDATE ${history} SET checksum = ${literal(checksum)} WHERE id = ${row.row} AND checksum = ${literal(row.checksum)}; `,
    };
  }
  if (stood.standing === 'missing')
    return {
      id,
      told: 'its file is gone: the history says rolled back, and nothing is run',
      sql: ({ history }) => `UPDATE ${history} SET status = 'rolled_back' WHERE id = ${row.row}; `,
    };
  if (stood.standing !== 'running' && stood.standing !== 'failed') return undefined;
  const begun = row.statementsBegun > row.statementsDone;
  if (row.transactional || (row.statementsDone === 0 && !begun)) return undefined;
  if (isInDoubt(row) && statement === undefined) return undefined;
  const done = statement === 'done' ? row.statementsBegun : row.statementsDone;
  const steps = prepared?.up.run.steps ?? [];
  return {
    id,
    told: `it goes on behind statement ${done} of ${steps.length}${begun && statement ? `, because statement ${row.statementsBegun} is ${statement}` : ''}`,
    sql: ({ history }) =>
      `UPDATE ${history} SET status = 'failed', statements_begun = ${done}, statements_done = ${done}, done_digest = ${literal(digestOf(steps.slice(0, done)))}, checksum = ${literal(prepared?.checksum ?? row.checksum)}, error = coalesce(error, 'the run was cut off.'), backend_pid = NULL, backend_start = NULL WHERE id = ${row.row}; `,
  };
}

/** Makes the changes, each with its row in the audit log. */
export async function runRepairs(run: Run, repairs: readonly Repair[]): Promise<void> {
  for (const { id, told, sql } of repairs)
    await run.audit.together(
      run.sessions.keeper,
      { action: 'repair', migrationId: id, details: { told } },
      `${check('lease-lost', run.lease.condition)}${sql(run.tables)}`,
    );
}

function short(checksum: string): string {
  return `${checksum.slice(0, 12)}…`;
}
