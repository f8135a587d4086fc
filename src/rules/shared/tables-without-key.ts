import type { CatalogIndex, CatalogTable } from '../../sql/catalog/catalog.ts';
import type { ObjectName, StatementOf } from '../../sql/statement.ts';
import type { ChangeContext, CheckedMigration } from '../rule.ts';
import { HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS, tablesTakenOver } from './extension-tables.ts';
import { statementsOf } from './section-memo.ts';
import { hasUnreadSteps } from './unread.ts';

export interface TableWithoutKey {
  readonly table: CatalogTable;
  readonly statement: StatementOf<'create-table'>;
  readonly migration: CheckedMigration;
  readonly nested: boolean;
  /** A unique index over columns that are all NOT NULL: it could be the primary key. */
  readonly candidate?: CatalogIndex | undefined;
}

/**
 * Tables that the change makes and that have no primary key at its end. Left out: temporary and foreign tables,
 * partitions and heirs (their key is the parent's business), hypertables, and all where something of the change
 * could not be read and may add the key.
 */
export function* tablesWithoutKey(context: ChangeContext): Generator<TableWithoutKey> {
  const { after, changed } = context;
  const ids = new Set(changed.map(({ migration }) => migration.id));
  const lacking = new Map<string, CatalogTable>();
  for (const table of after.tables()) {
    if (
      ids.has(table.addedBy) &&
      (table.kind === 'table' || table.kind === 'partitioned') &&
      table.persistence !== 'temporary' &&
      table.partitionOf === undefined &&
      table.parents.size === 0 &&
      ![...table.constraints.values()].some(({ type }) => type === 'primary-key')
    )
      lacking.set(table.key, table);
  }
  if (lacking.size === 0 || changed.some(({ up }) => hasUnreadSteps(up))) return;
  const hypertables = tablesTakenOver(context, HYPERTABLE_FUNCTIONS, HYPERTABLE_OPTIONS);
  for (const [key, made] of createdTables(context)) {
    const table = lacking.get(key);
    if (!table || table.addedBy !== made.migration.migration.id || hypertables.has(key)) continue;
    if (!mayInherit(made.statement, context))
      yield { table, ...made, candidate: candidateOf(table, context) };
  }
}

type Created = Pick<TableWithoutKey, 'statement' | 'migration' | 'nested'>;

/** CREATE TABLE statements of the change by the key that their table has at its end: a new table may be renamed. */
function createdTables({ after, changed }: ChangeContext): ReadonlyMap<string, Created> {
  const created = new Map<string, Created>();
  for (const migration of changed) {
    for (const { statement, nested } of statementsOf(migration.up)) {
      if (statement.kind === 'create-table') {
        const key = after.key(statement.table);
        if (!statement.ifNotExists || !created.has(key)) created.set(key, { statement, migration, nested });
      } else if (statement.kind === 'rename' && statement.objectType === 'table' && statement.relation) {
        const { schema } = statement.relation;
        const made = created.get(after.key(statement.relation));
        created.delete(after.key(statement.relation));
        if (made) created.set(after.key({ schema, name: statement.to }), made);
      }
    }
  }
  return created;
}

/** LIKE … INCLUDING INDEXES of a table that is not known, or whose constraints are not. */
function mayInherit(statement: StatementOf<'create-table'>, { after, before }: ChangeContext): boolean {
  const isUnknown = (name: ObjectName): boolean => !after.table(name) && !before.table(name);
  return statement.like.some((source) => source.including.includes('indexes') && isUnknown(source));
}

function candidateOf(table: CatalogTable, { after }: ChangeContext): CatalogIndex | undefined {
  const name = { schema: table.schema, name: table.name };
  return after
    .indexesOf(name)
    .find(
      ({ unique, partial, columns }) =>
        unique &&
        !partial &&
        columns.every(({ column }) => column !== undefined && table.columns.get(column)?.notNull === true),
    );
}
