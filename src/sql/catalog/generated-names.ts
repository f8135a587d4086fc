import type { Constraint, IndexColumn } from '../statement.ts';
import type { Catalog, CatalogTable } from './catalog.ts';

/** What names are taken. */
type Names = Pick<Catalog, 'hasRelation' | 'hasConstraintName'>;

/** Bytes of an identifier (NAMEDATALEN - 1). */
const LONGEST = 63;

/** How the server makes up and shortens names (makeObjectName in its sources): bytes of the longer part go first. */
function objectName(first: string, second: string | undefined, label: string): string {
  const room = LONGEST - (second === undefined ? 0 : 1) - 1 - Buffer.byteLength(label);
  let firstBytes = Buffer.byteLength(first);
  let secondBytes = second === undefined ? 0 : Buffer.byteLength(second);
  while (firstBytes + secondBytes > room) {
    if (firstBytes > secondBytes) firstBytes--;
    else secondBytes--;
  }
  const parts = [cut(first, firstBytes), ...(second === undefined ? [] : [cut(second, secondBytes)]), label];
  return parts.join('_');
}

/** The longest beginning of at most that many bytes that splits no character. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    kept += character;
  }
  return kept;
}

/** From this number on the search goes on where it ended before: asking for every number anew takes quadratic time. */
const MANY = 32;

const lastNumbers = new WeakMap<Names, Map<string, number>>();

function choose(
  catalog: Names,
  first: string,
  second: string | undefined,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let number = 0; ; number++) {
    if (number === MANY) number = lastNumbers.get(catalog)?.get(`${first}.${second}.${label}`) ?? MANY;
    const name = objectName(first, second, number === 0 ? label : `${label}${number}`);
    if (taken(name)) continue;
    if (number > MANY) {
      const last = lastNumbers.get(catalog) ?? new Map<string, number>();
      lastNumbers.set(catalog, last.set(`${first}.${second}.${label}`, number));
    }
    return name;
  }
}

/** Of a CHECK, a foreign key or NOT NULL (ChooseConstraintName): no other constraint of the schema has it. */
export function constraintName(
  catalog: Names,
  schema: string,
  table: string,
  columns: readonly string[] | undefined,
  label: string,
): string {
  return choose(catalog, table, columns && joined(columns), label, (name) =>
    catalog.hasConstraintName(schema, name),
  );
}

/** Of a sequence or index (ChooseRelationName); one that backs a constraint shares the names of both. */
export function relationName(
  catalog: Names,
  schema: string,
  table: string,
  columns: readonly string[] | undefined,
  label: string,
  isConstraint: boolean,
): string {
  return choose(
    catalog,
    table,
    columns && joined(columns),
    label,
    (name) =>
      catalog.hasRelation(`${schema}.${name}`) || (isConstraint && catalog.hasConstraintName(schema, name)),
  );
}

/** The name that a PRIMARY KEY or UNIQUE without one is going to get. */
export function keyName(catalog: Names, table: CatalogTable, constraint: Constraint): string {
  const columns = indexColumnNames(
    constraint.columns.map((column) => ({ column })),
    constraint.include ?? [],
  );
  const schema = table.schema ?? 'public';
  return constraint.type === 'primary-key'
    ? relationName(catalog, schema, table.name, undefined, 'pkey', true)
    : relationName(catalog, schema, table.name, columns, 'key', true);
}

/** The server stops adding columns once the text is longer than a name can be. */
function joined(columns: readonly string[]): string {
  let text = '';
  for (const column of columns) {
    text += text === '' ? column : `_${column}`;
    if (Buffer.byteLength(text) > LONGEST) break;
  }
  return text;
}

/** What stands for the columns in the name of an index (ChooseIndexColumnNames): equal ones are numbered. */
export function indexColumnNames(columns: readonly IndexColumn[], include: readonly string[]): string[] {
  const names: string[] = [];
  for (const { column, label } of [
    ...columns,
    ...include.map((name) => ({ column: name, label: undefined })),
  ]) {
    const original = column ?? label ?? 'expr';
    let name = original;
    for (let number = 1; names.includes(name); number++) {
      const suffix = String(number);
      name = `${cut(original, LONGEST - suffix.length)}${suffix}`;
    }
    names.push(name);
  }
  return names;
}
