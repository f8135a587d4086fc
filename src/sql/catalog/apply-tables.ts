import type { Constraint, LikeSource, StatementOf } from '../statement.ts';
import { addSequence, constrainColumn, defineColumn, inherited } from './apply-columns.ts';
import { addConstraint, giveCheck, giveForeignKey } from './apply-constraints.ts';
import { giveIndex } from './apply-indexes.ts';
import type { CatalogColumn, CatalogTable } from './catalog.ts';
import { inheritedByOneMore } from './children.ts';
import { addKey, newTable } from './new-table.ts';
import { addNotNull, notNullOf } from './not-null.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

export function createTable(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-table'>,
  migrationId: string,
): void {
  const isTemporary = statement.persistence === 'temporary';
  const place = catalog.placeOf(statement.table, isTemporary);
  if (statement.ifNotExists && catalog.hasRelation(place.key)) return;
  const parent = statement.partitionOf && catalog.change(statement.partitionOf);
  const kind =
    statement.node === 'CreateForeignTableStmt'
      ? 'foreign-table'
      : statement.partitionBy
        ? 'partitioned'
        : 'table';
  // An older table of that name: what made it go was not seen.
  catalog.removeTable(place.key);
  const made = newTable(place, kind, migrationId, statement.persistence);
  const placed: CatalogTable = statement.partitionOf
    ? { ...made, partitionOf: parent?.key ?? catalog.key(statement.partitionOf) }
    : made;
  const accessMethod = statement.accessMethod ?? parent?.accessMethod ?? catalog.defaultAccessMethod;
  const table = accessMethod === undefined ? placed : { ...placed, accessMethod };
  catalog.setTable(table);
  if (statement.ofType || (statement.partitionOf && !parent)) table.complete = false;
  if (parent) {
    if (statement.isDefaultPartition) parent.defaultPartition = table.key;
    takeColumns(table, parent);
  }
  const parents = statement.inherits.map((relation) => catalog.change(relation));
  for (const each of parents) {
    if (each) takeColumns(table, each);
    else table.complete = false;
  }
  for (const source of statement.like) likeColumns(catalog, table, source);
  for (const column of statement.columns) defineColumn(catalog, table, column);
  for (const source of statement.like) likeNotNull(catalog, table, source, migrationId);
  constrain(catalog, table, statement, migrationId);
  for (const each of [parent, ...parents]) {
    if (!each) continue;
    if (each === parent) addKey(each, 'partitions', table.key);
    else {
      addKey(each, 'heirs', table.key);
      addKey(table, 'parents', each.key);
    }
    takeConstraints(catalog, table, each, migrationId);
  }
  if (parent) takeIndexes(catalog, table, parent, migrationId);
  for (const source of statement.like) likeRest(catalog, table, source, migrationId);
}

/** Checks and NOT NULL first, then the primary key, other indexes, and foreign keys: the server's order. */
function constrain(
  catalog: SchemaCatalog,
  table: CatalogTable,
  statement: StatementOf<'create-table'>,
  migrationId: string,
): void {
  const inline = statement.columns.flatMap((column) => column.constraints);
  const all = [...inline, ...statement.constraints];
  // In CREATE TABLE there is nothing to check yet, so NOT VALID says nothing.
  const add = (constraint: Constraint): void =>
    addConstraint(catalog, table, { ...constraint, notValid: false }, migrationId);
  for (const constraint of all) if (constraint.type === 'check') add(constraint);
  for (const constraint of statement.constraints) if (constraint.type === 'not-null') add(constraint);
  for (const column of statement.columns) {
    const constraints = column.constraints.filter(({ type }) => type === 'not-null');
    constrainColumn(catalog, table, { ...column, constraints }, migrationId, false);
  }
  for (const constraint of distinctKeys(all)) add(constraint);
  for (const constraint of all) if (constraint.type === 'foreign-key') add(constraint);
}

/** The primary key first; of equal keys one is made, which takes the name of whichever has one. */
function distinctKeys(constraints: readonly Constraint[]): Constraint[] {
  const shape = ({ type, columns, include, nullsNotDistinct, deferrable }: Constraint): string =>
    JSON.stringify([type === 'exclusion', columns, include ?? [], nullsNotDistinct ?? false, deferrable]);
  const kept: Constraint[] = [];
  const keys = [
    ...constraints.filter(({ type }) => type === 'primary-key'),
    ...constraints.filter(({ type }) => type === 'unique' || type === 'exclusion'),
  ];
  for (const key of keys) {
    const same = key.type === 'unique' ? kept.findIndex((each) => shape(each) === shape(key)) : -1;
    const first = kept[same];
    if (first) kept[same] = { ...first, name: first.name ?? key.name };
    else kept.push(key);
  }
  return kept;
}

/** Columns of a parent; one that two parents give is one column. */
function takeColumns(table: CatalogTable, parent: CatalogTable): void {
  if (!parent.complete) table.complete = false;
  for (const [name, column] of parent.columns) {
    const there = table.columns.get(name);
    if (there) there.inheritance = inheritedByOneMore(there.inheritance);
    else table.columns.set(name, inherited(column, table.partitionOf !== undefined));
  }
}

/** CHECK and NOT NULL of a parent, on a table that became its child. */
export function takeConstraints(
  catalog: SchemaCatalog,
  table: CatalogTable,
  parent: CatalogTable,
  migrationId: string,
): void {
  for (const constraint of [...parent.constraints.values()]) {
    if (constraint.noInherit) continue;
    if (constraint.type === 'check') giveCheck(catalog, table, constraint);
    for (const column of constraint.type === 'not-null' ? constraint.columns : [])
      addNotNull(catalog, table, column, {
        name: constraint.name,
        validated: constraint.validated,
        migrationId,
        only: false,
        inherited: true,
      });
  }
}

/** Indexes and foreign keys of a partitioned table, on a table that became its partition. */
export function takeIndexes(
  catalog: SchemaCatalog,
  partition: CatalogTable,
  parent: CatalogTable,
  migrationId: string,
): void {
  for (const index of catalog.indexesOf(parent)) {
    const constraint = index.constraint === undefined ? undefined : parent.constraints.get(index.constraint);
    giveIndex(catalog, partition, index, constraint, migrationId);
  }
  for (const constraint of [...parent.constraints.values()])
    if (constraint.type === 'foreign-key') giveForeignKey(catalog, partition, constraint);
}

/** LIKE copies columns at once, with what INCLUDING names (sql-createtable). */
function likeColumns(catalog: SchemaCatalog, table: CatalogTable, source: LikeSource): void {
  const known = catalog.table(source);
  if (!known?.complete) table.complete = false;
  for (const column of known?.columns.values() ?? []) {
    const copy: CatalogColumn = {
      ...column,
      // The copy draws from the same sequence and has none of its own.
      ...(column.type ? { type: { ...column.type, serial: false } } : {}),
      notNull: false,
      inheritance: undefined,
    };
    if (!source.including.includes('defaults')) copy.default = undefined;
    if (!source.including.includes('identity')) copy.identity = undefined;
    if (!source.including.includes('generated')) copy.generated = undefined;
    table.columns.set(column.name, copy);
    if (copy.identity) addSequence(catalog, table, column.name);
  }
}

/** NOT NULL goes along whatever is included, under its name. */
function likeNotNull(
  catalog: SchemaCatalog,
  table: CatalogTable,
  source: LikeSource,
  migrationId: string,
): void {
  const known = catalog.table(source);
  for (const column of known?.columns.values() ?? []) {
    const there = known && notNullOf(known, column.name);
    if (!there && !column.notNull) continue;
    const { name, noInherit } = there ?? {};
    addNotNull(catalog, table, column.name, { name, noInherit, migrationId, only: false, validated: true });
  }
}

function likeRest(
  catalog: SchemaCatalog,
  table: CatalogTable,
  source: LikeSource,
  migrationId: string,
): void {
  const known = catalog.table(source);
  if (!known) return;
  for (const constraint of known.constraints.values()) {
    if (constraint.type !== 'check' || !source.including.includes('constraints')) continue;
    const { parentConstraint, ...facts } = constraint;
    catalog.setConstraint(table, {
      ...facts,
      table: table.key,
      inheritance: undefined,
      addedBy: migrationId,
    });
  }
  if (!source.including.includes('indexes')) return;
  for (const index of catalog.indexesOf(known)) copyIndex(catalog, table, known, index.key, migrationId);
}

/** An index of the source, under a name made for the copy. */
function copyIndex(
  catalog: SchemaCatalog,
  table: CatalogTable,
  source: CatalogTable,
  key: string,
  migrationId: string,
): void {
  const index = catalog.indexByKey(key);
  if (!index) return;
  const constraint = index.constraint === undefined ? undefined : source.constraints.get(index.constraint);
  const { partitionOf, ...whole } = index;
  giveIndex(catalog, table, whole, constraint, migrationId);
  // It is no part of the source's index, as a partition's would be.
  for (const own of catalog.indexesOf(table)) {
    if (own.partitionOf !== key) continue;
    const { partitionOf: of, ...free } = own;
    catalog.setIndex(free);
  }
}
