import type { Proof } from '../report/proof-result.ts';
import { sectionOf } from '../validation/check-migration.ts';
import type { Raised } from '../validation/raised.ts';
import type { ActiveRule } from '../validation/settings.ts';
import { displayObject } from './catalog/words.ts';
import type { Provable } from './provable.ts';
import type { ChangeProof } from './prove-change.ts';
import type { Proven } from './prove-migration.ts';
import { errorSpan, errorText } from './told-statements.ts';
import { failedStep, judgeRollback, listed } from './verdict/rollback.ts';
import type { Said } from './verdict/said.ts';

/**
 * What the proof found, as findings of stage `executed`.
 *
 * @param work what is to be said of the statements of an up that ran
 */
export function judgeProof(
  { outcomes, chain }: ChangeProof,
  active: readonly ActiveRule[],
  work: (provable: Provable) => Iterable<Said>,
): Raised[] {
  const raised: Raised[] = [];
  const rules = new Map(active.map((each) => [each.rule.id, each]));
  const add = (provable: Provable, said: Said): void => {
    const rule = rules.get(said.ruleId);
    if (rule) raised.push(place(provable, said, rule));
  };
  const end = outcomes.findLast((each) => 'proven' in each && each.proven.after !== undefined);
  for (const outcome of outcomes) {
    if (!('proven' in outcome)) continue;
    const { provable, proven } = outcome;
    for (const said of findingsOf(provable, proven, work(provable), end)) add(provable, said);
  }
  const last = outcomes.at(-1);
  if (chain && !chain.ok && last && outcomes.every(isWhole)) {
    const failed = outcomes.find(({ provable }) => provable.checked.migration.id === chain.failedAt);
    const message = failed
      ? `All downs in reverse order were run, and that of ${failed.provable.checked.migration.id} failed: ${chain.error ?? 'no reason given'}.`
      : `All downs in reverse order were run, and ${listed(chain.differences)}`;
    add((failed ?? last).provable, { ruleId: 'chain-does-not-revert', section: 'down', message });
  }
  return raised;
}

/** By itself it comes back: then only the chain can say what is wrong. */
function isWhole(outcome: ChangeProof['outcomes'][number]): boolean {
  return 'proven' in outcome && outcome.proven.proof.roundTrip.status === 'reverts';
}

/** Once the whole change has been applied. */
function staysInvalid(index: string, end: ChangeProof['outcomes'][number] | undefined): boolean {
  const after = end && 'proven' in end ? end.proven.after : undefined;
  return after?.get('index')?.get(index)?.['valid'] === 'invalid';
}

/** @param end the last migration that could be applied: later ones may attach what an index lacks */
function* findingsOf(
  provable: Provable,
  proven: Proven,
  work: Iterable<Said>,
  end: ChangeProof['outcomes'][number] | undefined,
): Generator<Said> {
  const { proof } = proven;
  if (!proof.up.ok || proven.failsOnRowsOnly) yield* upFailed(proven);
  if (!proof.up.ok) return;
  yield* work;
  yield* questions(provable, proof);
  for (const index of proven.invalidIndexes)
    yield {
      ruleId: 'invalid-index-left',
      message: `The index ${displayObject(index)} is invalid after the up.`,
    };
  for (const index of proven.unattachedIndexes ?? [])
    yield {
      ruleId: 'invalid-index-left',
      severity: staysInvalid(index, end) ? 'warning' : 'info',
      message: `The index ${displayObject(index)} stays invalid until an index of every partition is attached to it.`,
      advice: ATTACH,
    };
  if (proof.verify && !proof.verify.ok)
    yield {
      ruleId: 'verify-fails',
      section: 'verify',
      message: `The verification fails after the up: ${proof.verify.error ?? 'no reason given'}`,
      span: provable.verify?.steps[0]?.span,
    };
  yield* judgeRollback(provable, proven);
}

/** "Partitioning" of ddl-partitioning in the documentation. */
const ATTACH =
  'Build one on each partition with CREATE INDEX CONCURRENTLY, then ALTER INDEX … ATTACH PARTITION each.';

function* upFailed({ up, failsOnRowsOnly, proof }: Proven): Generator<Said> {
  const failed = failedStep(up);
  if (!failed) return;
  const said = failed.error ? errorText(failed.error) : '';
  yield failsOnRowsOnly
    ? {
        ruleId: 'up-fails-on-rows',
        message: `With ${total(proof)} rows in ${tableNames(proof)} this fails: ${said}. On empty tables it runs.`,
        span: errorSpan(failed),
        statement: failed.step.span,
      }
    : {
        ruleId: 'up-fails',
        message: `This fails: ${said}.`,
        span: errorSpan(failed),
        statement: failed.step.span,
      };
}

/** At the statement that made what the question is about. */
function* questions({ up }: Provable, { up: { statements }, dependsOnData = [] }: Proof): Generator<Said> {
  for (const { object, relation, query } of dependsOnData) {
    const at = statements.findIndex(({ created, altered = [] }) =>
      [...created, ...altered].some((made) => made.endsWith(` ${object}`)),
    );
    const { span } = up.steps[at] ?? {};
    yield {
      ruleId: 'depends-on-data',
      message: `Whether ${displayObject(object)} can be made depends on the rows that ${displayObject(relation)} has on the target: made-up rows say nothing about that.`,
      ...(span ? { span, statement: span } : {}),
      advice: `Ask the target first; every row of the answer makes it fail: ${query}`,
    };
  }
}

function total({ populated }: Proof): number {
  return Object.values(populated.rowsPerTable).reduce((sum, rows) => sum + rows, 0);
}

function tableNames({ populated }: Proof): string {
  const names = Object.keys(populated.rowsPerTable).map(displayObject);
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more tables`;
}

function place(provable: Provable, said: Said, { rule, severity }: ActiveRule): Raised {
  const { checked } = provable;
  const name = said.section ?? 'up';
  const section = sectionOf(checked, name);
  const start = section.pieces[0]?.start ?? 0;
  const span = said.span ?? { start, end: start };
  return {
    ruleId: rule.id,
    severity: said.severity ?? severity,
    stage: 'executed',
    file: section.file,
    span,
    ...(said.statement ? { statement: said.statement } : {}),
    migrationId: checked.migration.id,
    message: said.message,
    why: rule.why,
    advice: said.advice ?? rule.safeAlternative,
    migration: checked,
    section: name,
  };
}
