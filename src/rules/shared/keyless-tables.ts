import type { CatalogIndex, CatalogTable } from '../../sql/catalog/catalog.ts';
import type { Statement, StatementOf } from '../../sql/statement.ts';
import type { ChangeContext, CheckedMigration } from '../rule.ts';
import { HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS, tablesTakenOver } from './extension-tables.ts';
import { statementsOfKind } from './section-memo.ts';
import { hasUnread } from './unread.ts';

/** A table that a change makes and leaves without a primary key. */
export interface KeylessTable {
  readonly table: CatalogTable;
  readonly migration: CheckedMigration;
  /** Undefined: the table has another name than the one it was made with. */
  readonly made?: { readonly statement: Creation; readonly nested: boolean } | undefined;
  /** Says what a primary key says: unique, and none of its columns may be NULL. */
  readonly substitute?: CatalogIndex | undefined;
}

type Creation = StatementOf<'create-table' | 'create-table-as'>;

/** Judged at the end of the change: a key that comes with a later migration is a key. */
export function keylessTables(context: ChangeContext): readonly KeylessTable[] {
  const found = known.get(context.changed) ?? [...lookUp(context)];
  known.set(context.changed, found);
  return found;
}

/** Two rules ask it of the same change. */
const known = new WeakMap<readonly CheckedMigration[], readonly KeylessTable[]>();

function* lookUp(context: ChangeContext): Generator<KeylessTable> {
  // What could not be read may add the key.
  if (hasUnread(context.changed)) return;
  const byId = new Map(context.changed.map((migration) => [migration.migration.id, migration]));
  const creations = new Map<CheckedMigration, ReadonlyMap<string, NonNullable<KeylessTable['made']>>>();
  const hypertables = tablesTakenOver(context, HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS);
  for (const table of context.after.tables()) {
    const migration = byId.get(table.addedBy);
    if (!migration || !couldHaveKey(table)) continue;
    // Rows of time series have no identity, and a key of a hypertable would have to hold its partitioning columns.
    if (hypertables.has(table.key)) continue;
    if ([...table.constraints.values()].some(({ type }) => type === 'primary-key')) continue;
    const own = creations.get(migration) ?? creationsOf(migration);
    creations.set(migration, own);
    const made = own.get(table.key) ?? own.get(table.name);
    // The columns of CREATE TABLE AS are never known, but that it makes no key is.
    if (!table.complete && made?.statement.kind !== 'create-table-as') continue;
    yield { table, migration, made, substitute: substituteOf(table, context) };
  }
}

/** A partition has its parent's; a temporary table nobody refers to. */
function couldHaveKey(table: CatalogTable): boolean {
  return (
    (table.kind === 'table' || table.kind === 'partitioned') &&
    table.partitionOf === undefined &&
    table.persistence !== 'temporary'
  );
}

function creationsOf(migration: CheckedMigration): Map<string, NonNullable<KeylessTable['made']>> {
  const found = new Map<string, NonNullable<KeylessTable['made']>>();
  for (const { statement, nested } of statementsOfKind(migration.up, 'create-table', 'create-table-as')) {
    if (!isCreation(statement)) continue;
    const { schema, name } = statement.table;
    found.set(schema === undefined ? name : `${schema}.${name}`, { statement, nested });
  }
  return found;
}

function isCreation(statement: Statement): statement is Creation & Statement {
  return statement.kind === 'create-table' || statement.kind === 'create-table-as';
}

function substituteOf(table: CatalogTable, context: ChangeContext): CatalogIndex | undefined {
  return context.after
    .indexesOf(table)
    .find(
      ({ unique, partial, columns }) =>
        unique &&
        !partial &&
        columns.every(({ column }) => column !== undefined && table.columns.get(column)?.notNull === true),
    );
}
