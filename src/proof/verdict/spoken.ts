import type { Claim } from '../../rules/rule.ts';
import type { Raised } from '../../validation/raised.ts';
import type { Verdict } from './judge-static.ts';
import type { RanStatement } from './ran-statement.ts';

/** What rules said of the statements without running them and what stands after they ran, be it shown or ignored. */
export interface Spoken {
  /** One of these claims is made of the statement, and was seen to be so. */
  claimed(ran: RanStatement, claims: readonly Claim[]): boolean;
  /** One of these rules has spoken about the statement, or about the up as a whole where none is given. */
  by(rules: readonly string[], ran?: RanStatement): boolean;
}

/** @param verdicts those on findings about the ups of one migration */
export function spokenOf(verdicts: readonly Verdict[]): Spoken {
  const standing = verdicts.filter(({ status }) => status !== 'refuted');
  const rules = new Set(standing.map(({ raised }) => raised.ruleId));
  const byStart = new Map<number, Verdict[]>();
  for (const verdict of standing) {
    if (verdict.raised.whole) continue;
    const start = startOf(verdict.raised);
    byStart.set(start, [...(byStart.get(start) ?? []), verdict]);
  }
  return {
    claimed: ({ span }, claims) =>
      (byStart.get(span.start) ?? []).some(
        (verdict) => verdict.status === 'confirmed' && verdict.seen.some((claim) => claims.includes(claim)),
      ),
    by: (ids, ran) =>
      ran
        ? (byStart.get(ran.span.start) ?? []).some(({ raised }) => ids.includes(raised.ruleId))
        : ids.some((id) => rules.has(id)),
  };
}

export function startOf({ statement, span }: Raised): number {
  return (statement ?? span).start;
}
