import type { Column, Constraint } from '../statement.ts';
import type { CatalogTable } from './catalog.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

export function addColumn(
  catalog: SchemaCatalog,
  table: CatalogTable,
  column: Column,
  migrationId: string,
): void {
  table.columns.set(column.name, {
    name: column.name,
    ...(column.type ? { type: column.type } : {}),
    notNull: column.notNull,
    ...(column.default ? { default: column.default } : {}),
    ...(column.identity ? { identity: column.identity } : {}),
    ...(column.generated ? { generated: column.generated } : {}),
    ...(column.collation === undefined ? {} : { collation: column.collation }),
  });
  for (const constraint of column.constraints)
    if (constraint.type !== 'not-null' || constraint.name !== undefined)
      addConstraint(catalog, table, constraint, migrationId);
}

const SUFFIX: Readonly<Record<Constraint['type'], string>> = {
  'primary-key': 'pkey',
  unique: 'key',
  'foreign-key': 'fkey',
  check: 'check',
  exclusion: 'excl',
  'not-null': 'not_null',
};

/** The name the server gives to a constraint that has none (ChooseConstraintName in its sources). */
export function constraintName(table: CatalogTable, constraint: Constraint): string {
  if (constraint.name !== undefined) return constraint.name;
  const columns =
    constraint.type === 'primary-key' || (constraint.type === 'check' && constraint.columns.length !== 1)
      ? ''
      : `_${constraint.columns.join('_')}`;
  return freeName(`${table.name}${columns}_${SUFFIX[constraint.type]}`, (name) =>
    table.constraints.has(name),
  );
}

export function freeName(base: string, taken: (name: string) => boolean): string {
  let name = base;
  for (let number = 1; taken(name); number++) name = `${base}${number}`;
  return name;
}

export function addConstraint(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: Constraint,
  migrationId: string,
): void {
  const name = constraintName(table, constraint);
  const { notValid, ...facts } = constraint;
  const used =
    constraint.usingIndex === undefined
      ? undefined
      : catalog.index({ schema: table.schema, name: constraint.usingIndex });
  const columns = used ? used.columns.map(({ column }) => column ?? '') : constraint.columns;
  table.constraints.set(name, {
    ...facts,
    columns,
    name,
    table: table.key,
    validated: !notValid,
    addedBy: migrationId,
    ...(notValid ? {} : { validatedBy: migrationId }),
  });
  if (constraint.type === 'not-null') setNotNull(table, constraint.columns, !notValid);
  if (constraint.type === 'primary-key') setNotNull(table, columns, true);
  if (constraint.type === 'primary-key' || constraint.type === 'unique' || constraint.type === 'exclusion') {
    if (used) catalog.removeIndex(used);
    catalog.setIndex({
      name,
      schema: table.schema,
      table: table.key,
      columns: columns.map((column) => ({ column })),
      include: used?.include ?? [],
      unique: constraint.type !== 'exclusion',
      method: constraint.type === 'exclusion' ? 'gist' : 'btree',
      partial: false,
      constraint: name,
      addedBy: used?.addedBy ?? migrationId,
    });
  }
}

function setNotNull(table: CatalogTable, columns: readonly string[], validated: boolean): void {
  for (const name of columns) {
    const column = table.columns.get(name);
    if (column && validated) column.notNull = true;
  }
}
