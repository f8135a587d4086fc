import type { Node } from '@pgsql/types';
import type { Span } from '../source.ts';
import type { Expression, ObjectName, Volatility } from '../statement.ts';
import { builtinVolatility } from './builtin-functions.ts';
import { as, kept, objectName, strings, type TreeContext } from './tree.ts';

interface Seen {
  volatility: Volatility;
  functions: ObjectName[];
  columns: string[];
  plain: boolean;
}

/** Facts of an expression. Its text is not kept: the span says where it stands, as the caller found it. */
export function expression(node: Node, context: TreeContext, span: Span = context.span): Expression {
  const seen: Seen = {
    volatility: 'immutable',
    functions: [],
    columns: [],
    plain: true,
  };
  visit(node, seen);
  const constant = as('A_Const', withoutCasts(node));
  return {
    span,
    constant: constant !== undefined && seen.plain,
    isNull: constant?.isnull === true,
    volatility: seen.volatility,
    functions: kept(seen.functions),
    columns: seen.columns.length < 2 ? kept(seen.columns) : [...new Set(seen.columns)],
  };
}

export function withoutCasts(node: Node): Node {
  let inner = node;
  for (let cast = as('TypeCast', inner); cast?.arg; cast = as('TypeCast', inner)) inner = cast.arg;
  return inner;
}

const RANK: Readonly<Record<Volatility, number>> = { immutable: 0, stable: 1, unknown: 2, volatile: 3 };

function visit(value: unknown, seen: Seen): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, seen);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (key === 'FuncCall') call(inner as { funcname?: Node[] }, seen);
    else if (key === 'ColumnRef') column(inner as { fields?: Node[] }, seen);
    else if (key === 'SQLValueFunction') raise(seen, 'stable');
    else if (key === 'SubLink' || key === 'NextValueExpr') raise(seen, 'volatile');
    if (typeof inner === 'object') visit(inner, seen);
  }
}

function call(body: { readonly funcname?: Node[] }, seen: Seen): void {
  const name = objectName(strings(body.funcname));
  seen.functions.push(name);
  seen.plain = false;
  raise(
    seen,
    name.schema === undefined || name.schema === 'pg_catalog' ? builtinVolatility(name.name) : 'unknown',
  );
}

function column(body: { readonly fields?: Node[] }, seen: Seen): void {
  const name = strings(body.fields).at(-1);
  if (name !== undefined) seen.columns.push(name);
  seen.plain = false;
}

function raise(seen: Seen, volatility: Volatility): void {
  seen.plain = false;
  if (RANK[volatility] > RANK[seen.volatility]) seen.volatility = volatility;
}
