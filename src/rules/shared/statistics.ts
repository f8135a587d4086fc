import type { Catalog } from '../../sql/catalog/catalog.ts';
import type { ObjectName } from '../../sql/statement.ts';
import type { TableStatistics, Target } from '../rule.ts';

/** The figures that the sizes file holds for a relation; a name without schema stands for any. */
export function statisticsOf(
  relation: ObjectName,
  catalog: Catalog,
  target: Target,
): TableStatistics | undefined {
  return (
    target.tables.get(catalog.key(relation)) ??
    (relation.schema === undefined ? target.tables.get(relation.name) : undefined)
  );
}

/** A number among a rule's options. */
export function numberOption(
  options: Readonly<Record<string, unknown>>,
  name: string,
  fallback: number,
): number {
  const value = options[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

/** A list of words among a rule's options. */
export function listOption(options: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}
