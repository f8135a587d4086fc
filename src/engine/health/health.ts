import type { Judged } from '../../migration/standing.ts';
import type { Connection } from '../connection.ts';
import type { HistoryRow } from '../history.ts';
import type { Holder } from '../lease.ts';
import type { SystemTables } from '../system-tables.ts';
import { drift } from './drift.ts';
import { auditChain, files, leaseOf, unfinishedRows } from './history.ts';
import { type Looked, lookAtAll } from './looked.ts';
import { invalidIndexes, unvalidatedConstraints } from './schema.ts';
import { answering, longTransactions, replicationLag, serverVersion } from './server.ts';

export interface HealthQuestion {
  readonly connection: Connection;
  /** A pooler in transaction mode stands between. */
  readonly pooled: boolean;
  readonly tables: SystemTables;
  /** The system tables are there. */
  readonly installed: boolean;
  readonly history: readonly HistoryRow[];
  readonly holder: Holder | undefined;
  readonly judged: Judged;
  /** Major version that migrations are validated for. */
  readonly targetVersion: number | undefined;
  /** Milliseconds. */
  readonly lockTimeout: number;
  readonly auditKey: string | undefined;
}

/** Milliseconds: a table that somebody has locked makes one look unknown, and holds up nothing. */
const LOCK_TIMEOUT = 3_000;

/**
 * Looks at everything that a migration of this database depends on, and writes nothing.
 *
 * @throws ConnectionLost when nobody answers any more
 */
export async function lookAtHealth(question: HealthQuestion): Promise<readonly Looked[]> {
  // Behind a pooler it would stay in a session that somebody else gets next.
  if (!question.pooled) await question.connection.run(`SET lock_timeout = ${LOCK_TIMEOUT}`);
  const { connection, tables, installed, history, holder, judged } = question;
  const ifInstalled = (
    name: string,
    look: () => Promise<Omit<Looked, 'name'>>,
  ): { name: string; look: () => Promise<Omit<Looked, 'name'>> } => ({
    name,
    look: async () => (installed ? look() : { status: 'ok', message: 'no migration has run here yet' }),
  });
  return lookAtAll([
    { name: 'connection', look: () => answering(connection, question.pooled) },
    { name: 'server', look: () => serverVersion(connection, question.targetVersion) },
    ifInstalled('lease', async () => leaseOf(holder)),
    ifInstalled('history', async () => unfinishedRows(history, judged, holder)),
    { name: 'files', look: async () => files(judged) },
    ifInstalled('drift', () => drift(connection, tables, holder)),
    { name: 'invalid indexes', look: () => invalidIndexes(connection) },
    { name: 'unvalidated constraints', look: () => unvalidatedConstraints(connection) },
    { name: 'long transactions', look: () => longTransactions(connection, question.lockTimeout) },
    { name: 'replication', look: () => replicationLag(connection) },
    ifInstalled('audit log', () => auditChain(connection, tables, question.auditKey)),
  ]);
}
