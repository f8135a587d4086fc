import type { Catalog } from '../../sql/catalog/catalog.ts';
import { blocksWrites, locksTaken, type TakenLock } from '../../sql/locks.ts';
import type { ObjectName, Relation, Statement } from '../../sql/statement.ts';
import { tableOfIndex } from './keys.ts';

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
  return [...taken, ...onIndexes].filter(
    ({ relation, mode }) =>
      blocksWrites(mode) &&
      !schema.isNew(relation) &&
      schema.catalog.table(relation)?.persistence !== 'temporary',
  );
}

/** Those that keep even readers out. */
export function exclusiveLocks(statement: Statement, schema: Schema): readonly TakenLock[] {
  const blocking = blockingLocks(statement, schema);
  return blocking.length === 0 ? NONE : blocking.filter(({ mode }) => mode === 'ACCESS EXCLUSIVE');
}

/**
 * The relation in use from which a statement keeps even readers out until its transaction ends. What it drops
 * is left out: whoever still used that has another problem.
 */
export function heldExclusively(statement: Statement, schema: Schema): Relation | undefined {
  if (dropsRelations(statement)) return undefined;
  return exclusiveLocks(statement, schema)[0]?.relation;
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
