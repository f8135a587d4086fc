import type { AlterTableAction, LockMode, Relation, Statement } from './statement.ts';

/**
 * The table locks a statement takes, from PostgreSQL's documentation (explicit-locking, sql-altertable).
 * Locks on catalogs and on objects that the statement itself creates are left out. What is measured in the
 * chamber replaces this where a proof exists.
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

export function locksTaken(statement: Statement): readonly TakenLock[] {
  switch (statement.kind) {
    case 'alter-table':
      if (
        statement.objectType === 'index' ||
        statement.objectType === 'type' ||
        statement.objectType === 'sequence'
      )
        return [];
      return alterTableLocks(statement.table, statement.actions);
    case 'create-index':
      return [
        { relation: statement.table, mode: statement.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE' },
      ];
    case 'create-table':
      return [
        ...(statement.partitionOf
          ? [{ relation: statement.partitionOf, mode: 'ACCESS EXCLUSIVE' } as const]
          : []),
        ...[...statement.constraints, ...statement.columns.flatMap((column) => column.constraints)]
          .filter((constraint) => constraint.references)
          .map(
            (constraint) =>
              ({
                relation: constraint.references?.relation ?? statement.table,
                mode: 'SHARE ROW EXCLUSIVE',
              }) as const,
          ),
      ];
    case 'drop':
      if (statement.onTable) return [{ relation: statement.onTable, mode: 'ACCESS EXCLUSIVE' }];
      if (statement.objectType === 'index') return [];
      if (['table', 'view', 'materialized-view', 'foreign-table'].includes(statement.objectType))
        return statement.objects.map((relation) => ({ relation, mode: 'ACCESS EXCLUSIVE' }) as const);
      return [];
    case 'rename':
      return statement.relation && statement.objectType !== 'index'
        ? [{ relation: statement.relation, mode: 'ACCESS EXCLUSIVE' }]
        : [];
    case 'set-schema':
      return statement.objectType === 'table'
        ? [{ relation: { ...statement.object, span: statement.span }, mode: 'ACCESS EXCLUSIVE' }]
        : [];
    case 'truncate':
      return statement.tables.map((relation) => ({ relation, mode: 'ACCESS EXCLUSIVE' }));
    case 'create-trigger':
      return [{ relation: statement.table, mode: 'SHARE ROW EXCLUSIVE' }];
    case 'create-rule':
    case 'create-policy':
      return [{ relation: statement.table, mode: 'ACCESS EXCLUSIVE' }];
    case 'lock-table':
      return statement.tables.map((relation) => ({ relation, mode: statement.mode }));
    case 'refresh-materialized-view':
      return [{ relation: statement.view, mode: statement.concurrently ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE' }];
    case 'vacuum':
      return statement.tables.map((relation) => ({
        relation,
        mode: statement.full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE',
      }));
    case 'cluster':
      return statement.table ? [{ relation: statement.table, mode: 'ACCESS EXCLUSIVE' }] : [];
    case 'reindex':
      if (!statement.relation || statement.target !== 'table') return [];
      return [
        { relation: statement.relation, mode: statement.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE' },
      ];
    case 'analyze':
      return statement.tables.map((relation) => ({ relation, mode: 'SHARE UPDATE EXCLUSIVE' }));
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return [{ relation: statement.table, mode: 'ROW EXCLUSIVE' }];
    default:
      return [];
  }
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
