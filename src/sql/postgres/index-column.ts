import type { IndexElem } from '@pgsql/types';
import type { IndexColumn } from '../statement.ts';
import { expression } from './expression.ts';
import { expressionLabel } from './expression-label.ts';
import { strings, type TreeContext } from './tree.ts';

/** One element of an index or of an exclusion constraint. */
export function indexColumn(element: IndexElem | undefined, context: TreeContext): IndexColumn {
  const opclass = strings(element?.opclass).at(-1);
  const label = expressionLabel(element?.expr);
  return {
    ...(element?.name === undefined ? {} : { column: element.name }),
    ...(element?.expr ? { expression: expression(element.expr, context) } : {}),
    ...(label === undefined ? {} : { label }),
    ...(opclass === undefined ? {} : { opclass }),
  };
}
