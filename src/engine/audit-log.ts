import { createHash, createHmac } from 'node:crypto';
import { type Connection, DatabaseError, type DatabaseErrorFields, type Ran } from './connection.ts';
import { literal, storable } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';
import { SYSTEM_TABLE_NAMES } from './system-tables.ts';
import type { Who } from './who.ts';

type AuditAction =
  | 'system-installed'
  | 'lease-taken-over'
  | 'drift'
  | 'up-begun'
  | 'up'
  | 'up-failed'
  | 'down-begun'
  | 'down'
  | 'down-failed'
  | 'down-forced'
  | 'baseline'
  | 'adopt'
  | 'releases'
  | 'repair'
  | 'unlock'
  | 'approved';

export interface AuditEntry {
  readonly action: AuditAction;
  readonly migrationId?: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Head {
  readonly id: number;
  readonly hash: string;
}

const EMPTY: Head = { id: 0, hash: '0'.repeat(64) };
/** Who else writes the log at the same moment is done with it in no time. */
const ATTEMPTS = 20;

/**
 * The hash-chained log of one database. Each row holds the hash of the one before it; ids and previous hashes are
 * unique, so that of two writers who saw the same end one is refused, and looks again.
 */
export class AuditLog {
  readonly #tables: SystemTables;
  readonly #who: Who;
  readonly #key: string | undefined;
  readonly #now: () => Date;
  #head: Head | undefined;

  /** `key`: AUDIT_KEY; with it a row cannot be made by who can write the table and does not know the key. */
  constructor(tables: SystemTables, who: Who, now: () => Date, key?: string) {
    this.#tables = tables;
    this.#who = who;
    this.#now = now;
    this.#key = key;
  }

  /** Forgets where the log ends: somebody else wrote it, or a transaction with a row of ours was undone. */
  forget(): void {
    this.#head = undefined;
  }

  /** Looks where the log ends, so that `entry` asks nobody. */
  async look(connection: Connection): Promise<void> {
    this.#head ??= await readHead(connection, this.#tables);
  }

  /**
   * An INSERT that goes with others in one transaction. `done` is to be called once that is committed; where it is
   * undone, nothing has happened.
   */
  async entry(
    connection: Connection,
    entry: AuditEntry,
  ): Promise<{ readonly sql: string; readonly done: () => void }> {
    const head = this.#head ?? (await readHead(connection, this.#tables));
    this.#head = head;
    const { executedBy, host, toolVersion, runId } = this.#who;
    const row: AuditRow = {
      id: head.id + 1,
      at: this.#now().toISOString(),
      action: entry.action,
      migrationId: entry.migrationId === undefined ? undefined : storable(entry.migrationId),
      runId,
      actor: storable(executedBy),
      host: storable(host),
      toolVersion,
      details: storable(JSON.stringify(entry.details)),
      previousHash: head.hash,
    };
    const hash = hashOf(row, this.#key);
    const values = [
      row.id,
      row.at,
      row.action,
      row.migrationId,
      row.runId,
      row.actor,
      row.host,
      row.toolVersion,
      row.details,
      row.previousHash,
      hash,
      this.#key !== undefined,
    ].map(literal);
    return {
      sql: `INSERT INTO ${this.#tables.audit} (id, at, action, migration_id, run_id, actor, host, tool_version, details, previous_hash, hash, keyed) VALUES (${values.join(', ')}); `,
      done: () => {
        this.#head = { id: row.id, hash };
      },
    };
  }

  /**
   * Runs the entry and the statements that it is about in one transaction; once more where somebody else wrote the
   * log. Gives the answer to the last statement.
   *
   * @throws DatabaseError when the server refuses one of them
   */
  async together(connection: Connection, entry: AuditEntry, sql = ''): Promise<Ran> {
    for (let attempt = 1; ; attempt++) {
      const { sql: insert, done } = await this.entry(connection, entry);
      try {
        // One message is one transaction (protocol-flow, "Multiple Statements in a Simple Query").
        const ran = await connection.run(`${insert}${sql}`);
        done();
        return ran;
      } catch (error) {
        this.forget();
        if (attempt === ATTEMPTS || !(error instanceof DatabaseError) || !isConflict(error.fields))
          throw error;
      }
    }
  }
}

/** Somebody else wrote the log in between. */
export function isConflict({ code, table }: DatabaseErrorFields): boolean {
  return code === '23505' && table === SYSTEM_TABLE_NAMES.audit;
}

interface AuditRow {
  readonly id: number;
  readonly at: string;
  readonly action: string;
  readonly migrationId: string | undefined;
  readonly runId: string;
  readonly actor: string;
  readonly host: string;
  readonly toolVersion: string;
  readonly details: string;
  readonly previousHash: string;
}

function hashOf(row: AuditRow, key: string | undefined): string {
  const { id, at, action, migrationId, runId, actor, host, toolVersion, details, previousHash } = row;
  const told = JSON.stringify([
    1,
    id,
    at,
    action,
    migrationId ?? null,
    runId,
    actor,
    host,
    toolVersion,
    details,
    previousHash,
  ]);
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return hash.update(told, 'utf8').digest('hex');
}

async function readHead(connection: Connection, tables: SystemTables): Promise<Head> {
  const [row] = await connection.query(`SELECT id, hash FROM ${tables.audit} ORDER BY id DESC LIMIT 1`);
  return row ? { id: Number(row['id']), hash: row['hash'] ?? '' } : EMPTY;
}

export type AuditChain =
  | { readonly whole: true; readonly rows: number; readonly unproven: number }
  | { readonly whole: false; readonly rows: number; readonly brokenAt: number; readonly because: string };

/**
 * Whether each row is what its hash says and follows the one before it. Rows that were keyed are only followed, not
 * proven, where the key is not known (`unproven`). A log that lost its newest rows is whole: nothing follows them.
 */
export async function verifyAudit(
  connection: Connection,
  tables: SystemTables,
  key: string | undefined,
): Promise<AuditChain> {
  let head = EMPTY;
  let unproven = 0;
  for (;;) {
    const rows = await connection.query(
      `SELECT id, at, action, migration_id, run_id, actor, host, tool_version, details, previous_hash, hash, keyed
         FROM ${tables.audit} WHERE id > ${head.id} ORDER BY id LIMIT 1000`,
    );
    if (rows.length === 0) return { whole: true, rows: head.id, unproven };
    for (const row of rows) {
      const id = Number(row['id']);
      const broken = (because: string): AuditChain => ({
        whole: false,
        rows: head.id,
        brokenAt: id,
        because,
      });
      if (id !== head.id + 1) return broken(`row ${head.id + 1} is missing`);
      if (row['previous_hash'] !== head.hash) return broken('it does not follow the row before it');
      const keyed = row['keyed'] === 't';
      if (keyed && key === undefined) unproven++;
      else if (row['hash'] !== hashOf(rowOf(row), keyed ? key : undefined))
        return broken('its content is not what was written');
      head = { id, hash: row['hash'] ?? '' };
    }
  }
}

function rowOf(row: Readonly<Record<string, string | null>>): AuditRow {
  const text = (name: string): string => row[name] ?? '';
  return {
    id: Number(row['id']),
    at: text('at'),
    action: text('action'),
    migrationId: row['migration_id'] ?? undefined,
    runId: text('run_id'),
    actor: text('actor'),
    host: text('host'),
    toolVersion: text('tool_version'),
    details: text('details'),
    previousHash: text('previous_hash'),
  };
}
