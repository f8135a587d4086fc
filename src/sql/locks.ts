import type { AlterTableAction, LockMode, Relation, Statement, StatementOf } from './statement.ts';

/**
 * The locks on tables and views that a statement takes, from PostgreSQL's documentation (explicit-locking,
 * sql-altertable) and measured with pg_locks on PostgreSQL 18. Left out are locks on what the statement itself
 * creates, and those that take knowledge of the schema: on the table of an index that is dropped, renamed or
 * rebuilt, on the other side of a foreign key that is dropped, validated or altered, on partitions and children
 * of a table, on what CASCADE reaches, on a view that OR REPLACE replaces, on what a view reads, and on what a
 * WITH clause writes to (statements of their own: `inner`). What is measured in the chamber replaces this where a proof exists.
 */
export interface TakenLock {
  readonly relation: Relation;
  readonly mode: LockMode;
}

export const LOCK_STRENGTH: Readonly<Record<LockMode, number>> = {
  'ACCESS SHARE': 1,
  'ROW SHARE': 2,
  'ROW EXCLUSIVE': 3,
  'SHARE UPDATE EXCLUSIVE': 4,
  SHARE: 5,
  'SHARE ROW EXCLUSIVE': 6,
  EXCLUSIVE: 7,
  'ACCESS EXCLUSIVE': 8,
};

/** Blocks INSERT, UPDATE and DELETE of others. */
export function blocksWrites(mode: LockMode): boolean {
  return LOCK_STRENGTH[mode] >= LOCK_STRENGTH.SHARE;
}

/** A dozen rules ask for the same statement. */
let last: { readonly statement: Statement; readonly locks: readonly TakenLock[] } | undefined;

export function locksTaken(statement: Statement): readonly TakenLock[] {
  if (last?.statement !== statement) last = { statement, locks: locksOf(statement) };
  return last.locks;
}

function locksOf(statement: Statement): readonly TakenLock[] {
  switch (statement.kind) {
    case 'alter-table':
      return NO_TABLE.has(statement.objectType) ? [] : alterTableLocks(statement.table, statement.actions);
    case 'create-index':
      return on([statement.table], statement.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
    case 'create-table':
      return createTableLocks(statement);
    case 'drop':
      if (statement.onTable) return on([statement.onTable], 'ACCESS EXCLUSIVE');
      return TABLE_LIKE.has(statement.objectType) ? on(statement.objects, 'ACCESS EXCLUSIVE') : [];
    case 'rename':
      return statement.relation && !NO_TABLE.has(statement.objectType)
        ? on([statement.relation], 'ACCESS EXCLUSIVE')
        : [];
    case 'set-schema':
      return TABLE_LIKE.has(statement.objectType)
        ? on([{ ...statement.object, span: statement.span }], 'ACCESS EXCLUSIVE')
        : [];
    case 'truncate':
      return on(statement.tables, 'ACCESS EXCLUSIVE');
    case 'create-trigger':
      return on([statement.table], 'SHARE ROW EXCLUSIVE');
    case 'create-rule':
    case 'create-policy':
      return on([statement.table], 'ACCESS EXCLUSIVE');
    case 'create-statistics':
      return on(statement.table ? [statement.table] : [], 'SHARE UPDATE EXCLUSIVE');
    case 'lock-table':
      return on(statement.tables, statement.mode);
    case 'refresh-materialized-view':
      return on([statement.view], statement.concurrently ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
    case 'vacuum':
      return on(statement.tables, statement.full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE');
    case 'cluster':
      return on(statement.table ? [statement.table] : [], 'ACCESS EXCLUSIVE');
    case 'reindex':
      if (!statement.relation || statement.target !== 'table') return [];
      return on([statement.relation], statement.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
    case 'analyze':
      return on(statement.tables, 'SHARE UPDATE EXCLUSIVE');
    default:
      return lightLocks(statement);
  }
}

const NO_TABLE: ReadonlySet<string> = new Set(['index', 'type', 'sequence']);
const TABLE_LIKE: ReadonlySet<string> = new Set(['table', 'view', 'materialized-view', 'foreign-table']);

function on(relations: readonly Relation[], mode: LockMode): TakenLock[] {
  return relations.map((relation) => ({ relation, mode }));
}

/** Of statements that read and write rows, and of those that only say something about a table. */
function lightLocks(statement: Statement): readonly TakenLock[] {
  switch (statement.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return [...on([statement.table], 'ROW EXCLUSIVE'), ...reads(statement, statement.table)];
    case 'select':
      // FOR UPDATE OF leaves others at ACCESS SHARE, which blocks no less and no more.
      return on(statement.relations, statement.locking ? 'ROW SHARE' : 'ACCESS SHARE');
    case 'copy':
      if (!statement.table) return on(statement.relations, 'ACCESS SHARE');
      return on([statement.table], statement.direction === 'from' ? 'ROW EXCLUSIVE' : 'ACCESS SHARE');
    case 'create-view':
    case 'create-materialized-view':
      return reads(statement, statement.view);
    case 'create-table-as':
      return reads(statement, statement.table);
    case 'grant':
    case 'revoke':
      return on(statement.relations, 'ACCESS SHARE');
    case 'create-publication':
    case 'alter-publication':
      return on(statement.relations, 'SHARE UPDATE EXCLUSIVE');
    case 'comment': {
      const table = statement.objectType === 'column' ? statement.onTable : statement.object;
      return table && (statement.onTable || TABLE_LIKE.has(statement.objectType))
        ? on([{ ...table, span: statement.span }], 'SHARE UPDATE EXCLUSIVE')
        : [];
    }
    case 'other':
      return statement.node === 'AlterPolicyStmt'
        ? on(statement.relations.slice(0, 1), 'ACCESS EXCLUSIVE')
        : [];
    default:
      return [];
  }
}

/** Everything that stands in the statement but what it writes to or makes. */
function reads(statement: Statement, target: Relation): TakenLock[] {
  return on(
    statement.relations.filter(({ span }) => span.start !== target.span.start),
    'ACCESS SHARE',
  );
}

function createTableLocks(statement: StatementOf<'create-table'>): TakenLock[] {
  const constraints = [
    ...statement.constraints,
    ...statement.columns.flatMap((column) => column.constraints),
  ];
  const referenced = constraints.flatMap(({ references }) => (references ? [references.relation] : []));
  const isOwn = ({ schema, name }: Relation): boolean =>
    name === statement.table.name && schema === statement.table.schema;
  return [
    ...on(statement.partitionOf ? [statement.partitionOf] : [], 'ACCESS EXCLUSIVE'),
    ...on(
      referenced.filter((relation) => !isOwn(relation)),
      'SHARE ROW EXCLUSIVE',
    ),
    ...on(statement.inherits, 'SHARE UPDATE EXCLUSIVE'),
    ...on(statement.like, 'ACCESS SHARE'),
  ];
}

function alterTableLocks(table: Relation, actions: readonly AlterTableAction[]): TakenLock[] {
  const locks: TakenLock[] = [];
  let strongest: LockMode = 'SHARE UPDATE EXCLUSIVE';
  for (const action of actions) {
    const mode = actionLock(action);
    if (LOCK_STRENGTH[mode] > LOCK_STRENGTH[strongest]) strongest = mode;
    if (action.action === 'add-constraint' && action.constraint.references)
      locks.push({ relation: action.constraint.references.relation, mode: 'SHARE ROW EXCLUSIVE' });
    if (action.action === 'add-column') {
      for (const constraint of action.column.constraints)
        if (constraint.references)
          locks.push({ relation: constraint.references.relation, mode: 'SHARE ROW EXCLUSIVE' });
    }
    if (action.action === 'inherit' || action.action === 'no-inherit')
      locks.push({
        relation: action.parent,
        mode: action.action === 'inherit' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS SHARE',
      });
    if (action.action === 'attach-partition')
      locks.push({ relation: action.partition, mode: 'ACCESS EXCLUSIVE' });
    if (action.action === 'detach-partition')
      locks.push({
        relation: action.partition,
        mode: action.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
      });
  }
  return [{ relation: table, mode: strongest }, ...locks];
}

/** Storage parameters that ALTER TABLE changes under SHARE UPDATE EXCLUSIVE (sql-altertable, SET ( storage_parameter )). */
const LIGHT_OPTION =
  /^(?:toast\.)?(?:fillfactor|autovacuum_\w+|vacuum_\w+|log_autovacuum_min_duration|parallel_workers|toast_tuple_target|n_distinct\w*)$/;

/** The lock of one ALTER TABLE action on its table. */
export function actionLock(action: AlterTableAction): LockMode {
  switch (action.action) {
    case 'validate-constraint':
    case 'set-statistics':
    case 'attach-partition':
    case 'cluster-on':
    case 'drop-cluster':
      return 'SHARE UPDATE EXCLUSIVE';
    case 'detach-partition':
      return action.concurrently || action.finalize ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
    case 'set-options':
    case 'reset-options':
      return Object.keys(action.options).every((name) => LIGHT_OPTION.test(name))
        ? 'SHARE UPDATE EXCLUSIVE'
        : 'ACCESS EXCLUSIVE';
    case 'enable-trigger':
    case 'disable-trigger':
      return 'SHARE ROW EXCLUSIVE';
    case 'other':
      // Per-column planner options: ALTER COLUMN … SET (n_distinct = …).
      return action.name === 'AT_SetOptions' || action.name === 'AT_ResetOptions'
        ? 'SHARE UPDATE EXCLUSIVE'
        : 'ACCESS EXCLUSIVE';
    case 'add-constraint':
      return action.constraint.type === 'foreign-key' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE';
    default:
      return 'ACCESS EXCLUSIVE';
  }
}

/** A mode as the documentation of PostgreSQL spells it (explicit-locking): "AccessExclusive" is "ACCESS EXCLUSIVE". */
export function lockMode(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase();
}
