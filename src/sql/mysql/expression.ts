import type { Span } from '../source.ts';
import type { Expression, ObjectName, Volatility } from '../statement.ts';
import {
  child,
  children,
  columnName,
  functionName,
  located,
  type MysqlContext,
  type Tree,
  walk,
  word,
} from './tree.ts';

/** "Nondeterministic" functions of the MySQL manual, and those that stand still during a statement. */
const VOLATILE = new Set([
  'uuid',
  'uuid_short',
  'rand',
  'sysdate',
  'sleep',
  'last_insert_id',
  'get_lock',
  'release_lock',
  'nextval',
  'random_bytes',
]);
const STABLE = new Set([
  'now',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_date',
  'curdate',
  'current_time',
  'curtime',
  'utc_date',
  'utc_time',
  'utc_timestamp',
  'unix_timestamp',
  'current_user',
  'user',
  'session_user',
  'system_user',
  'database',
  'schema',
  'version',
  'connection_id',
  'found_rows',
  'row_count',
]);

const LITERALS = new Set([
  'number',
  'bigint',
  'single_quote_string',
  'double_quote_string',
  'string',
  'bool',
  'boolean',
  'null',
  'hex_string',
  'full_hex_string',
  'bit_string',
  'natural_string',
  'date',
  'time',
  'datetime',
  'timestamp',
]);

export function expression(tree: Tree, fallback: Span, context: MysqlContext): Expression {
  const functions = functionsIn(tree);
  const columns = new Set<string>();
  for (const node of walk(tree)) {
    const name = node.type === 'column_ref' ? columnName(node) : undefined;
    if (name !== undefined && name !== '*') columns.add(name);
  }
  return {
    span: located(tree, context) ?? fallback,
    constant: LITERALS.has(String(tree.type)),
    isNull: tree.type === 'null',
    volatility: volatility(functions),
    functions,
    columns: [...columns],
  };
}

export function functionsIn(tree: unknown): ObjectName[] {
  const found: ObjectName[] = [];
  for (const node of walk(tree)) {
    if (node.type === 'function' || node.type === 'aggr_func') found.push(functionName(node));
  }
  return found;
}

/** What is neither list says nothing certain: a stored function may do anything. */
function volatility(functions: readonly ObjectName[]): Volatility {
  if (functions.length === 0) return 'immutable';
  if (functions.some(({ name }) => VOLATILE.has(name))) return 'volatile';
  return functions.every(({ name }) => STABLE.has(name)) ? 'stable' : 'unknown';
}

/** Columns of `a IS NOT NULL [AND b IS NOT NULL …]`. */
export function impliedNotNull(tree: Tree | undefined): string[] {
  const found: string[] = [];
  const stack = [tree];
  while (stack.length > 0) {
    const part = stack.pop();
    const operator = (word(part, 'operator') ?? '').toUpperCase();
    const [left, right] = [child(part, 'left'), child(part, 'right')];
    if (operator === 'AND') stack.push(right, left);
    const name = operator === 'IS NOT' && right?.type === 'null' ? columnName(left) : undefined;
    if (name !== undefined) found.push(name);
  }
  return found;
}

/** Missing, true whatever the row (`1`, `TRUE`, `1 = 1`), or there. */
export function condition(tree: Tree | undefined): 'missing' | 'always-true' | 'present' {
  if (!tree) return 'missing';
  const value = tree.value;
  if ((tree.type === 'number' && value !== 0) || (tree.type === 'bool' && value === true))
    return 'always-true';
  const [left, right] = [child(tree, 'left'), child(tree, 'right')];
  const equal =
    tree.operator === '=' && left && right && LITERALS.has(String(left.type)) && left.type === right.type;
  return equal && left.value === right.value ? 'always-true' : 'present';
}

/** Names of the columns in a list of definitions, expressions left out. */
export function columnNames(tree: Tree | undefined, key: string): string[] {
  return children(tree, key)
    .map(columnName)
    .filter((name) => name !== undefined);
}
