import type { Column, Expression } from '../statement.ts';
import { addConstraint } from './apply-constraints.ts';
import type { CatalogColumn, CatalogTable } from './catalog.ts';
import { childrenOf, inheritedByOneMore } from './children.ts';
import { relationName } from './generated-names.ts';
import { addNotNull } from './not-null.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** Puts the column into the table and, unless ONLY was written, into its children, with its inline constraints. */
export function addColumn(
  catalog: SchemaCatalog,
  table: CatalogTable,
  column: Column,
  migrationId: string,
  only = false,
): void {
  defineColumn(catalog, table, column);
  constrainColumn(catalog, table, column, migrationId, only);
}

/** The column without its constraints. One that the table inherits becomes its own too. */
export function defineColumn(catalog: SchemaCatalog, table: CatalogTable, column: Column): void {
  const inherited = table.columns.get(column.name);
  table.columns.set(column.name, {
    ...(inherited?.inheritance
      ? { ...inherited, inheritance: { ...inherited.inheritance, local: table.partitionOf === undefined } }
      : { notNull: false }),
    name: column.name,
    ...(column.type ? { type: catalog.resolvedType(column.type) } : {}),
    ...(column.default ? { default: column.default } : {}),
    ...(column.identity ? { identity: column.identity } : {}),
    ...(column.generated ? { generated: column.generated } : {}),
    ...(column.collation === undefined ? {} : { collation: column.collation }),
  });
  if (column.type?.serial || column.identity) addSequence(catalog, table, column.name);
  const own = table.columns.get(column.name);
  if (own && column.type?.serial) own.default = nextValue(column.type.span);
}

/** The sequence behind serial and identity columns (datatype-serial of the documentation). */
export function addSequence(catalog: SchemaCatalog, table: CatalogTable, column: string): void {
  const schema = table.schema ?? 'public';
  const name = relationName(catalog, schema, table.name, [column], 'seq', false);
  const { key, ...place } = catalog.placeOf({ schema, name });
  catalog.setSequence(key, { ...place, ownedBy: `${table.key}.${column}` });
}

function nextValue(span: Expression['span']): Expression {
  const functions = [{ name: 'nextval' }];
  return { span, constant: false, isNull: false, volatility: 'volatile', functions, columns: [] };
}

/** NOT NULL first, then checks, indexes and foreign keys, as the server does. */
export function constrainColumn(
  catalog: SchemaCatalog,
  table: CatalogTable,
  column: Column,
  migrationId: string,
  only: boolean,
): void {
  for (const key of only ? [] : childrenOf(table)) {
    const child = catalog.changeByKey(key);
    if (child) inheritColumn(catalog, child, column, table, migrationId);
  }
  const notNull = column.constraints.find(({ type }) => type === 'not-null');
  if (column.notNull && (notNull || column.identity || column.type?.serial))
    addNotNull(catalog, table, column.name, {
      name: notNull?.name,
      noInherit: notNull?.noInherit,
      validated: notNull?.notValid !== true,
      migrationId,
      only,
    });
  for (const constraint of column.constraints)
    if (constraint.type !== 'not-null')
      addConstraint(catalog, table, { ...constraint, notValid: false }, migrationId, only);
}

function inheritColumn(
  catalog: SchemaCatalog,
  child: CatalogTable,
  column: Column,
  parent: CatalogTable,
  migrationId: string,
): void {
  const there = child.columns.get(column.name);
  const given = parent.columns.get(column.name);
  if (!given) return;
  if (there) there.inheritance = inheritedByOneMore(there.inheritance);
  else child.columns.set(column.name, inherited(given, child.partitionOf !== undefined));
  for (const key of childrenOf(child)) {
    const grandchild = catalog.changeByKey(key);
    if (grandchild) inheritColumn(catalog, grandchild, column, child, migrationId);
  }
}

/** A parent's column as a new child has it: identity goes to partitions only. */
export function inherited(column: CatalogColumn, isPartition: boolean): CatalogColumn {
  return {
    ...column,
    ...(isPartition ? {} : { identity: undefined }),
    notNull: false,
    inheritance: { local: false, parents: 1 },
  };
}
