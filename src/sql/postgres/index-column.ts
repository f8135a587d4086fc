import type { IndexElem } from '@pgsql/types';
import type { Span } from '../source.ts';
import type { IndexColumn } from '../statement.ts';
import { expression } from './expression.ts';
import { expressionLabel } from './expression-label.ts';
import { elementExpression, inParentheses, items } from './places.ts';
import { strings, type TreeContext } from './tree.ts';

/** The elements of an index or of an exclusion constraint, which stand in the first parentheses of `list`. */
export function indexColumns(
  elements: readonly (IndexElem | undefined)[],
  context: TreeContext,
  list: Span,
): IndexColumn[] {
  const { text } = context;
  // Only expressions have a place of their own.
  const inside = elements.some((element) => element?.expr) ? inParentheses(text, list) : undefined;
  const places = inside ? items(text, inside) : [];
  return elements.map((element, position) => {
    const place = places[position];
    return indexColumn(element, context, place && elementExpression(text, place));
  });
}

function indexColumn(
  element: IndexElem | undefined,
  context: TreeContext,
  place: Span | undefined,
): IndexColumn {
  const opclass = strings(element?.opclass).at(-1);
  const collation = strings(element?.collation).at(-1);
  const label = expressionLabel(element?.expr);
  const order = orderOf(element);
  return {
    ...(element?.name === undefined ? {} : { column: element.name }),
    ...(element?.expr ? { expression: expression(element.expr, context, place) } : {}),
    ...(label === undefined ? {} : { label }),
    ...(opclass === undefined ? {} : { opclass }),
    ...(collation === undefined ? {} : { collation }),
    ...(order === undefined ? {} : { order }),
  };
}

/** NULLs come last unless DESC or NULLS FIRST says otherwise (indexes-ordering). */
function orderOf(element: IndexElem | undefined): string | undefined {
  const descends = element?.ordering === 'SORTBY_DESC';
  const written = element?.nulls_ordering;
  const first = written === 'SORTBY_NULLS_FIRST' || (descends && written !== 'SORTBY_NULLS_LAST');
  return descends || first ? `${descends ? 'desc' : 'asc'} nulls ${first ? 'first' : 'last'}` : undefined;
}
