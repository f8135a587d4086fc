import { escapeIdentifier, escapeLiteral } from 'pg';

export type Value = string | number | boolean | null | undefined | readonly string[];

/**
 * A value as it stands in a statement, for texts that go with others in one message and so cannot have parameters.
 * NUL, which PostgreSQL's text cannot hold, becomes U+FFFD.
 */
export function literal(value: Value): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'NULL';
  if (typeof value === 'string') return escapeLiteral(storable(value));
  return value.length === 0 ? "'{}'" : `ARRAY[${value.map(literal).join(', ')}]`;
}

export function identifier(name: string): string {
  return escapeIdentifier(name);
}

/** What a text column gives back for it. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
