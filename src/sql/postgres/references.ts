import type { Node, RangeVar } from '@pgsql/types';
import type { ObjectName, Relation } from '../statement.ts';
import { as, kept, NONE, objectName, relation, strings, type TreeContext } from './tree.ts';

/** Every relation and function that stands anywhere in a tree; names of CTEs are not relations. */
export function references(
  tree: unknown,
  context: TreeContext,
): { relations: readonly Relation[]; functions: readonly ObjectName[] } {
  const ranges: RangeVar[] = [];
  const functions: ObjectName[] = [];
  const ctes = new Set<string>();
  visit(tree, ranges, functions, ctes);
  const relations = ranges.filter(
    (range) => range.schemaname !== undefined || !ctes.has(range.relname ?? ''),
  );
  return {
    relations: relations.length === 0 ? NONE : relations.map((range) => relation(range, context)),
    functions: kept(functions),
  };
}

function visit(value: unknown, ranges: RangeVar[], functions: ObjectName[], ctes: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, ranges, functions, ctes);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('relname' in value && 'relpersistence' in value) {
    ranges.push(value as RangeVar);
    return;
  }
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner !== 'object' || inner === null) continue;
    if (key === 'FuncCall') functions.push(objectName(strings((inner as { funcname?: Node[] }).funcname)));
    else if (key === 'CommonTableExpr') {
      const name = as('CommonTableExpr', value as Node)?.ctename;
      if (name !== undefined) ctes.add(name);
    }
    visit(inner, ranges, functions, ctes);
  }
}
