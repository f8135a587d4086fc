import type { Catalog } from '../../sql/catalog/catalog.ts';
import { blocksWrites, locksTaken, type TakenLock } from '../../sql/locks.ts';
import type { ObjectName, Relation, Statement } from '../../sql/statement.ts';
import type { CheckedMigration, MigrationContext } from '../rule.ts';
import { tableOfIndex } from './keys.ts';
import { missingRelation } from './known-to-miss.ts';

interface Schema {
  readonly catalog: Catalog;
  isNew(relation: ObjectName): boolean;
}

const NONE: readonly never[] = [];

/** The locks of a statement that block writes to tables in use, DROP INDEX (explicit-locking, sql-dropindex) included. */
export function blockingLocks(statement: Statement, schema: Schema): readonly TakenLock[] {
  const taken = locksTaken(statement);
  const onIndexes = dropIndexLocks(statement, schema.catalog);
  if (taken.length + onIndexes.length === 0) return NONE;
  const blocking = [...taken, ...onIndexes].filter(
    ({ relation, mode }) =>
      blocksWrites(mode) &&
      !schema.isNew(relation) &&
      schema.catalog.table(relation)?.persistence !== 'temporary',
  );
  return blocking.length === 0 ? NONE : blocking;
}

/** The same for a statement of a migration's up, judged in the schema before it; looked up once for all rules that ask. */
export function blockingLocksBefore(statement: Statement, context: MigrationContext): readonly TakenLock[] {
  if (statement.kind !== 'drop' && locksTaken(statement).length === 0) return NONE;
  const known = lookedUp.get(context.migration) ?? new Map<Statement, readonly TakenLock[]>();
  lookedUp.set(context.migration, known);
  const found =
    known.get(statement) ??
    blockingLocks(statement, {
      catalog: context.before,
      isNew: (name) => context.isNew(name) || isMissing(name, context),
    });
  known.set(statement, found);
  return found;
}

/** Neither there before the migration nor made by it: unknown-object tells, and there is nothing to lock. */
function isMissing(name: ObjectName, { migration, before, after }: MigrationContext): boolean {
  return [before, after].every(
    (catalog) => missingRelation(name, { catalog, migration, nested: false }) !== undefined,
  );
}

const lookedUp = new WeakMap<CheckedMigration, Map<Statement, readonly TakenLock[]>>();

/**
 * The relation in use from which a statement keeps even readers out until its transaction ends. What it drops
 * is left out: whoever still used that has another problem.
 */
export function heldExclusively(statement: Statement, context: MigrationContext): Relation | undefined {
  if (dropsRelations(statement)) return undefined;
  return blockingLocksBefore(statement, context).find(({ mode }) => mode === 'ACCESS EXCLUSIVE')?.relation;
}

/** DROP of tables or views, not of what stands on them. */
export function dropsRelations(statement: Statement): boolean {
  return (
    statement.kind === 'drop' &&
    ['table', 'view', 'materialized-view', 'foreign-table'].includes(statement.objectType)
  );
}

function dropIndexLocks(statement: Statement, catalog: Catalog): TakenLock[] {
  if (statement.kind !== 'drop' || statement.objectType !== 'index' || statement.concurrently) return [];
  return statement.objects.map((index) => {
    const table = tableOfIndex(catalog, index);
    return { relation: table ? { ...table, span: index.span } : index, mode: 'ACCESS EXCLUSIVE' };
  });
}
