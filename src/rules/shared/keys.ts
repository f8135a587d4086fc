import type { Catalog } from '../../sql/catalog/catalog.ts';
import type { ObjectName } from '../../sql/statement.ts';

/** The name behind a catalog key, `public` left out as people write it. */
export function nameOfKey(key: string): ObjectName {
  const dot = key.indexOf('.');
  const schema = key.slice(0, dot);
  return schema === 'public' ? { name: key.slice(dot + 1) } : { schema, name: key.slice(dot + 1) };
}

/** The table of an index, where the catalog knows the index. */
export function tableOfIndex(catalog: Catalog, index: ObjectName): ObjectName | undefined {
  const known = catalog.index(index);
  return known && nameOfKey(known.table);
}
