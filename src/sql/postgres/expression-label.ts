import type { Node } from '@pgsql/types';
import { as, strings } from './tree.ts';

interface Label {
  readonly name: string;
  /** A weak label (of a cast or CASE) gives way to what stands inside. */
  readonly weak: boolean;
}

/**
 * What the server calls an expression where it needs a name for it, as in the name of an index that has
 * none (FigureIndexColname in its sources). Undefined where it finds nothing: then it takes `expr`.
 */
export function expressionLabel(node: Node | undefined): string | undefined {
  return label(node)?.name;
}

function label(node: Node | undefined): Label | undefined {
  if (node === undefined) return undefined;
  const name =
    strings(as('ColumnRef', node)?.fields).at(-1) ?? strings(as('FuncCall', node)?.funcname).at(-1);
  if (name !== undefined) return { name, weak: false };
  const cast = as('TypeCast', node);
  if (cast) {
    const inner = label(cast.arg);
    const type = strings(cast.typeName?.names).at(-1);
    return inner?.weak === false || type === undefined ? inner : { name: type, weak: true };
  }
  const choice = as('CaseExpr', node);
  if (choice) {
    const inner = label(choice.defresult);
    return inner?.weak === false ? inner : { name: 'case', weak: true };
  }
  const collated = as('CollateClause', node);
  if (collated) return label(collated.arg);
  const field = as('A_Indirection', node);
  if (field) {
    const last = strings(field.indirection).at(-1);
    return last === undefined ? label(field.arg) : { name: last, weak: false };
  }
  const word = keyword(node);
  return word === undefined ? undefined : { name: word, weak: false };
}

function keyword(node: Node): string | undefined {
  if (as('CoalesceExpr', node)) return 'coalesce';
  if (as('A_ArrayExpr', node)) return 'array';
  if (as('RowExpr', node)) return 'row';
  if (as('A_Expr', node)?.kind === 'AEXPR_NULLIF') return 'nullif';
  const most = as('MinMaxExpr', node);
  return most ? (most.op === 'IS_LEAST' ? 'least' : 'greatest') : undefined;
}
