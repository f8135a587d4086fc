import type { ObjectName } from '../statement.ts';
import type { CatalogTable } from './catalog.ts';
import { addKey, NONE } from './new-table.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** What changes of a name. */
type Change = { readonly name: string } | { readonly schema: string };

interface Place {
  readonly schema?: string | undefined;
  readonly name: string;
  readonly key: string;
}

function placeAfter(from: ObjectName, change: Change): Place {
  const name = 'name' in change ? change.name : from.name;
  const schema = 'schema' in change ? change.schema : from.schema;
  // As people write it: `public` stands where it was written only.
  const shown = 'schema' in change && schema === 'public' ? undefined : schema;
  return { schema: shown, name, key: `${schema ?? 'public'}.${name}` };
}

/** Gives a table, view or sequence another name or schema; what refers to it follows. */
export function moveRelation(catalog: SchemaCatalog, from: string, change: Change): void {
  const sequence = catalog.sequence({ name: from, key: from });
  if (sequence) {
    const { key, ...place } = placeAfter(sequence, change);
    catalog.removeSequence(from);
    catalog.setSequence(key, { ...sequence, ...place });
  }
  const table = catalog.changeByKey(from);
  if (!table) return;
  const place = placeAfter(table, change);
  const indexes = catalog.indexesOf(table);
  const parent = table.partitionOf === undefined ? undefined : catalog.changeByKey(table.partitionOf);
  const isDefault = parent?.defaultPartition === from;
  const moved: CatalogTable = { ...table, ...place, constraints: new Map(), indexes: NONE };
  catalog.removeTable(from);
  catalog.setTable(moved);
  for (const constraint of table.constraints.values())
    catalog.setConstraint(moved, { ...constraint, table: place.key });
  for (const index of indexes) {
    const key = `${place.schema ?? 'public'}.${index.name}`;
    for (const part of catalog.partsOfIndex({ ...index, table: place.key }))
      catalog.setIndex({ ...part, partitionOf: key });
    catalog.setIndex({ ...index, schema: place.schema, table: place.key, key });
  }
  addKey(parent, 'partitions', place.key);
  if (parent && isDefault) parent.defaultPartition = place.key;
  follow(catalog, moved, table, from, change);
}

/** Everything that names the relation by key. */
function follow(
  catalog: SchemaCatalog,
  moved: CatalogTable,
  old: CatalogTable,
  from: string,
  change: Change,
): void {
  const { key } = moved;
  for (const parent of old.parents) addKey(catalog.changeByKey(parent), 'heirs', key);
  for (const heir of old.heirs) addKey(catalog.changeByKey(heir), 'parents', key);
  for (const partition of old.partitions) {
    const part = catalog.changeByKey(partition);
    if (part) catalog.setTable({ ...part, partitionOf: key });
  }
  for (const table of [...catalog.tables()]) {
    if (table.reads.has(from)) {
      const own = catalog.changeByKey(table.key);
      own?.reads.delete(from);
      addKey(own, 'reads', key);
    }
    for (const constraint of [...table.constraints.values()]) {
      const { references } = constraint;
      if (!references || references.relation.key !== from) continue;
      const relation = { ...references.relation, schema: moved.schema, name: moved.name, key };
      catalog
        .changeByKey(table.key)
        ?.constraints.set(constraint.name, { ...constraint, references: { ...references, relation } });
    }
  }
  retype(catalog, from, moved);
  for (const [sequence, { ownedBy }] of [...catalog.sequences()]) {
    if (!ownedBy?.startsWith(`${from}.`)) continue;
    const owned = {
      ...catalog.sequence({ name: sequence, key: sequence }),
      ownedBy: `${key}${ownedBy.slice(from.length)}`,
    };
    const { name = sequence, schema } = owned;
    catalog.setSequence(sequence, { ...owned, name, schema });
    // Owned sequences go along into another schema.
    if ('schema' in change) moveRelation(catalog, sequence, change);
  }
}

/** Columns of a type that was renamed. */
function retype(catalog: SchemaCatalog, from: string, place: Place): void {
  for (const { table, column: name } of catalog.columnsOfType({
    name: from.slice(from.indexOf('.') + 1),
    key: from,
  })) {
    const column = catalog.changeByKey(table)?.columns.get(name);
    if (column?.type)
      column.type = { ...column.type, schema: place.schema, name: place.name, key: place.key };
  }
}

export function moveIndex(catalog: SchemaCatalog, from: string, change: { readonly name: string }): void {
  const index = catalog.indexByKey(from);
  if (!index) return;
  const place = placeAfter(index, change);
  const parts = catalog.partsOfIndex(index);
  catalog.removeIndex(from);
  catalog.setIndex({ ...index, ...place });
  for (const part of parts) catalog.setIndex({ ...part, partitionOf: place.key });
}

export function moveType(catalog: SchemaCatalog, from: string, change: Change): void {
  const type = catalog.type({ name: from, key: from });
  if (!type) return;
  const place = placeAfter(type, change);
  const moved = { ...type, ...place };
  retype(catalog, from, place);
  catalog.removeType({ name: from, key: from });
  catalog.setType(moved);
}

export function moveSchema(catalog: SchemaCatalog, from: string, to: string): void {
  catalog.routines.moveSchema(from, to);
  catalog.removeSchema(from);
  catalog.addSchema(to);
  const change = { schema: to };
  const isIn = ({ schema }: ObjectName): boolean => (schema ?? 'public') === from;
  for (const type of [...catalog.types()]) if (isIn(type)) moveType(catalog, type.key, change);
  for (const table of [...catalog.tables()]) if (isIn(table)) moveRelation(catalog, table.key, change);
  for (const [key, sequence] of [...catalog.sequences()])
    if (isIn(sequence)) moveRelation(catalog, key, change);
}
