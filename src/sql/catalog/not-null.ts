import type { CatalogConstraint, CatalogTable } from './catalog.ts';
import { childrenOf, inheritedByOneMore } from './children.ts';
import { constraintName } from './generated-names.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

interface NotNull {
  readonly name?: string | undefined;
  readonly noInherit?: boolean | undefined;
  readonly validated: boolean;
  readonly migrationId: string;
  /** Leave the children alone. */
  readonly only: boolean;
  /** It comes from a parent. */
  readonly inherited?: boolean | undefined;
}

export function notNullOf(table: CatalogTable, column: string): CatalogConstraint | undefined {
  for (const constraint of table.constraints.values())
    if (constraint.type === 'not-null' && constraint.columns[0] === column) return constraint;
  return undefined;
}

/**
 * Makes a column NOT NULL. Since PostgreSQL 18 that is a constraint with a name (ddl-constraints of its
 * documentation); a column has one at most, and one that is NOT VALID becomes valid here.
 */
export function addNotNull(
  catalog: SchemaCatalog,
  table: CatalogTable,
  column: string,
  wanted: NotNull,
): void {
  const own = table.columns.get(column);
  if (own && wanted.validated) own.notNull = true;
  const there = notNullOf(table, column);
  if (there) {
    if (wanted.validated && !there.validated) {
      there.validated = true;
      there.validatedBy = wanted.migrationId;
    }
    const inheritance = there.inheritance;
    if (wanted.inherited) there.inheritance = inheritedByOneMore(inheritance);
    else if (inheritance) there.inheritance = { ...inheritance, local: true };
  } else catalog.setConstraint(table, made(catalog, table, column, wanted));
  if (wanted.only || wanted.noInherit || (there && !wanted.inherited)) return;
  const name = table.constraints.has(wanted.name ?? '') ? wanted.name : notNullOf(table, column)?.name;
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    if (child) addNotNull(catalog, child, column, { ...wanted, name, inherited: true });
  }
}

function made(
  catalog: SchemaCatalog,
  table: CatalogTable,
  column: string,
  wanted: NotNull,
): CatalogConstraint {
  const given = wanted.inherited && table.constraints.has(wanted.name ?? '') ? undefined : wanted.name;
  const name = given ?? constraintName(catalog, table.schema ?? 'public', table.name, [column], 'not_null');
  return {
    type: 'not-null',
    name,
    table: table.key,
    columns: [column],
    inline: true,
    deferrable: false,
    enforced: true,
    impliesNotNull: [],
    validated: wanted.validated,
    addedBy: wanted.migrationId,
    ...(wanted.validated ? { validatedBy: wanted.migrationId } : {}),
    ...(wanted.noInherit ? { noInherit: true } : {}),
    ...(wanted.inherited ? { inheritance: { local: false, parents: 1 } } : {}),
  };
}
