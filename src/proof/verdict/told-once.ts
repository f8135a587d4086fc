import type { Severity } from '../../rules/rule.ts';
import type { Raised } from '../../validation/raised.ts';
import { startOf } from './spoken.ts';

const RANK: Readonly<Record<Severity, number>> = { info: 1, warning: 2, error: 3 };
const FAILURES: ReadonlySet<string> = new Set(['up-fails', 'up-fails-on-rows']);

/**
 * That a statement fails is told once: by the rule that knew it beforehand, as gravely as by the proof. That a down does
 * nothing is told by the rule that saw what it leaves. What depends on the target's rows is told by the rule that knew
 * it beforehand, with the query that answers it.
 *
 * @param raised what is told, after `settle`
 */
export function toldOnce(raised: readonly Raised[]): Raised[] {
  const failed = raised.filter(({ ruleId }) => FAILURES.has(ruleId));
  const told = new Set<Raised>();
  const louder = new Map<Raised, Severity>();
  for (const failure of failed) {
    const foretold = raised.find(
      (each) =>
        each.foretold === true && each.migration === failure.migration && startOf(each) === startOf(failure),
    );
    if (!foretold) continue;
    told.add(failure);
    if (RANK[failure.severity] > RANK[foretold.severity]) louder.set(foretold, failure.severity);
  }
  const advice = new Map<Raised, string>();
  for (const question of raised.filter(({ ruleId }) => ruleId === 'depends-on-data')) {
    const asked = raised.find(
      (each) =>
        each.ruleId === 'add-unique-data-dependent' &&
        each.migration === question.migration &&
        startOf(each) === startOf(question),
    );
    if (!asked || advice.has(asked)) continue;
    told.add(question);
    advice.set(asked, question.advice);
  }
  const emptyDowns = new Set(
    raised.filter(({ ruleId }) => ruleId === 'empty-down').map(({ migration }) => migration),
  );
  const isEmptyDown = ({ ruleId, migration }: Raised): boolean =>
    ruleId === 'missing-down' && emptyDowns.has(migration);
  return raised
    .filter((each) => !told.has(each) && !isEmptyDown(each))
    .map((each) => {
      const severity = louder.get(each) ?? each.severity;
      return { ...each, severity, advice: advice.get(each) ?? each.advice };
    });
}
