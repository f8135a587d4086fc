import type { ColumnDef, Constraint as ConstraintTree, IndexElem, Node } from '@pgsql/types';
import type { Span } from '../source.ts';
import type { Column, Constraint, ReferentialAction } from '../statement.ts';
import { expression } from './expression.ts';
import { indexColumns } from './index-column.ts';
import { afterWord, bareSpan, inParentheses, wordEnd } from './places.ts';
import { as, itemSpan, kept, NONE, relation, strings, type TreeContext } from './tree.ts';
import { typeName } from './types.ts';

const KINDS: Readonly<Record<string, Constraint['type']>> = {
  CONSTR_NOTNULL: 'not-null',
  CONSTR_CHECK: 'check',
  CONSTR_PRIMARY: 'primary-key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_FOREIGN: 'foreign-key',
};
const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no-action',
  r: 'restrict',
  c: 'cascade',
  n: 'set-null',
  d: 'set-default',
};

export function column(tree: ColumnDef, context: TreeContext): Column {
  const name = tree.colname ?? '';
  const span = itemSpan(context.text, context.toOffset(tree.location ?? 0), context.span.end);
  const constraints: Constraint[] = [];
  let extra: Pick<Column, 'default' | 'generated' | 'identity'> = {};
  let last: Constraint | undefined;
  for (const { part, place } of placed(tree.constraints, context, span.end, tree.collClause?.location)) {
    if (part.contype === 'CONSTR_DEFAULT' && part.raw_expr)
      extra = {
        ...extra,
        default: expression(part.raw_expr, context, afterWord(context.text, place, 'default')),
      };
    else if (part.contype === 'CONSTR_IDENTITY')
      extra = { ...extra, identity: part.generated_when === 'a' ? 'always' : 'by-default' };
    else if (part.contype === 'CONSTR_GENERATED' && part.raw_expr)
      extra = {
        ...extra,
        generated: {
          kind: part.generated_kind === 'v' ? 'virtual' : 'stored',
          expression: expression(part.raw_expr, context, inParentheses(context.text, place)),
        },
      };
    else if (last && part.contype === 'CONSTR_ATTR_DEFERRABLE')
      last = replaceLast(constraints, { ...last, deferrable: true });
    else if (last && part.contype === 'CONSTR_ATTR_NOT_ENFORCED')
      last = replaceLast(constraints, { ...last, enforced: false, notValid: false });
    else {
      const made = constraint(part, context, place, name);
      if (made) {
        constraints.push(made);
        last = made;
      }
    }
  }
  const type = tree.typeName ? typeName(tree.typeName, context) : undefined;
  const notNull =
    constraints.some(({ type }) => type === 'not-null' || type === 'primary-key') ||
    extra.identity !== undefined ||
    type?.serial === true;
  // Every field is written out, set or not: of these objects a large file holds more than of any other, and
  // objects of one shape take half the memory of those that spreads put together.
  return {
    name,
    type,
    span,
    notNull,
    default: extra.default,
    generated: extra.generated,
    identity: extra.identity,
    collation: tree.collClause ? strings(tree.collClause.collname).at(-1) : undefined,
    constraints: kept(constraints),
  };
}

/** DEFERRABLE, NOT ENFORCED and the like belong to what stands before them. */
const isAttribute = (part: ConstraintTree): boolean => part.contype?.startsWith('CONSTR_ATTR_') === true;

/** What follows the type of a column or domain, with where each part stands: it ends where the next one starts. */
export function placed(
  nodes: readonly Node[] | undefined,
  context: TreeContext,
  end: number,
  collation?: number,
): { readonly part: ConstraintTree; readonly place: Span }[] {
  const parts = (nodes ?? []).flatMap((node) => as('Constraint', node) ?? []);
  const starts = parts
    .filter((part) => !isAttribute(part))
    .map((part) => context.toOffset(part.location ?? 0));
  if (collation !== undefined) starts.push(context.toOffset(collation));
  return parts.map((part) => {
    const start = context.toOffset(part.location ?? 0);
    const next = Math.min(end, ...starts.filter((other) => other > start));
    return { part, place: bareSpan(context.text, start, next) };
  });
}

function replaceLast(list: Constraint[], made: Constraint): Constraint {
  list[list.length - 1] = made;
  return made;
}

/** A constraint that stands among the columns of a table, or after ADD. */
export function tableConstraint(tree: ConstraintTree, context: TreeContext): Constraint | undefined {
  const start = context.toOffset(tree.location ?? 0);
  return constraint(tree, context, itemSpan(context.text, start, context.span.end));
}

/** A constraint, inline when `inlineColumn` names the column it stands with; undefined for mere attributes. */
export function constraint(
  tree: ConstraintTree,
  context: TreeContext,
  span: Span,
  inlineColumn?: string,
): Constraint | undefined {
  const type = KINDS[tree.contype ?? ''];
  if (!type) return undefined;
  const check =
    type === 'check' && tree.raw_expr
      ? expression(tree.raw_expr, context, inParentheses(context.text, span))
      : undefined;
  const excluded = type === 'exclusion' ? exclusion(tree, context, span) : undefined;
  return {
    type,
    name: tree.conname,
    columns: constrained(tree, type, check?.columns ?? NONE, inlineColumn),
    span,
    inline: inlineColumn !== undefined,
    // NOT ENFORCED sets it too.
    notValid: tree.skip_validation === true && (tree.is_enforced === true || !isEnforceable(type)),
    deferrable: tree.deferrable === true,
    // Only CHECK and FOREIGN KEY carry is_enforced; the others always are.
    enforced: !isEnforceable(type) || tree.is_enforced === true,
    usingIndex: tree.indexname,
    references: tree.pktable
      ? { relation: relation(tree.pktable, context), columns: strings(tree.pk_attrs) }
      : undefined,
    onDelete: onDelete(tree, context, span),
    expression: check,
    impliesNotNull: type === 'check' && tree.raw_expr ? notNullColumns(tree.raw_expr) : NONE,
    ...(tree.including ? { include: strings(tree.including) } : {}),
    ...(tree.nulls_not_distinct ? { nullsNotDistinct: true } : {}),
    ...(tree.is_no_inherit ? { noInherit: true } : {}),
    ...excluded,
  };
}

const isEnforceable = (type: Constraint['type']): boolean => type === 'check' || type === 'foreign-key';

function exclusion(
  tree: ConstraintTree,
  context: TreeContext,
  span: Span,
): Pick<Constraint, 'elements' | 'method' | 'where'> {
  const condition = wordEnd(context.text, span, 'where');
  return {
    elements: indexColumns(exclusionElements(tree), context, span),
    ...(tree.access_method === undefined ? {} : { method: tree.access_method }),
    ...(tree.where_clause
      ? {
          where: expression(
            tree.where_clause,
            context,
            inParentheses(context.text, { start: condition ?? span.start, end: span.end }),
          ),
        }
      : {}),
  };
}

function exclusionElements(tree: ConstraintTree): IndexElem[] {
  const elements: IndexElem[] = [];
  for (const pair of tree.exclusions ?? []) {
    const element = as('IndexElem', as('List', pair)?.items?.[0]);
    if (element) elements.push(element);
  }
  return elements;
}

function constrained(
  tree: ConstraintTree,
  type: Constraint['type'],
  inCheck: readonly string[],
  inlineColumn?: string,
): readonly string[] {
  if (type === 'foreign-key') return inlineColumn === undefined ? strings(tree.fk_attrs) : [inlineColumn];
  if (type === 'check') return inCheck;
  if (type === 'exclusion')
    return exclusionElements(tree).flatMap(({ name }) => (name === undefined ? [] : [name]));
  return inlineColumn === undefined ? strings(tree.keys) : [inlineColumn];
}

/** The grammar fills in NO ACTION, so whether ON DELETE was written is read from the text. */
function onDelete(tree: ConstraintTree, context: TreeContext, span: Span): ReferentialAction | undefined {
  if (tree.contype !== 'CONSTR_FOREIGN') return undefined;
  const action = ACTIONS[tree.fk_del_action ?? 'a'];
  if (action !== 'no-action') return action;
  return /\bon\s+delete\b/i.test(context.text.slice(span.start, span.end)) ? action : undefined;
}

/** Columns of `a IS NOT NULL`, also joined by AND. */
function notNullColumns(node: Node): string[] {
  const test = as('NullTest', node);
  if (test?.nulltesttype === 'IS_NOT_NULL') {
    const fields = strings(as('ColumnRef', test.arg)?.fields);
    return fields.length === 1 ? fields : [];
  }
  const both = as('BoolExpr', node);
  return both?.boolop === 'AND_EXPR' ? (both.args ?? []).flatMap(notNullColumns) : [];
}
