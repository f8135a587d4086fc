import { closest } from '../../migration/did-you-mean.ts';
import type { CatalogTable } from '../../sql/catalog/catalog.ts';
import { isBeyondDoubt, whyMissing } from '../../sql/catalog/horizon.ts';
import type { AlterTableAction, ObjectName, Relation, Statement } from '../../sql/statement.ts';
import type { CheckedMigration, StatementContext } from '../rule.ts';

export interface Missing {
  readonly why: 'gone' | 'never-made';
  /** A table of a name that is nearly the same. */
  readonly meant?: string | undefined;
}

type Knowledge = Pick<StatementContext, 'catalog' | 'migration' | 'nested'>;

/** What migration tools and extensions make for themselves, in no migration. */
const MADE_BY_TOOLS =
  /^(?:_?schema_migrations?|_migration_\w+|_backup_history|_sqlx_migrations|__diesel_schema_migrations|_prisma_migrations|__drizzle_migrations|flyway_schema_history|goose_db_version|gorp_migrations|pgmigrations|migrations?|knex_migrations\w*|databasechangelog\w*|alembic_version|django_migrations|ar_internal_metadata|spatial_ref_sys|geometry_columns|geography_columns|raster_columns|raster_overviews)$/;

/** Tables of a schema from which on what none of its migrations made is taken not to be there. */
const A_FEW = 3;

/**
 * A relation that cannot be there: all that its schema holds was made by the migrations, and they did not make it or
 * took it away. Undefined where anything else is possible.
 */
export function missingRelation(name: ObjectName, context: Knowledge): Missing | undefined {
  const { catalog } = context;
  if (context.nested || context.migration.migration.repeatable || MADE_BY_TOOLS.test(name.name))
    return undefined;
  const why = whyMissing(catalog, name, context.migration.migration.id);
  if (why === undefined) return undefined;
  const key = catalog.key(name);
  const known = lookedUp.get(context.migration) ?? new Map<string, Missing | undefined>();
  lookedUp.set(context.migration, known);
  if (!known.has(key)) known.set(key, lookUp(name, key, why, catalog));
  return known.get(key);
}

/** Several rules ask it of each statement, and each answer takes a look at all tables. */
const lookedUp = new WeakMap<CheckedMigration, Map<string, Missing | undefined>>();

function lookUp(
  name: ObjectName,
  key: string,
  why: Missing['why'],
  catalog: Knowledge['catalog'],
): Missing | undefined {
  const schema = key.slice(0, -name.name.length - 1);
  if (schema === 'information_schema' || schema.startsWith('pg_')) return undefined;
  const names: string[] = [];
  for (const table of catalog.tables()) {
    // The search_path may be set where no statement shows it.
    if (name.schema === undefined && table.name === name.name) return undefined;
    if ((table.schema ?? 'public') === schema) names.push(table.name);
  }
  const meant = names.length > MANY ? undefined : closest(name.name, names);
  if (why === 'gone') return { why, meant };
  if (schema !== 'public' && !catalog.hasSchema(schema)) return undefined;
  return names.length >= A_FEW || meant !== undefined ? { why, meant } : undefined;
}

/** Names; among more than that nobody looks for the nearest. */
const MANY = 2_000;

/** Columns that every table has (ddl-system-columns), and the one that some had. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  'ctid',
  'xmin',
  'xmax',
  'cmin',
  'cmax',
  'tableoid',
  'oid',
]);

/** A table whose columns are all known. */
export function wholeTable(name: ObjectName, context: StatementContext): CatalogTable | undefined {
  const { catalog, migration } = context;
  if (context.nested || migration.migration.repeatable) return undefined;
  const table = catalog.table(name);
  if (!table?.complete || (table.kind !== 'table' && table.kind !== 'partitioned')) return undefined;
  return isBeyondDoubt(catalog, name, migration.migration.id) ? table : undefined;
}

/** Columns of a whole table that a statement names and that are not there; those that it adds itself are. */
export function missingColumns(
  table: CatalogTable,
  named: readonly string[],
  actions: readonly AlterTableAction[] = [],
): readonly string[] {
  return named.filter(
    (column) =>
      !table.columns.has(column) &&
      !SYSTEM_COLUMNS.has(column) &&
      !actions.some((action) => action.action === 'add-column' && action.column.name === column),
  );
}

/** Columns that an action of ALTER TABLE needs to be there. */
export function columnsNeeded(action: AlterTableAction): readonly string[] {
  if (action.action === 'add-constraint') {
    const { type, columns, usingIndex } = action.constraint;
    return type === 'check' || type === 'exclusion' || usingIndex !== undefined ? [] : columns;
  }
  if (!('column' in action) || typeof action.column !== 'string') return [];
  return 'ifExists' in action && action.ifExists ? [] : [action.column];
}

/** For messages: what is in the place of the thing that is missing. */
export function meantBy(name: string, candidates: Iterable<string>): string {
  const meant = closest(name, candidates);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

/** Tables (not views and the like) that a statement needs to be there. */
export function tableNeeded(statement: Statement): Relation | undefined {
  switch (statement.kind) {
    case 'alter-table':
      return statement.objectType === 'table' && !statement.ifExists ? statement.table : undefined;
    case 'create-index':
      return statement.table;
    case 'rename':
      // Of a composite type the name is no relation.
      return (statement.objectType === 'table' || statement.objectType === 'column') &&
        statement.relations.length > 0 &&
        !statement.ifExists
        ? statement.relation
        : undefined;
    default:
      return undefined;
  }
}
