import { ConnectionLost, DatabaseError } from '../engine/connection.ts';
import type { StepRun } from '../engine/run-section.ts';
import type { Chain } from '../report/proof-result.ts';
import { Missing } from './base/following.ts';
import type { LaidBase } from './base/lay-base.ts';
import { type Piece, pieceOf } from './base/piece.ts';
import { type BaseProblem, replay } from './base-state.ts';
import { compareCatalogs } from './catalog/compare.ts';
import {
  type CatalogSnapshot,
  type KnownCatalog,
  knowCatalog,
  knownCatalog,
  readCatalog,
} from './catalog/snapshot.ts';
import { isBlocked, type Provable } from './provable.ts';
import { type Proven, proveMigration } from './prove-migration.ts';
import { runSettled } from './settled.ts';
import type { Shadow } from './shadow.ts';
import type { Over } from './time-budget.ts';
import { errorText } from './told-statements.ts';

/** What became of one migration in the proof. */
export type Outcome =
  | { readonly provable: Provable; readonly proven: Proven }
  | {
      readonly provable: Provable;
      readonly notProven: string;
      /** The statement that could not be run. */
      readonly at?: StepRun | undefined;
    };

export interface ChangeProof {
  readonly outcomes: readonly Outcome[];
  readonly baseProblems: readonly BaseProblem[];
  /** With two migrations or more, all of which have a down that runs. */
  readonly chain?: Chain | undefined;
}

/** What the change begins with; `again` brings the shadow back to it. */
export interface Base extends LaidBase {
  readonly again: () => Promise<void>;
}

export interface ProofProgress {
  replayed?(count: number, of: number): void;
  /** @param at of the migrations of the change, from 0 */
  proving?(provable: Provable, at: number, of: number): void;
  /** After each; the database is where the next one begins. */
  proven?(outcome: Outcome): Promise<void>;
  /** What an earlier run made of it; asked until there is one that was not proven then. */
  recall?(provable: Provable): Outcome | undefined;
  /** All of it is proven. */
  ended?(): Promise<void>;
  /** Asked before each migration: why it is not begun any more. */
  over?: Over | undefined;
}

/**
 * Proves the migrations of one change, one after the other, on top of the history: what DESIGN calls the proof.
 * A migration that cannot be proven does not keep the others from it.
 */
export async function proveChange(
  shadow: Shadow,
  laid: Base,
  changed: readonly Provable[],
  progress: ProofProgress = {},
): Promise<ChangeProof> {
  const { outcomes, base } = await proveEach(shadow, laid, changed, progress);
  const chain = progress.over?.() ? undefined : await proveChain(shadow, outcomes, base);
  return { outcomes, baseProblems: laid.problems, ...(chain ? { chain } : {}) };
}

/** One by one, without the chain; leaves the shadow where all that can be applied has been. */
export async function proveEach(
  shadow: Shadow,
  laid: Base,
  changed: readonly Provable[],
  progress: ProofProgress,
): Promise<{ outcomes: Outcome[]; base: CatalogSnapshot }> {
  const applied: Piece[] = [];
  const { back, stands } = wayBack(shadow, laid);
  const base = await readCatalog(shadow.session);
  const outcomes: Outcome[] = [];
  const missing = new Missing(laid);
  let recalling = progress.recall !== undefined;
  for (const [at, provable] of changed.entries()) {
    missing.begin(provable);
    const recalled = recalling ? progress.recall?.(provable) : undefined;
    if (recalling && !recalled) {
      recalling = false;
      missing.know((await replay(shadow.session, applied)).unmade);
    }
    progress.proving?.(provable, at, changed.length);
    const outcome = recalled ?? missing.judged(await proveOne(shadow, provable, back, progress.over));
    outcomes.push(outcome);
    if (!recalled) await progress.proven?.(outcome);
    const piece =
      recalled || progress.over?.() !== undefined
        ? pieceLeft(outcome)
        : await leave(shadow, outcome, missing, back);
    if (piece) {
      applied.push(piece);
      stands.push(piece);
    } else missing.leftOut(outcome);
  }
  if (recalling) await replay(shadow.session, applied);
  return { outcomes, base };
}

/** What of a migration stands where the next one begins; undefined where nothing does. */
function pieceLeft(outcome: Outcome): Piece | undefined {
  const { provable } = outcome;
  if (isApplied(outcome)) return pieceOf(provable);
  // One that fails by itself leaves nothing, as it would on the target; one that could not be tried here ran there.
  if ('proven' in outcome || (outcome.at === undefined && provable.blocked.length === 0)) return undefined;
  const { run, ...piece } = pieceOf(provable);
  return { ...piece, run: { ...run, steps: run.steps.filter(({ span }) => !isBlocked(provable, span)) } };
}

/** Applies what can be of one that could not be proven: what comes after it finds as much as there is. */
async function leave(
  shadow: Shadow,
  outcome: Outcome,
  missing: Missing,
  back: () => Promise<void>,
): Promise<Piece | undefined> {
  const piece = pieceLeft(outcome);
  if (!piece || isApplied(outcome)) return piece;
  try {
    const { unmade } = await replay(shadow.session, [piece]);
    missing.inPart(outcome.provable, unmade.names.keys());
    return piece;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    await back();
    return undefined;
  }
}

function isApplied(outcome: Outcome): boolean {
  return 'proven' in outcome && outcome.proven.after !== undefined;
}

/** Milliseconds of replaying from which on it is cheaper to write the state down than to come to it again. */
const WORTH = { local: 150, url: 1_000, embedded: 2_000 } as const satisfies Record<Shadow['kind'], number>;

/**
 * Brings the shadow back to where the next migration begins: to what it began with and what was proven since. When
 * that takes long, it is written down, so that many that fail do not make a long history longer and longer.
 *
 * `stands` are the migrations that have been applied since it was; the caller adds to it.
 */
function wayBack(shadow: Shadow, laid: Base): { back: () => Promise<void>; stands: Piece[] } {
  const stands: Piece[] = [];
  let { again } = laid;
  let kept: KnownCatalog | undefined;
  const back = async (): Promise<void> => {
    await again();
    knowCatalog(shadow.session, kept);
    const start = performance.now();
    await replay(shadow.session, stands);
    if (performance.now() - start < WORTH[shadow.kind]) return;
    await readCatalog(shadow.session);
    kept = knownCatalog(shadow.session);
    await shadow.keep();
    knowCatalog(shadow.session, kept);
    again = () => shadow.restore();
    stands.length = 0;
  };
  return { back, stands };
}

async function proveOne(
  shadow: Shadow,
  provable: Provable,
  back: () => Promise<void>,
  over: Over | undefined,
): Promise<Outcome> {
  const late = over?.();
  if (late !== undefined) return { provable, notProven: late };
  const [gap] = provable.blocked;
  if (gap) return { provable, notProven: gap.reason };
  try {
    return { provable, proven: await proveMigration(shadow, provable, back) };
  } catch (error) {
    // What Airlock asks for itself is refused only where the change has put something in its way.
    const because =
      error instanceof ConnectionLost
        ? error.message
        : error instanceof DatabaseError
          ? `the shadow database refuses to be asked about it: ${errorText(error.fields)}`
          : undefined;
    if (because === undefined) throw error;
    // Nothing comes after it.
    if (over?.() === undefined) await back();
    return { provable, notProven: because };
  }
}

/**
 * All downs in reverse: some pass in pairs and fail as a chain. Undefined: there is one only, or not all can be run.
 *
 * @param shadow where all of them have been applied
 * @param base what was there before the first
 */
export async function proveChain(
  shadow: Shadow,
  outcomes: readonly Outcome[],
  base: CatalogSnapshot,
): Promise<Chain | undefined> {
  if (outcomes.length < 2 || !outcomes.every(isApplied)) return undefined;
  if (outcomes.some(({ provable: { down } }) => down === undefined || down.steps.length === 0))
    return undefined;
  for (const { provable } of outcomes.toReversed()) {
    const { down, checked } = provable;
    const result = down && (await runSettled(shadow.session, down));
    if (result?.status === 'done') continue;
    const error = result?.status === 'failed' ? { error: errorText(result.error) } : {};
    return { ok: false, failedAt: checked.migration.id, ...error, differences: [] };
  }
  const differences = compareCatalogs(base, await readCatalog(shadow.session));
  return { ok: !differences.some(({ informative }) => informative !== true), differences };
}
