import { inline, prose } from './markdown-text.ts';
import { provenLine, titleOf, verdictsOf, wellLine } from './proof-verdict.ts';
import type { Result } from './result.ts';

export const ICONS = { good: '✅', note: 'ℹ️', warn: '⚠️', bad: '❌' } as const;

const NOT_PROVEN = /^not proven: /;

/** Migrations named in the head of a report. */
const NAMED = 5;

/** For the head of a report: what was run, and each that did not go well; or why nothing was run. */
export function ranLine(result: Result): string {
  const { proofs = [], notAnalysed } = result;
  const not = notAnalysed.filter(({ reason }) => NOT_PROVEN.test(reason));
  const [first] = not;
  if (proofs.length === 0)
    return first ? `**Not run:** ${prose(first.reason.replace(NOT_PROVEN, ''), 400)}` : '';
  const verdicts = verdictsOf(result);
  const told = proofs.flatMap((proof, at) => {
    const verdict = verdicts[at];
    return verdict ? [{ proof, ...verdict }] : [];
  });
  const wrong = told.filter(({ level }) => level !== 'good').sort((a, b) => (a.level < b.level ? -1 : 1));
  const good = told.filter(({ level }) => level === 'good').map(({ proof }) => proof);
  const more = wrong.length - NAMED;
  const items = [
    ...wrong
      .slice(0, NAMED)
      .map(
        ({ proof, text, level }) => `${ICONS[level]} **${inline(titleOf(proof), 150)}** ${inline(text, 300)}`,
      ),
    ...(more > 0 ? [`… and ${more} more with problems`] : []),
    ...(not.length > 0 ? [`⚪ ${not.length} more could not be run: see “Not analysed”`] : []),
    ...(good.length > 0 ? [`${ICONS.good} ${wellLine(good, proofs.length)}`] : []),
  ];
  return `${inline(provenLine(proofs), 300)}:\n${items.map((item) => `- ${item}`).join('\n')}`;
}
