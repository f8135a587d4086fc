import { ConnectionLost } from '../../engine/connection.ts';
import { type BaseProblem, type Lost, replay } from '../base-state.ts';
import type { Given } from '../database-shadow.ts';
import type { Shadow } from '../shadow.ts';
import type { Piece } from './piece.ts';
import type { Unmade } from './unmade.ts';

/** What stands in the shadow before the change. */
export interface LaidBase {
  readonly problems: readonly BaseProblem[];
  readonly unmade: Unmade;
}

/** Pieces from which on it is cheaper to write the state down than to replay them again, where that is slow. */
const MANY = 30;

/** Milliseconds of replaying from which on a database is copied at once, and not when somebody first comes back to it. */
const SLOW = 1_000;

/** Pieces that may end the shadow before no base is made of the others. */
const MOST_LOST = 3;

/**
 * Replays the pieces in a shadow that is new, and makes `shadow.restore()` come back to what they made. One that ends
 * the shadow, or does not come to an end in it, is left out.
 *
 * @throws ConnectionLost when the shadow answers no more
 */
export async function layBase(
  shadow: Shadow,
  pieces: readonly Piece[],
  given: Pick<Given, 'missingExtensions'>,
  { keep = false, onDone }: { readonly keep?: boolean; readonly onDone?: (count: number) => void } = {},
): Promise<LaidBase & { readonly again: () => Promise<void> }> {
  const missing = given.missingExtensions.map(({ name }) => name);
  const lost: Lost[] = [];
  const standing = (): Piece[] => pieces.filter((piece) => !lost.some((each) => each.piece === piece));
  let at = 0;
  let laid: LaidBase | undefined;
  const start = performance.now();
  while (!laid)
    try {
      laid = await replay(shadow.session, standing(), missing, {
        lost,
        onDone(count) {
          at = count;
          onDone?.(count);
        },
      });
    } catch (error) {
      const piece = standing()[at];
      if (!(error instanceof ConnectionLost) || !piece || lost.length === MOST_LOST) throw error;
      lost.push({ piece, error });
      at = 0;
      await shadow.restore();
    }
  const embedded = shadow.kind === 'embedded';
  const worth = embedded ? pieces.length >= MANY : performance.now() - start > SLOW || lost.length > 0;
  let kept = pieces.length > 0 && (keep || worth);
  if (kept) await shadow.keep();
  const again = async (): Promise<void> => {
    await shadow.restore();
    if (kept) return;
    await replay(shadow.session, standing(), missing);
    // Who comes back once comes back more often.
    kept = !embedded && pieces.length > 0;
    if (kept) await shadow.keep();
  };
  return { ...laid, again };
}
