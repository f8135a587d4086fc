import type { Span } from '../sql/source.ts';
import type { Raised } from './raised.ts';
import type { Suppression } from './suppressions.ts';

interface OfRule {
  file?: Suppression | undefined;
  /** By the start of the statement that the comment stands before. */
  readonly before: Map<number, Suppression>;
  /** In the order of the file. */
  readonly inOrder: Suppression[];
}

/**
 * Which ignore comment of one file holds back a finding in it: one for the whole file, one before the statement, or
 * one inside it. Files may hold thousands of both, so each is looked up by halves.
 *
 * @param statements where the file's statements stand, in order
 */
export function suppressionIndex(
  found: readonly Suppression[],
  statements: readonly Span[],
): (raised: Raised) => Suppression | undefined {
  const byRule = new Map<string, OfRule>();
  for (const suppression of found) {
    const next = statements[firstFrom(statements, suppression.span.end, ({ start }) => start)]?.start;
    for (const id of suppression.ruleIds) {
      const known: OfRule = byRule.get(id) ?? { before: new Map(), inOrder: [] };
      byRule.set(id, known);
      if (suppression.scope === 'file') {
        known.file ??= suppression;
        continue;
      }
      known.inOrder.push(suppression);
      if (next !== undefined && !known.before.has(next)) known.before.set(next, suppression);
    }
  }
  return ({ ruleId, statement, span }) => {
    const known = byRule.get(ruleId);
    if (!known) return undefined;
    const target = statement ?? span;
    return known.file ?? known.before.get(target.start) ?? inside(known.inOrder, target);
  };
}

function inside(inOrder: readonly Suppression[], target: Span): Suppression | undefined {
  const first = inOrder[firstFrom(inOrder, target.start, ({ span }) => span.start)];
  return first && first.span.end <= target.end ? first : undefined;
}

/** Position of the first that starts at the offset or after it; as many as there are when none does. */
function firstFrom<T>(sorted: readonly T[], offset: number, startOf: (item: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && startOf(item) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
