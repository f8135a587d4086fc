import type { SourceFile } from '../sql/source.ts';
import { detailsOf, type FindingText, rowOf } from './markdown-finding.ts';
import { asides, footer, headline } from './markdown-parts.ts';
import { inline, link } from './markdown-text.ts';
import { byFile, plural, tally, worstFirst } from './order.ts';
import { proofSection } from './proof-markdown.ts';
import type { Redactor } from './redact.ts';
import type { Finding, Result } from './result.ts';

export interface MarkdownOptions {
  readonly source?: ((file: string) => SourceFile | undefined) | undefined;
  /** Address of a file at the commit that was checked, with its lines marked. */
  readonly link?: ((file: string, line: number, endLine: number) => string | undefined) | undefined;
  /** Hidden first line by which the comment is found again; letters, digits, `:`, `.`, `/` and `-`. */
  readonly marker?: string | undefined;
  /**
   * Bytes of UTF-8. Default: GitHub's 65,536 for a comment, which it counts in characters in some places and in
   * bytes in others; bytes satisfy both. A step summary holds 1 MiB.
   */
  readonly maxLength?: number | undefined;
  /** Where everything stands when not all of it fits here: markdown of ours. */
  readonly elsewhere?: string | undefined;
  /** For code that is shown: everything else is taken out of the result beforehand. */
  readonly redact?: Redactor | undefined;
}

export const COMMENT_LIMIT = 65_536;
export const STEP_SUMMARY_LIMIT = 1_048_576;

/** Of the room, at most, for what happened when the migrations ran. */
const PROOF = 0.4;

/** The pull request comment and the step summary. Same result, same bytes. */
export function renderMarkdown(result: Result, options: MarkdownOptions = {}): string {
  const max = options.maxLength ?? COMMENT_LIMIT;
  // No table row is shorter than this: more of them need not be tried.
  const findings = result.findings.toSorted(worstFirst).slice(0, Math.ceil(max / 60));
  const cache = new Map<Finding, FindingText>();
  // Lists take at most about a third of the room, whatever is in them.
  const entries = Math.max(5, Math.floor(max / 6_000));
  const head = [markerLine(options), headline(result)];
  const tail = [
    proofSection(result, options, max * PROOF),
    ...asides(result, options, entries),
    footer(result),
  ];
  const compose = (rows: number, detailed: number): string => {
    const body = sections(
      result,
      findings.slice(0, rows),
      new Set(findings.slice(0, detailed)),
      cache,
      options,
    );
    return `${[...head, ...body, ...tail].filter((block) => block !== '').join('\n\n')}\n`;
  };
  const fits = (text: string): boolean => Buffer.byteLength(text, 'utf8') <= max;

  const whole = findings.length === result.findings.length ? compose(findings.length, findings.length) : '';
  if (whole !== '' && fits(whole)) return whole;
  // The worst ten are explained before the others are listed, and the others are listed before they are explained.
  const explained = largest(0, Math.min(findings.length, 10), (count) => fits(compose(count, count)));
  const rows = largest(explained, findings.length, (count) => fits(compose(count, explained)));
  const detailed = largest(explained, rows, (count) => fits(compose(rows, count)));
  const cut = compose(rows, detailed);
  if (fits(cut)) return cut;
  return `${[...head, leftOut(result, [], options)].filter((block) => block !== '').join('\n\n')}\n`;
}

function sections(
  result: Result,
  rows: readonly Finding[],
  detailed: ReadonlySet<Finding>,
  cache: Map<Finding, FindingText>,
  options: MarkdownOptions,
): string[] {
  const blocks: string[] = [];
  for (const [file, findings] of byFile(rows)) {
    blocks.push(`#### ${link(inline(file, 300), options.link?.(file, 1, 1))}`);
    const told = findings.map((finding) => textOf(finding, cache, options));
    blocks.push(['| | Line | Problem |', '|:-:|--:|:--|', ...told.map((text) => text.row)].join('\n'));
    const explained = findings.filter((finding) => detailed.has(finding));
    if (explained.length > 0) blocks.push(explanation(explained, findings.length, cache, options));
  }
  const missing = leftOut(result, rows, options);
  if (missing !== '') blocks.push(missing);
  else if (detailed.size < rows.length)
    blocks.push(
      `_Explained here: the ${detailed.size} worst of ${rows.length}. For the others ${elsewhere(options)}._`,
    );
  return blocks;
}

function explanation(
  findings: readonly Finding[],
  total: number,
  cache: Map<Finding, FindingText>,
  options: MarkdownOptions,
): string {
  const count = findings.length < total ? ` (the ${findings.length} worst)` : '';
  const seen = new Set<string>();
  const details = findings.map((finding) => {
    const text = textOf(finding, cache, options);
    // The same reason is not told twice under one file.
    const first = !seen.has(`${finding.ruleId}\n${finding.why}`);
    seen.add(`${finding.ruleId}\n${finding.why}`);
    return [text.title, text.excerpt, first ? text.why : '', text.instead, text.rewrite]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return `<details><summary>Why, and what to write instead${count}</summary>\n\n${details.join('\n\n')}\n\n</details>`;
}

function textOf(finding: Finding, cache: Map<Finding, FindingText>, options: MarkdownOptions): FindingText {
  let text = cache.get(finding);
  if (!text) {
    text = { row: rowOf(finding, options), ...detailsOf(finding, options) };
    cache.set(finding, text);
  }
  return text;
}

function leftOut(result: Result, shown: readonly Finding[], options: MarkdownOptions): string {
  if (shown.length === result.findings.length) return '';
  const kept = new Set(shown);
  const missing = result.findings.filter((finding) => !kept.has(finding));
  return `**${plural(missing.length, 'more finding')} left out here for length (${tally(missing)}).** For all of them ${elsewhere(options)}.`;
}

function elsewhere(options: MarkdownOptions): string {
  return options.elsewhere ?? 'run <code>airlock validate</code>';
}

function markerLine({ marker }: MarkdownOptions): string {
  return marker === undefined ? '' : `<!-- ${marker.replace(/[^\w:./-]/g, '')} -->`;
}

/** The largest number in [low, high] that passes, given that smaller ones pass more easily; `low` where none does. */
function largest(low: number, high: number, passes: (count: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (passes(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}
