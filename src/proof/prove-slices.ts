import type { Provable } from './provable.ts';
import {
  type Base,
  type ChangeProof,
  type ProofProgress,
  proveChain,
  proveChange,
  proveEach,
} from './prove-change.ts';
import type { Shadow } from './shadow.ts';

/** A shadow in which everything before some migrations stands. */
export interface Standing {
  readonly shadow: Shadow;
  readonly laid: Base;
}

/** Migrations of a slice below which a shadow of its own takes longer than it saves. */
const LEAST = 40;

/** A long history in slices of the same length, at most one for each worker. */
export function slicesOf<T>(history: readonly T[], workers: number): readonly T[][] {
  const count = Math.max(1, Math.min(workers, Math.floor(history.length / LEAST)));
  const length = Math.ceil(history.length / count);
  return Array.from({ length: count }, (_, at) => history.slice(at * length, (at + 1) * length)).filter(
    (slice, at) => slice.length > 0 || at === 0,
  );
}

/**
 * Proves slices of a history at the same time, each in a shadow of its own; then all downs in the shadow of the last.
 *
 * @param open gives a shadow in which the migrations before a slice stand; undefined where there can be none, and then
 *   the slice is proven by who proves the one before
 */
export async function proveSlices(
  first: Standing,
  slices: readonly (readonly Provable[])[],
  open: (earlier: readonly Provable[]) => Promise<Standing | undefined>,
  progress: ProofProgress,
): Promise<ChangeProof> {
  const [own = [], ...others] = slices;
  if (others.length === 0) return proveChange(first.shadow, first.laid, own, progress);
  const further: Standing[] = [];
  try {
    for (const [at] of others.entries()) {
      const standing = await open(slices.slice(0, at + 1).flat());
      if (!standing) return await proveChange(first.shadow, first.laid, slices.flat(), progress);
      further.push(standing);
    }
    const proofs = await Promise.all(
      [first, ...further].map(({ shadow, laid }, at) => proveEach(shadow, laid, slices[at] ?? [], progress)),
    );
    const outcomes = proofs.flatMap((proof) => proof.outcomes);
    const [begun] = proofs;
    const last = further.at(-1);
    const chain = begun && last && (await proveChain(last.shadow, outcomes, begun.base));
    return { outcomes, baseProblems: first.laid.problems, ...(chain ? { chain } : {}) };
  } finally {
    for (const { shadow } of further) await shadow.close();
  }
}
