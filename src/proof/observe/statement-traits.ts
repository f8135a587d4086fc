import type { ParsedSql, Statement } from '../../sql/statement.ts';
import type { Emptying } from './changes.ts';

/**
 * Does the same in a transaction opened for it alone as in the one that the server opens (sql-begin of the
 * documentation): same locks, same effects, deferred constraints checked at its end. Left out is what is refused in a
 * transaction block, or only there goes through: procedures and DO blocks that may COMMIT, LOCK and cursors, REINDEX and
 * CLUSTER of what may be partitioned. Those run as they would have.
 */
export function sameInTransaction(statement: Statement): boolean {
  if (statement.needsAutocommit) return false;
  switch (statement.kind) {
    case 'transaction':
    case 'set':
    case 'call':
    case 'do':
    case 'lock-table':
    case 'reindex':
    case 'cluster':
    case 'vacuum':
      return false;
    case 'other':
      return statement.node !== 'DeclareCursorStmt';
    default:
      return true;
  }
}

/** Of these nothing is to be seen; and SET TRANSACTION has to come before any query (sql-set-transaction). */
export function isQuiet(statement: Statement): boolean {
  if (statement.kind === 'set') return true;
  return statement.kind === 'transaction' && !takesBack(statement);
}

/** What was there before is there again. */
export function takesBack(statement: Statement): boolean {
  return (
    statement.kind === 'transaction' &&
    (statement.command === 'rollback' || statement.command === 'rollback-to')
  );
}

/** True: one is open after it. Undefined: it changes nothing about that. */
export function opensTransaction(statement: Statement): boolean | undefined {
  if (statement.kind !== 'transaction') return undefined;
  switch (statement.command) {
    case 'begin':
      return true;
    case 'commit':
    case 'rollback':
    case 'prepare':
      return false;
    default:
      return undefined;
  }
}

/** Reads and writes rows by a plan, which with ten rows is never an index. */
export function isPlanned({ kind }: Statement): boolean {
  return PLANNED.has(kind);
}

const PLANNED: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'select', 'do', 'call']);

export function emptying(statement: Statement | undefined): Emptying {
  if (!statement) return 'perhaps';
  if (statement.kind === 'truncate') return 'yes';
  return PLANNED.has(statement.kind) ? 'perhaps' : 'no';
}

/** Names of the tables whose columns the statements may change; undefined: any. */
export function tablesNamed({ statements, errors }: ParsedSql): readonly string[] | undefined {
  if (errors.length > 0 || statements.some(reachesFurther)) return undefined;
  return [...new Set(statements.flatMap(({ relations }) => relations.map(({ name }) => name)))];
}

function reachesFurther(statement: Statement): boolean {
  if (statement.kind === 'drop' || statement.kind === 'drop-owned') return statement.cascade;
  return ['do', 'call', 'select', 'other'].includes(statement.kind);
}
