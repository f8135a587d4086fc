import type { Constraint, StatementOf } from '../statement.ts';
import type { CatalogConstraint, CatalogIndex, CatalogTable } from './catalog.ts';
import { indexColumnNames, relationName } from './generated-names.ts';
import { addNotNull } from './not-null.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

type Shape = Pick<
  CatalogIndex,
  'columns' | 'include' | 'unique' | 'method' | 'partial' | 'where' | 'nullsNotDistinct'
>;

const LABELS = { 'primary-key': 'pkey', unique: 'key', exclusion: 'excl' } as const;
type Backed = keyof typeof LABELS;

export function createIndex(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-index'>,
  migrationId: string,
): void {
  const key = catalog.key(statement.table);
  const table = catalog.changeByKey(key);
  const { schema } = table ?? catalog.placeOf(statement.table);
  const shape: Shape = {
    columns: statement.columns,
    include: statement.include,
    unique: statement.unique,
    method: statement.method,
    partial: statement.where !== undefined,
    ...(statement.where ? { where: statement.where } : {}),
    ...(statement.nullsNotDistinct ? { nullsNotDistinct: true } : {}),
  };
  const owner = { key, schema, name: table?.name ?? statement.table.name };
  const name = statement.index ?? chosenName(catalog, owner, shape, 'idx', false);
  if (statement.ifNotExists && catalog.hasRelation(`${schema ?? 'public'}.${name}`)) return;
  const index = put(catalog, owner, { ...shape, name, addedBy: migrationId });
  if (table && statement.table.only !== true) giveToPartitions(catalog, table, index, undefined, migrationId);
}

interface Owner {
  readonly key: string;
  readonly schema?: string | undefined;
  readonly name: string;
}

function chosenName(
  catalog: SchemaCatalog,
  table: Owner,
  shape: Shape,
  label: string,
  isConstraint: boolean,
): string {
  const columns = label === 'pkey' ? undefined : indexColumnNames(shape.columns, shape.include);
  return relationName(catalog, table.schema ?? 'public', table.name, columns, label, isConstraint);
}

function put(
  catalog: SchemaCatalog,
  table: Owner,
  index: Shape & Pick<CatalogIndex, 'name' | 'addedBy' | 'constraint' | 'partitionOf'>,
): CatalogIndex {
  const wanted = `${table.schema ?? 'public'}.${index.name}`;
  const there = catalog.indexByKey(wanted);
  // MySQL's index names are those of one table only.
  const key = there && there.table !== table.key ? `${table.key}.${index.name}` : wanted;
  const made = {
    ...index,
    ...(table.schema === undefined ? {} : { schema: table.schema }),
    table: table.key,
    key,
  };
  catalog.setIndex(made);
  return made;
}

/** PRIMARY KEY, UNIQUE and EXCLUDE: the constraint, its index, and what a primary key does to its columns. */
export function addConstraintIndex(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: Constraint,
  migrationId: string,
  only: boolean,
): void {
  const type = constraint.type as Backed;
  const used =
    constraint.usingIndex === undefined
      ? undefined
      : catalog.indexByKey(`${table.schema ?? 'public'}.${constraint.usingIndex}`);
  const shape: Shape = used ?? shapeOf(constraint);
  const name =
    constraint.name ?? constraint.usingIndex ?? chosenName(catalog, table, shape, LABELS[type], true);
  if (used) catalog.removeIndex(used.key);
  if (type === 'primary-key') {
    for (const { column } of shape.columns)
      if (column !== undefined)
        addNotNull(catalog, table, column, { validated: true, migrationId, only: false });
  }
  const { notValid, references, ...facts } = constraint;
  const columns = shape.columns.flatMap(({ column }) => (column === undefined ? [] : [column]));
  // An index that is not known: neither are the columns of the key.
  if (constraint.usingIndex !== undefined && !used) catalog.incomplete = true;
  const made: CatalogConstraint = {
    ...facts,
    columns: used ? columns : constraint.columns,
    name,
    table: table.key,
    validated: true,
    addedBy: migrationId,
    validatedBy: migrationId,
  };
  catalog.setConstraint(table, made);
  const index = put(catalog, table, {
    ...plain(shape),
    name,
    constraint: name,
    addedBy: used?.addedBy ?? migrationId,
    ...(used?.partitionOf === undefined ? {} : { partitionOf: used.partitionOf }),
  });
  if (!only) giveToPartitions(catalog, table, index, made, migrationId);
}

function shapeOf(constraint: Constraint): Shape {
  const exclusion = constraint.type === 'exclusion';
  return {
    columns: constraint.elements ?? constraint.columns.map((column) => ({ column })),
    include: constraint.include ?? [],
    unique: !exclusion,
    method: constraint.method ?? (exclusion ? 'gist' : 'btree'),
    partial: constraint.where !== undefined,
    ...(constraint.where ? { where: constraint.where } : {}),
    ...(constraint.nullsNotDistinct ? { nullsNotDistinct: true } : {}),
  };
}

function plain(shape: Shape): Shape {
  const { columns, include, unique, method, partial, where, nullsNotDistinct } = shape;
  return {
    columns,
    include,
    unique,
    method,
    partial,
    ...(where ? { where } : {}),
    ...(nullsNotDistinct ? { nullsNotDistinct } : {}),
  };
}

function giveToPartitions(
  catalog: SchemaCatalog,
  table: CatalogTable,
  index: CatalogIndex,
  constraint: CatalogConstraint | undefined,
  migrationId: string,
): void {
  for (const key of table.partitions) {
    const partition = catalog.changeByKey(key);
    if (partition) giveIndex(catalog, partition, index, constraint, migrationId);
  }
}

/** A partitioned index on a partition: one like it that stands there already becomes part of it. */
export function giveIndex(
  catalog: SchemaCatalog,
  partition: CatalogTable,
  index: CatalogIndex,
  constraint: CatalogConstraint | undefined,
  migrationId: string,
): void {
  const like = catalog
    .indexesOf(partition)
    .find(
      (own) =>
        own.partitionOf === undefined &&
        (constraint === undefined || own.constraint !== undefined) &&
        isSameIndex(own, index),
    );
  if (like) {
    catalog.setIndex({ ...like, partitionOf: index.key });
    return;
  }
  // One that may be the same: what stands there then is not known for certain.
  const isVague = index.partial || index.columns.some(({ column }) => column === undefined);
  if (
    isVague &&
    catalog.indexesOf(partition).some((own) => own.partitionOf === undefined && isAlike(own, index))
  ) {
    catalog.incomplete = true;
    return;
  }
  const label = constraint ? LABELS[constraint.type as Backed] : 'idx';
  const name = chosenName(catalog, partition, index, label, constraint !== undefined);
  const given = put(catalog, partition, {
    ...plain(index),
    name,
    addedBy: migrationId,
    partitionOf: index.key,
    ...(constraint ? { constraint: name } : {}),
  });
  const own = constraint && { ...constraint, name, table: partition.key };
  if (own) catalog.setConstraint(partition, own);
  giveToPartitions(catalog, partition, given, own, migrationId);
}

function isAlike(one: CatalogIndex, other: CatalogIndex): boolean {
  return (
    one.partial === other.partial &&
    one.unique === other.unique &&
    one.method === other.method &&
    one.columns.length === other.columns.length
  );
}

/** The text of expressions is not kept, so those never count as the same. */
function isSameIndex(one: CatalogIndex, other: CatalogIndex): boolean {
  const columns = (index: CatalogIndex): string =>
    JSON.stringify(index.columns.map(({ column, opclass }) => [column, opclass]));
  return (
    !one.partial &&
    !other.partial &&
    one.unique === other.unique &&
    one.method === other.method &&
    (one.nullsNotDistinct ?? false) === (other.nullsNotDistinct ?? false) &&
    one.columns.every(({ column }) => column !== undefined) &&
    columns(one) === columns(other) &&
    one.include.join() === other.include.join()
  );
}
