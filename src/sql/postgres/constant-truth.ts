import type { Node } from '@pgsql/types';
import { withoutCasts } from './expression.ts';
import { as, constantText, strings } from './tree.ts';

/** What a condition is for every row, as far as its constants tell; undefined where it depends on more. */
export function constantTruth(node: Node): boolean | undefined {
  const both = as('BoolExpr', node);
  if (both) return joinedTruth(both.boolop, (both.args ?? []).map(constantTruth));
  const comparison = as('A_Expr', node);
  if (comparison?.kind === 'AEXPR_OP' && comparison.lexpr && comparison.rexpr)
    return comparedTruth(strings(comparison.name).at(-1), comparison.lexpr, comparison.rexpr);
  const constant = as('A_Const', withoutCasts(node));
  if (constant?.boolval) return constant.boolval.boolval === true;
  // A cast of a text: 't'::boolean (datatype-boolean of the documentation).
  const word = as('TypeCast', node) ? constant?.sval?.sval?.toLowerCase() : undefined;
  return word !== undefined && ['t', 'true', 'y', 'yes', 'on', '1'].includes(word) ? true : undefined;
}

function joinedTruth(
  operator: string | undefined,
  parts: readonly (boolean | undefined)[],
): boolean | undefined {
  const [first] = parts;
  if (operator === 'NOT_EXPR') return first === undefined ? undefined : !first;
  const decisive = operator === 'OR_EXPR';
  if (parts.includes(decisive)) return decisive;
  return parts.includes(undefined) ? undefined : !decisive;
}

function comparedTruth(operator: string | undefined, left: Node, right: Node): boolean | undefined {
  const one = as('A_Const', withoutCasts(left));
  const other = as('A_Const', withoutCasts(right));
  const texts = [one && constantText(one), other && constantText(other)];
  const [first, second] = texts;
  if (first === undefined || second === undefined) return undefined;
  const numbers = one?.ival && other?.ival ? ([Number(first), Number(second)] as const) : undefined;
  switch (operator) {
    case '=':
      // Texts that differ may still be equal, in a collation or after a cast.
      return first === second ? true : numbers && false;
    case '<>':
      return first === second ? false : numbers && true;
    case '<':
      return numbers && numbers[0] < numbers[1];
    case '>':
      return numbers && numbers[0] > numbers[1];
    case '<=':
      return numbers && numbers[0] <= numbers[1];
    case '>=':
      return numbers && numbers[0] >= numbers[1];
    default:
      return undefined;
  }
}
