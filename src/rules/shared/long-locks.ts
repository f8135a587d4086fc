import type { Catalog } from '../../sql/catalog/catalog.ts';
import { actionLock } from '../../sql/locks.ts';
import type {
  AlterTableAction,
  Constraint,
  LockMode,
  ObjectName,
  Relation,
  Statement,
  StatementOf,
} from '../../sql/statement.ts';
import { columnRewrite, copiesToMethod, storesExpression } from './rewrites.ts';
import { typeChange } from './type-change.ts';

/** A lock that blocks at least writers, held for as long as it takes to go through the whole relation. */
export interface LongLock {
  readonly relation: Relation;
  readonly mode: LockMode;
  readonly work: 'reads' | 'writes' | 'builds';
  /** "SET NOT NULL", "CREATE INDEX". */
  readonly cause: string;
}

/** What the statement does, for messages: "ALTER COLUMN TYPE … "orders"". */
export const WORK: Readonly<Record<LongLock['work'], string>> = {
  reads: 'reads all of',
  writes: 'writes anew all of',
  builds: 'builds an index over all of',
};

/** Only what is certain from the statement and the schema before it; a change of type from an unknown one is not. */
export function longLocks(statement: Statement, catalog: Catalog): LongLock[] {
  switch (statement.kind) {
    case 'create-index':
      return statement.concurrently || isShellOnly(statement, catalog)
        ? []
        : [{ relation: statement.table, mode: 'SHARE', work: 'builds', cause: 'CREATE INDEX' }];
    case 'cluster':
      return statement.table
        ? [{ relation: statement.table, mode: 'ACCESS EXCLUSIVE', work: 'writes', cause: 'CLUSTER' }]
        : [];
    case 'vacuum':
      return statement.full
        ? statement.tables.map((relation) => ({
            relation,
            mode: 'ACCESS EXCLUSIVE',
            work: 'writes',
            cause: 'VACUUM FULL',
          }))
        : [];
    case 'reindex':
      if (statement.target !== 'table' || !statement.relation || statement.concurrently) return [];
      return [{ relation: statement.relation, mode: 'SHARE', work: 'builds', cause: 'REINDEX' }];
    case 'refresh-materialized-view':
      if (statement.concurrently || !statement.withData) return [];
      return [
        {
          relation: statement.view,
          mode: 'ACCESS EXCLUSIVE',
          work: 'writes',
          cause: 'REFRESH MATERIALIZED VIEW',
        },
      ];
    case 'alter-table':
      return statement.objectType === 'table'
        ? statement.actions.flatMap((action) => ofAction(action, statement, catalog))
        : [];
    default:
      return [];
  }
}

/** ON ONLY a partitioned table makes an index without entries: no partition is locked or read (ddl-partitioning). */
export function isShellOnly(statement: StatementOf<'create-index'>, catalog: Catalog): boolean {
  const kind = catalog.table(statement.table)?.kind;
  // Nobody writes ONLY for a table that has nothing below it.
  return statement.table.only === true && (kind === undefined || kind === 'partitioned');
}

function ofAction(
  action: AlterTableAction,
  statement: StatementOf<'alter-table'>,
  catalog: Catalog,
): LongLock[] {
  const known = catalog.table(statement.table);
  const lock = (work: LongLock['work'], cause: string): LongLock[] => [
    { relation: statement.table, mode: actionLock(action), work, cause },
  ];
  switch (action.action) {
    case 'add-column': {
      if (action.ifNotExists && known?.columns.has(action.column.name)) return [];
      const rewrite = columnRewrite(action.column, catalog);
      if (rewrite && !(rewrite.reason === 'default' && rewrite.judged.volatility === 'unknown'))
        return lock('writes', 'ADD COLUMN');
      const work = action.column.constraints
        // A new column without a default is NULL everywhere: its foreign key is not checked (transformAlterTableStmt).
        .filter(({ type }) => type !== 'foreign-key' || action.column.default)
        .map((constraint) => constraintWork(constraint, statement.table, catalog))
        .find((each) => each === 'reads' || each === 'builds');
      return work === 'reads' || work === 'builds' ? lock(work, 'ADD COLUMN') : [];
    }
    case 'add-constraint': {
      const work = constraintWork(action.constraint, statement.table, catalog);
      return work === undefined ? [] : lock(work === 'not-null' ? 'reads' : work, 'ADD CONSTRAINT');
    }
    case 'set-not-null':
      return isProven(action.column, statement.table, catalog) ? [] : lock('reads', 'SET NOT NULL');
    case 'alter-type': {
      const change = typeChange(known?.columns.get(action.column)?.type, action.type, catalog);
      if (change === 'rewrite') return lock('writes', 'ALTER COLUMN TYPE');
      return change === 'indexes' ? lock('builds', 'ALTER COLUMN TYPE') : [];
    }
    case 'set-logged':
      return known?.persistence === 'permanent' ? [] : lock('writes', 'SET LOGGED');
    case 'set-unlogged':
      return known?.persistence === 'unlogged' ? [] : lock('writes', 'SET UNLOGGED');
    case 'set-expression':
      return storesExpression(action.column, known) ? lock('writes', 'SET EXPRESSION') : [];
    case 'set-tablespace':
      return known?.kind === 'partitioned' ? [] : lock('writes', 'SET TABLESPACE');
    case 'set-access-method':
      return copiesToMethod(action.method, known) ? lock('writes', 'SET ACCESS METHOD') : [];
    default:
      return [];
  }
}

function constraintWork(
  constraint: Constraint,
  table: ObjectName,
  catalog: Catalog,
): 'reads' | 'builds' | 'not-null' | undefined {
  if (constraint.notValid || !constraint.enforced || constraint.usingIndex !== undefined) return undefined;
  if (constraint.type === 'check' || constraint.type === 'foreign-key') return 'reads';
  if (constraint.type === 'not-null')
    return constraint.columns.every((column) => isProven(column, table, catalog)) ? undefined : 'not-null';
  return 'builds';
}

/** NOT NULL already, or a validated CHECK says so: the server scans nothing (sql-altertable, SET NOT NULL). */
function isProven(column: string, table: ObjectName, catalog: Catalog): boolean {
  const known = catalog.table(table);
  if (known?.columns.get(column)?.notNull) return true;
  return [...(known?.constraints.values() ?? [])].some(
    (constraint) => constraint.validated && constraint.enforced && constraint.impliesNotNull.includes(column),
  );
}
