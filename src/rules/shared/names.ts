import type { ObjectName } from '../../sql/statement.ts';

/** An identifier as it must be written in SQL: bare when PostgreSQL folds it to itself, quoted otherwise. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A possibly qualified name as it must be written in SQL. */
export function qualified(name: ObjectName): string {
  return name.schema === undefined
    ? identifier(name.name)
    : `${identifier(name.schema)}.${identifier(name.name)}`;
}

/** An object's name inside a message: in double quotes, schema included when it was written. */
export function quoted(name: ObjectName | string): string {
  return typeof name === 'string'
    ? `"${name}"`
    : `"${name.schema === undefined ? '' : `${name.schema}.`}${name.name}"`;
}

/** At most 63 bytes, the longest name PostgreSQL keeps (sql-syntax-lexical). */
export function shortened(name: string): string {
  let short = name.slice(0, 63);
  while (Buffer.byteLength(short) > 63) short = short.slice(0, -1);
  return short;
}
