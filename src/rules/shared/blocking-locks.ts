import type { Catalog } from '../../sql/catalog/catalog.ts';
import { blocksWrites, locksTaken, type TakenLock } from '../../sql/locks.ts';
import type { ObjectName, Statement } from '../../sql/statement.ts';
import { tableOfIndex } from './keys.ts';

interface Schema {
  readonly catalog: Catalog;
  isNew(relation: ObjectName): boolean;
}

/** The locks of a statement that block writes to tables in use, DROP INDEX (explicit-locking, sql-dropindex) included. */
export function blockingLocks(statement: Statement, schema: Schema): readonly TakenLock[] {
  return [...locksTaken(statement), ...dropIndexLocks(statement, schema.catalog)].filter(
    ({ relation, mode }) => blocksWrites(mode) && !schema.isNew(relation) && schema.catalog.table(relation)?.persistence !== 'temporary',
  );
}

/** Those that keep even readers out. */
export function exclusiveLocks(statement: Statement, schema: Schema): readonly TakenLock[] {
  return blockingLocks(statement, schema).filter(({ mode }) => mode === 'ACCESS EXCLUSIVE');
}

function dropIndexLocks(statement: Statement, catalog: Catalog): TakenLock[] {
  if (statement.kind !== 'drop' || statement.objectType !== 'index' || statement.concurrently) return [];
  return statement.objects.map((index) => {
    const table = tableOfIndex(catalog, index);
    return { relation: table ? { ...table, span: index.span } : index, mode: 'ACCESS EXCLUSIVE' };
  });
}
