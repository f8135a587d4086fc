import type { Proof } from '../../report/proof-result.ts';
import type { CheckedMigration, Target } from '../../rules/rule.ts';
import { numberOption } from '../../rules/shared/statistics.ts';
import { ROWS_PER_SECOND } from '../../rules/shared/work-time.ts';
import type { Raised } from '../../validation/raised.ts';
import type { ActiveRule } from '../../validation/settings.ts';
import { judgeProof } from '../judge.ts';
import type { ChangeProof, Outcome } from '../prove-change.ts';
import { failedAt } from './claims.ts';
import { type Allowed, tooLong } from './durations.ts';
import { withEstimates } from './estimate.ts';
import { type Ground, judgeStatic, type Verdict } from './judge-static.ts';
import { locksWithoutTimeout } from './lock-timeouts.ts';
import { locksKept, workUnderLock } from './locked-work.ts';
import { type RanStatement, ranStatements } from './ran-statement.ts';
import type { Said } from './said.ts';
import { spokenOf, startOf } from './spoken.ts';

export interface Judging extends Omit<Ground, 'target'>, Allowed {
  readonly active: readonly ActiveRule[];
  readonly target: Target;
}

export interface JudgedChange {
  /** What stands of the findings, and what the proof adds; not settled yet. */
  readonly raised: readonly Raised[];
  /** By the finding as it was before. */
  readonly refuted: ReadonlyMap<Raised, string>;
  /** Of the migrations that could be proven, with estimates. */
  readonly proofs: readonly Proof[];
}

type ProvenOutcome = Extract<Outcome, { proven: unknown }>;

/**
 * The verdict on a change: what was found without running it is confirmed or refuted by what its statements did, and
 * what only running it shows is added.
 *
 * @param unsettled all that the rules said, what is silent because of something else included
 */
export function judgeChange(
  unsettled: readonly Raised[],
  change: ChangeProof,
  judging: Judging,
): JudgedChange {
  const about = new Map<CheckedMigration | undefined, Raised[]>();
  for (const raised of unsettled) {
    const known = about.get(raised.migration);
    if (known) known.push(raised);
    else about.set(raised.migration, [raised]);
  }
  const judged = new Map<CheckedMigration, JudgedMigration>();
  for (const outcome of change.outcomes) {
    const { checked } = outcome.provable;
    if ('proven' in outcome) judged.set(checked, judgeMigration(about.get(checked) ?? [], outcome, judging));
  }
  const verdicts = new Map([...judged.values()].flatMap((each) => [...each.verdicts]));
  const refuted = new Map<Raised, string>();
  const standing = unsettled.flatMap((raised) => {
    const verdict = verdicts.get(raised);
    if (verdict?.status !== 'refuted') return [verdict?.raised ?? raised];
    refuted.set(raised, verdict.because);
    return [];
  });
  const executed = judgeProof(change, judging.active, ({ checked }) => judged.get(checked)?.said ?? []);
  return {
    raised: [...standing, ...executed],
    refuted,
    proofs: [...judged.values()].map(({ proof }) => proof),
  };
}

interface JudgedMigration {
  readonly verdicts: ReadonlyMap<Raised, Verdict>;
  readonly proof: Proof;
  readonly said: readonly Said[];
}

function judgeMigration(
  found: readonly Raised[],
  { provable, proven }: ProvenOutcome,
  judging: Judging,
): JudgedMigration {
  const { target, active } = judging;
  const ran = ranStatements(provable, proven);
  const byStart = new Map(ran.map((each) => [each.span.start, each]));
  const ground: Ground = { ...judging, target: target.major };
  const verdicts = new Map<Raised, Verdict>();
  for (const raised of found) {
    if (raised.section !== 'up') continue;
    const statement = raised.whole ? undefined : byStart.get(startOf(raised));
    verdicts.set(
      raised,
      statement ? judgeStatic(raised, statement, proven, ground) : { status: 'open', raised },
    );
  }
  const proof = withEstimates(proven.proof, ran, target, speedOf(active));
  const said = proven.proof.up.ok
    ? [...executedSaid({ provable, proven }, ran, proof, { judging, verdicts: [...verdicts.values()] })]
    : [];
  return { verdicts, proof, said };
}

function* executedSaid(
  { provable: { checked }, proven }: ProvenOutcome,
  ran: readonly RanStatement[],
  proof: Proof,
  { judging, verdicts }: { judging: Judging; verdicts: readonly Verdict[] },
): Generator<Said> {
  const spoken = spokenOf(verdicts);
  // What a statement would do that fails where there are rows is not worth a word.
  const whole = ran.filter((each) => !failedAt(each, proven));
  yield* workUnderLock(whole, judging.target, spoken);
  yield* locksKept(ran, spoken);
  // Who does not want to hear of timeouts does not want to hear of them from a proof either.
  if (judging.active.some(({ rule }) => rule.id === 'require-lock-timeout'))
    yield* locksWithoutTimeout(checked, ran, spoken);
  const times = proof.up.statements.map(({ estimate }) => estimate?.ms ?? 0);
  yield* tooLong(checked, proof.estimate, ran[times.indexOf(Math.max(...times))], judging);
}

/** Rows a second: as the configuration says for the estimate that is made without a proof. */
function speedOf(active: readonly ActiveRule[]): number {
  const options = active.find(({ rule }) => rule.id === 'cumulative-lock-budget')?.options ?? {};
  return numberOption(options, 'rowsPerSecond', ROWS_PER_SECOND);
}
