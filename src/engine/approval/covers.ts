import { type Plan, planDigest, planOf, type SealedMigration, textOf } from '../../migration/plan.ts';
import type { Connection } from '../connection.ts';
import type { HistoryRow } from '../history.ts';
import type { SystemTables } from '../system-tables.ts';
import type { HistoryHead } from './token.ts';

/** What is about to run, and where the history ends now. */
export interface Intent {
  readonly direction: Plan['direction'];
  readonly migrations: readonly SealedMigration[];
  /** All that there are, for what has run already and is in `history` alone. */
  readonly files: readonly SealedMigration[];
  /** The newest row of each migration. */
  readonly history: readonly HistoryRow[];
  readonly head: HistoryHead;
}

export async function readHead(connection: Connection, tables: SystemTables): Promise<HistoryHead> {
  const [row] = await connection.query(
    `SELECT (SELECT coalesce(pg_catalog.max(id), 0) FROM ${tables.history}) AS history,
       (SELECT coalesce(pg_catalog.max(id), 0) FROM ${tables.rollbacks}) AS rollbacks,
       (SELECT hash FROM ${tables.audit} ORDER BY id LIMIT 1) AS database`,
  );
  return {
    history: Number(row?.['history'] ?? 0),
    rollbacks: Number(row?.['rollbacks'] ?? 0),
    database: row?.['database'] ?? '',
  };
}

export const EMPTY_HEAD: HistoryHead = { history: 0, rollbacks: 0, database: '' };

/**
 * Whether what is about to run is what was approved: the whole plan on the history that the approver saw, or what is
 * left of it where its run was cut off. What was run since then and what is left make up the approved plan, or the
 * approval is void: the history alone cannot widen it, because the digest names every migration and its text.
 */
export function covers(
  approved: { readonly digest: string; readonly head: HistoryHead },
  { direction, migrations, files, history, head }: Intent,
): boolean {
  if (approved.head.database !== '' && approved.head.database !== head.database) return false;
  const moved = head.history !== approved.head.history || head.rollbacks !== approved.head.rollbacks;
  if (!moved) return planOf(direction, migrations).digest === approved.digest;
  // Of a down that was cut off there is no telling what its rows stand for without trusting them.
  if (direction === 'down' || head.rollbacks !== approved.head.rollbacks) return false;
  const since = history.filter(({ row }) => row > approved.head.history);
  const left = new Set(migrations.map(({ migration }) => migration.id));
  if (since.some(({ id, status }) => status !== 'applied' && !left.has(id))) return false;
  const done = since
    .filter(({ id, status }) => status === 'applied' && !left.has(id))
    .map(({ id, checksum }) => {
      const file = files.find((each) => each.migration.id === id);
      return { id, checksum, beside: file ? textOf(file).beside : [] };
    });
  return planDigest(direction, [...done, ...migrations.map(textOf)]) === approved.digest;
}
