import type { SectionResult, StepRun } from '../../engine/run-section.ts';
import { plural } from '../../report/order.ts';
import type { Proof } from '../../report/proof-result.ts';
import { displayDifference, displayObject } from '../catalog/words.ts';
import type { Provable } from '../provable.ts';
import type { Proven } from '../prove-migration.ts';
import { errorSpan } from '../told-statements.ts';
import type { Said } from './said.ts';

type Differences = Proof['roundTrip']['differences'];

/** What is to be said of the way back of an up that ran. */
export function* judgeRollback({ checked, down }: Provable, proven: Proven): Generator<Said> {
  const { proof, down: result, reapplied } = proven;
  const strategy = checked.migration.metadata?.rollbackStrategy;
  const first = down?.steps[0]?.span;
  if (proof.down.status === 'failed') {
    const failed = result && failedStep(result);
    yield {
      ruleId: 'down-fails',
      section: 'down',
      message: `The rollback fails: ${proof.down.error ?? 'no reason given'}.`,
      span: failed && errorSpan(failed),
    };
  }
  const { forGood, others } = byNature(proof.roundTrip.differences);
  const empty = proof.down.status === 'empty';
  if (forGood.length > 0 && strategy !== 'forward')
    yield {
      ruleId: 'irreversible-by-nature',
      section: 'down',
      message: `${forGood.map(valuesThatStay).join('; ')}: PostgreSQL has no statement that takes a value out of an enum.`,
      span: first,
    };
  if (
    empty &&
    (others.some(isReal) || forGood.length === 0) &&
    strategy !== 'backup' &&
    strategy !== 'forward'
  )
    yield {
      ruleId: 'empty-down',
      section: 'down',
      message: `The down holds no statement, and ${listed(others)}`,
    };
  if (proof.roundTrip.status === 'differs' && others.some(isReal))
    yield {
      ruleId: 'down-does-not-revert-up',
      section: 'down',
      message: `After up and down ${listed(others)}`,
      span: first,
    };
  if (proof.dataLoss.length > 0 && strategy !== 'backup')
    yield {
      ruleId: 'data-lost-by-rollback',
      section: 'down',
      message: `After up and down these are lost: ${proof.dataLoss.map(loss).join('; ')}.`,
      span: first,
    };
  if (proof.down.status === 'ok' && !proof.reapply.ok && proof.reapply.error !== undefined) {
    const failed = reapplied && failedStep(reapplied);
    yield {
      ruleId: 'cannot-be-applied-again',
      message: `After up and down the up fails: ${proof.reapply.error}.`,
      ...(failed ? { span: errorSpan(failed), statement: failed.step.span } : {}),
    };
  }
}

export function failedStep(result: SectionResult): StepRun | undefined {
  return result.status === 'failed' ? result.steps.at(-1) : undefined;
}

/** Values that an enum has got: ALTER TYPE … ADD VALUE has no counterpart (sql-altertype of the documentation). */
function byNature(differences: Differences): { forGood: Differences; others: Differences } {
  const forGood = differences.filter(
    ({ kind, before, after }) => kind === 'enum' && isLonger(labels(before), labels(after)),
  );
  return { forGood, others: differences.filter((difference) => !forGood.includes(difference)) };
}

/** All that was there still is, in its order, and something besides. */
function isLonger(known: readonly string[], labels: readonly string[]): boolean {
  const kept = labels.filter((label) => known.includes(label));
  return known.length > 0 && labels.length > known.length && kept.join() === known.join();
}

/** "'held' stays in the enum order_status". */
function valuesThatStay({ object, before, after }: Differences[number]): string {
  const known = labels(before);
  const stay = labels(after).filter((label) => !known.includes(label));
  return `${stay.join(', ')} ${stay.length > 1 ? 'stay' : 'stays'} in the enum ${displayObject(object)}`;
}

function labels(facts: string | undefined): readonly string[] {
  return facts?.startsWith('values: ') ? (facts.match(/'(?:[^']|'')*'/g) ?? []) : [];
}

function isReal({ informative }: Differences[number]): boolean {
  return informative !== true;
}

function loss({ relation, column, rows }: Proof['dataLoss'][number]): string {
  return column === undefined
    ? `${plural(rows, 'row')} of ${displayObject(relation)}`
    : `the values of ${displayObject(relation)}.${column} in ${plural(rows, 'row')}`;
}

/** Differences told in one sentence; the whole list stands in the proof. */
const TOLD = 5;

export function listed(differences: Differences): string {
  const real = differences.filter(isReal);
  const said = real.slice(0, TOLD).map(displayDifference).join('; ');
  return real.length > TOLD ? `${said}; and ${real.length - TOLD} more.` : `${said}.`;
}
