import type { ObjectName } from '../../sql/statement.ts';

/** The name in a catalog key; without the schema where that is `public`, as most people write it. */
export function nameOfKey(key: string): ObjectName {
  const dot = key.indexOf('.');
  const name = key.slice(dot + 1);
  return key.slice(0, dot) === 'public' ? { name } : { schema: key.slice(0, dot), name };
}
