import { displayWidth } from './cells.ts';
import { plural, thousands } from './order.ts';
import type { Proof, ProofSummary } from './proof-result.ts';
import { titleOf, verdictOf } from './proof-verdict.ts';
import type { Finding, NotAnalysedEntry } from './result.ts';
import { wrap } from './wrap.ts';

const NOT_PROVEN = 'not proven: ';

/** The numbers, and the proofs that have something to say that no finding tells: all others are well, or have no down. */
export function summaryOf(
  proofs: readonly Proof[],
  findings: readonly Finding[],
  notAnalysed: readonly NotAnalysedEntry[],
): { readonly summary: ProofSummary; readonly proofs: readonly Proof[] } {
  const count = (is: (proof: Proof) => boolean): number => proofs.filter(is).length;
  const loud = proofs.filter((proof) => verdictOf(proof).level !== 'good');
  const rules = rulesSeen(findings);
  const notProven = notAnalysed.filter(({ reason }) => reason.startsWith(NOT_PROVEN));
  return {
    summary: {
      migrations: proofs.length + notProven.length,
      // Or there was nothing to take back.
      restores: count(
        ({ down, roundTrip: { status } }) =>
          status === 'reverts' || (down.status === 'ok' && status === 'not-run'),
      ),
      differs: count(({ roundTrip }) => roundTrip.status === 'differs'),
      failsOnRows: count(({ up, populated }) => up.ok && !populated.ok),
      upFails: count(({ up }) => !up.ok),
      downFails: count(({ down }) => down.status === 'failed'),
      empty: count(({ down }) => down.status === 'empty'),
      missing: count(({ down }) => down.status === 'missing'),
      losesData: count(({ dataLoss }) => dataLoss.length > 0),
      notProven: notProven.length,
      told: proofs.flatMap((proof) => {
        const { migrationId, name } = proof;
        if (loud.includes(proof)) return [{ migrationId, name, verdict: verdictOf(proof).text }];
        const seen = rules.get(migrationId);
        return seen ? [{ migrationId, name, verdict: `runs, but: ${countedOf(seen)}` }] : [];
      }),
    },
    proofs: loud,
  };
}

/** The rules that have something to say of each migration, as often as they say it. */
function rulesSeen(findings: readonly Finding[]): Map<string, string[]> {
  const seen = new Map<string, string[]>();
  for (const { stage, severity, migrationId, ruleId } of findings)
    if (stage === 'executed' && severity !== 'info' && migrationId !== undefined)
      seen.set(migrationId, [...(seen.get(migrationId) ?? []), ruleId]);
  return seen;
}

/** "set-not-null, create-index-concurrently (3)": they are told in full where they were found. */
function countedOf(rules: readonly string[]): string {
  return [...new Set(rules)]
    .map((rule) => {
      const times = rules.filter((other) => other === rule).length;
      return times > 1 ? `${rule} (${times})` : rule;
    })
    .join(', ');
}

const LINES = [
  ['restores', 'rollback restores the schema'],
  ['differs', 'rollback leaves a difference'],
  ['downFails', 'rollback fails'],
  ['empty', 'rollback does nothing'],
  ['missing', 'there is no rollback'],
  ['losesData', 'rollback loses data'],
  ['upFails', 'up fails'],
  ['failsOnRows', 'up fails as soon as there are rows'],
  ['notProven', 'not proven'],
] as const satisfies readonly (readonly [keyof ProofSummary, string])[];

/** A table of the numbers, and below it one line for each migration that is not well. */
export function summaryBlock(
  summary: ProofSummary | undefined,
  { paint, width }: { readonly paint: (code: string, text: string) => string; readonly width: number },
): string {
  if (!summary) return '';
  const numbers = LINES.filter(([key]) => summary[key] > 0 || key === 'restores');
  const room = Math.max(...numbers.map(([key]) => thousands(summary[key]).length));
  const titles = summary.told.map(titleOf);
  const column = Math.min(Math.max(0, ...titles.map(displayWidth)), 48);
  return [
    paint('1', `the whole history: ${plural(summary.migrations, 'migration')}`),
    ...numbers.map(([key, text]) => `  ${thousands(summary[key]).padStart(room)}  ${text}`),
    ...(titles.length > 0 ? [''] : []),
    ...summary.told.flatMap(({ verdict }, at) => {
      const title = titles[at] ?? '';
      const fits = displayWidth(title) <= column && column + 4 + displayWidth(verdict) <= width;
      return fits
        ? [`  ${title}${' '.repeat(column - displayWidth(title))}  ${verdict}`]
        : [`  ${title}`, ...wrap(verdict, Math.max(20, width - 6)).map((line) => `      ${line}`)];
    }),
  ].join('\n');
}
