import type { Node, RangeVar, RoleSpec, WithClause } from '@pgsql/types';
import type { ObjectName, Relation } from '../statement.ts';
import { as, kept, NONE, objectName, relation, strings, type TreeContext } from './tree.ts';

interface Found {
  readonly ranges: RangeVar[];
  readonly functions: ObjectName[];
  readonly roles: string[];
}

/** Names of the CTEs that a place in a statement sees. */
type Scope = ReadonlySet<string>;

const NO_CTES: Scope = new Set();

/** Every relation, function and role that stands anywhere in a tree; names of CTEs, those around it (`ctes`) too, are not relations. */
export function references(
  tree: unknown,
  context: TreeContext,
  ctes: readonly string[] = [],
): {
  relations: readonly Relation[];
  functions: readonly ObjectName[];
  roles: readonly string[] | undefined;
} {
  const found: Found = { ranges: [], functions: [], roles: [] };
  visit(tree, found, ctes.length === 0 ? NO_CTES : new Set(ctes));
  return {
    relations: found.ranges.length === 0 ? NONE : found.ranges.map((range) => relation(range, context)),
    functions: kept(found.functions),
    roles: found.roles.length === 0 ? undefined : found.roles,
  };
}

function visit(value: unknown, found: Found, scope: Scope): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, found, scope);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('relname' in value && 'relpersistence' in value) {
    found.ranges.push(value as RangeVar);
    return;
  }
  if ('roletype' in value) {
    const { rolename } = value as RoleSpec;
    if (rolename !== undefined) found.roles.push(rolename);
    return;
  }
  const clause = 'withClause' in value ? (value.withClause as WithClause) : undefined;
  const inner = clause ? new Set([...scope, ...names(clause)]) : scope;
  for (const key in value) {
    const held = (value as Record<string, unknown>)[key];
    if (typeof held !== 'object' || held === null) continue;
    if (key === 'typevar' || isTypeName(value, key)) continue;
    // FOR UPDATE OF names what FROM has, often by its alias.
    if (key === 'lockedRels') continue;
    if (key === 'FuncCall')
      found.functions.push(objectName(strings((held as { funcname?: Node[] }).funcname)));
    // What FROM has stands in a RangeVar node; what is written to is a bare one and never a CTE.
    if (key === 'RangeVar' && isCte(held as RangeVar, scope)) continue;
    if (key === 'withClause' && clause) visitWith(clause, found, scope);
    else visit(held, found, inner);
  }
}

/** ALTER TYPE names a composite type where other statements name a table. */
function isTypeName(value: object, key: string): boolean {
  if (key !== 'relation') return false;
  return (
    ('objtype' in value && value.objtype === 'OBJECT_TYPE') ||
    ('renameType' in value && value.renameType === 'OBJECT_ATTRIBUTE')
  );
}

function isCte(range: RangeVar, scope: Scope): boolean {
  return range.schemaname === undefined && scope.has(range.relname ?? '');
}

function names(clause: WithClause): string[] {
  return (clause.ctes ?? []).map((node) => as('CommonTableExpr', node)?.ctename ?? '');
}

/** A CTE sees those before it; after WITH RECURSIVE it sees all. */
function visitWith(clause: WithClause, found: Found, scope: Scope): void {
  const seen = new Set(clause.recursive ? [...scope, ...names(clause)] : scope);
  for (const node of clause.ctes ?? []) {
    visit(node, found, seen);
    seen.add(as('CommonTableExpr', node)?.ctename ?? '');
  }
}
