import type { Constraint } from '../statement.ts';
import { addConstraintIndex } from './apply-indexes.ts';
import type { CatalogConstraint, CatalogTable } from './catalog.ts';
import { childrenOf, inheritedByOneMore } from './children.ts';
import { constraintName } from './generated-names.ts';
import { addNotNull } from './not-null.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** Puts a constraint on the table and, where the server does, on its children. */
export function addConstraint(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: Constraint,
  migrationId: string,
  only = false,
): void {
  switch (constraint.type) {
    case 'not-null':
      for (const column of constraint.columns)
        addNotNull(catalog, table, column, {
          name: constraint.name,
          noInherit: constraint.noInherit,
          validated: !constraint.notValid,
          migrationId,
          only,
        });
      break;
    case 'check':
      addCheck(catalog, table, made(catalog, table, constraint, migrationId), only);
      break;
    case 'foreign-key':
      addForeignKey(catalog, table, made(catalog, table, constraint, migrationId));
      break;
    default:
      addConstraintIndex(catalog, table, constraint, migrationId, only);
  }
}

const LABELS = { check: 'check', 'foreign-key': 'fkey' } as const;

function made(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: Constraint,
  migrationId: string,
): CatalogConstraint {
  const { type, columns } = constraint;
  const schema = table.schema ?? 'public';
  const label = type === 'check' ? LABELS.check : LABELS['foreign-key'];
  // The name of a CHECK has a column in it where the condition names one alone.
  const named = type === 'check' && columns.length !== 1 ? undefined : columns;
  const { notValid, references, ...facts } = constraint;
  const validated = !notValid && constraint.enforced;
  return {
    ...facts,
    ...(references ? { references: resolved(catalog, references) } : {}),
    name: constraint.name ?? constraintName(catalog, schema, table.name, named, label),
    table: table.key,
    validated,
    addedBy: migrationId,
    ...(validated ? { validatedBy: migrationId } : {}),
  };
}

function resolved(
  catalog: SchemaCatalog,
  references: NonNullable<Constraint['references']>,
): NonNullable<CatalogConstraint['references']> {
  const key = catalog.key(references.relation);
  const target = catalog.tableByKey(key);
  const schema =
    target?.schema ?? (key.startsWith('public.') ? undefined : catalog.placeOf(references.relation).schema);
  const primary = [...(target?.constraints.values() ?? [])].find(({ type }) => type === 'primary-key');
  return {
    relation: { ...references.relation, ...(schema === undefined ? {} : { schema }), key },
    columns: references.columns.length > 0 ? references.columns : (primary?.columns ?? []),
  };
}

function addCheck(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: CatalogConstraint,
  only: boolean,
): void {
  catalog.setConstraint(table, constraint);
  if (!only) inheritCheck(catalog, table, constraint);
}

function inheritCheck(catalog: SchemaCatalog, table: CatalogTable, constraint: CatalogConstraint): void {
  if (constraint.noInherit) return;
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    if (!child) continue;
    giveCheck(catalog, child, constraint);
    inheritCheck(catalog, child, constraint);
  }
}

/** A parent's CHECK on a child: one of that name there already is the same one. */
export function giveCheck(catalog: SchemaCatalog, child: CatalogTable, constraint: CatalogConstraint): void {
  const there = child.constraints.get(constraint.name);
  if (there) there.inheritance = inheritedByOneMore(there.inheritance);
  else
    catalog.setConstraint(child, {
      ...constraint,
      table: child.key,
      inheritance: { local: false, parents: 1 },
    });
}

function addForeignKey(catalog: SchemaCatalog, table: CatalogTable, constraint: CatalogConstraint): void {
  catalog.setConstraint(table, constraint);
  for (const key of table.partitions) {
    const partition = catalog.changeByKey(key);
    if (partition) giveForeignKey(catalog, partition, constraint);
  }
}

/** A partitioned table's foreign key on a partition, which may have the same one already. */
export function giveForeignKey(
  catalog: SchemaCatalog,
  partition: CatalogTable,
  constraint: CatalogConstraint,
): void {
  for (const there of partition.constraints.values()) {
    if (there.parentConstraint !== undefined || !isSameForeignKey(there, constraint)) continue;
    catalog.setConstraint(partition, { ...there, parentConstraint: constraint.name });
    return;
  }
  const schema = partition.schema ?? 'public';
  const name = partition.constraints.has(constraint.name)
    ? constraintName(catalog, schema, partition.name, constraint.columns, LABELS['foreign-key'])
    : constraint.name;
  addForeignKey(catalog, partition, {
    ...constraint,
    name,
    table: partition.key,
    parentConstraint: constraint.name,
  });
}

function isSameForeignKey(one: CatalogConstraint, other: CatalogConstraint): boolean {
  return (
    one.type === 'foreign-key' &&
    other.type === 'foreign-key' &&
    one.columns.join() === other.columns.join() &&
    one.references?.relation.key === other.references?.relation.key &&
    one.references?.columns.join() === other.references?.columns.join() &&
    (one.onDelete ?? 'no-action') === (other.onDelete ?? 'no-action') &&
    one.deferrable === other.deferrable &&
    one.enforced === other.enforced
  );
}
