import type { CatalogTable } from '../../sql/catalog/catalog.ts';

/** A validated CHECK (column IS NOT NULL): with it PostgreSQL 12 and later set NOT NULL without reading the table (sql-altertable). */
export function isProvenNotNull(
  table: CatalogTable | undefined,
  column: string,
  major: number | undefined,
): boolean {
  if (major !== undefined && major < 12) return false;
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.validated && constraint.enforced && constraint.impliesNotNull.includes(column))
      return true;
  }
  return false;
}
