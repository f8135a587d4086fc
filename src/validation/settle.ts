import type { CheckedMigration, Rule } from '../rules/rule.ts';
import { applySuppressions, type IgnorePolicy, OBEY, type Suppressed } from './apply-suppressions.ts';
import type { Raised } from './raised.ts';
import type { ActiveRule } from './settings.ts';

export interface Settling {
  /** Migrations whose ignore comments count. */
  readonly changed: readonly CheckedMigration[];
  readonly rules: ReadonlyMap<string, Rule>;
  readonly active: readonly ActiveRule[];
  readonly policy?: IgnorePolicy | undefined;
  /** What a proof found is among it. */
  readonly proven?: boolean | undefined;
}

/** What is told of all that was found: one thing once, and nothing that is ignored for a reason. */
export function settle(
  raised: readonly Raised[],
  { changed, rules, active, policy = OBEY, proven = false }: Settling,
): Suppressed {
  const suppressed = applySuppressions(
    withoutSecondary(raised, rules),
    changed,
    rules,
    active,
    { ...policy, never: [...policy.never, ...shownByProof(rules)] },
    proven,
  );
  return { ...suppressed, raised: withoutUndone(suppressed.raised, rules) };
}

/** What was seen to fail or to lose data: no comment holds it back, only what the base branch accepts. */
function shownByProof(rules: ReadonlyMap<string, Rule>): string[] {
  return [...rules.values()]
    .filter(({ firedBy, ignorable }) => firedBy === 'proof' && ignorable !== true)
    .map(({ id }) => id);
}

/** What a statement that fails would have done is not worth a word, unless somebody says (ignores) that it does not fail. */
function withoutUndone(raised: readonly Raised[], rules: ReadonlyMap<string, Rule>): readonly Raised[] {
  const failing = new Set<string>();
  for (const each of raised) if (rules.get(each.ruleId)?.stops) failing.add(statementKey(each));
  if (failing.size === 0) return raised;
  return raised.filter((each) => {
    const rule = rules.get(each.ruleId);
    return (
      each.whole ||
      rule?.stops ||
      rule?.aside ||
      rule?.firedBy === 'proof' ||
      !failing.has(statementKey(each))
    );
  });
}

function statementKey({ file, statement, span }: Raised): string {
  return `${file.path}:${(statement ?? span).start}`;
}

const RANK = { info: 1, warning: 2, error: 3 } as const;

/**
 * Takes out what a secondary rule says of a statement, or of a part of it, that a rule of at least its severity
 * (a secondary one: of a higher) has spoken about.
 */
function withoutSecondary(raised: readonly Raised[], rules: ReadonlyMap<string, Rule>): Raised[] {
  const isSecondary = ({ ruleId }: Raised): boolean => rules.get(ruleId)?.secondary === true;
  if (!raised.some(isSecondary)) return [...raised];
  const byStatement = new Map<string, Raised[]>();
  for (const each of raised) {
    const said = byStatement.get(statementKey(each));
    if (said) said.push(each);
    else byStatement.set(statementKey(each), [each]);
  }
  return raised.filter(
    (each) =>
      !isSecondary(each) ||
      !byStatement.get(statementKey(each))?.some((other) => {
        const louder = RANK[other.severity] - RANK[each.severity];
        if (other === each || other.whole || rules.get(other.ruleId)?.aside || !overlap(other, each))
          return false;
        return isSecondary(other) ? louder > 0 : louder >= 0;
      }),
  );
}

function overlap({ span: one }: Raised, { span: other }: Raised): boolean {
  return one.start <= other.end && other.start <= one.end;
}
