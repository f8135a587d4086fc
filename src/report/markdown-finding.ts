import { frame } from './frame.ts';
import type { MarkdownOptions } from './markdown.ts';
import { fence, inline, link, prose } from './markdown-text.ts';
import { maskedSource } from './redact.ts';
import type { Finding } from './result.ts';
import { clip } from './visible.ts';

/** One finding in all the pieces a comment may hold of it. */
export interface FindingText {
  readonly row: string;
  readonly title: string;
  readonly excerpt: string;
  readonly why: string;
  readonly instead: string;
  /** The lines as they stand and as they would stand after the replacement. */
  readonly rewrite: string;
}

export const ICON = { error: '🛑', warning: '⚠️', info: 'ℹ️' } as const;

/** Three short cells, so that a phone shows them side by side. */
export function rowOf(finding: Finding, options: MarkdownOptions): string {
  const line = link(String(finding.line), options.link?.(finding.file, finding.line, finding.endLine));
  const seen = finding.stage === 'executed' ? ' · seen when it ran' : '';
  return `| ${ICON[finding.severity]} | ${line} | ${prose(finding.message, 600)}<br>${ruleLink(finding)}${seen} |`;
}

export function detailsOf(finding: Finding, options: MarkdownOptions): Omit<FindingText, 'row'> {
  const rewrite = rewriteOf(finding, options);
  return {
    title: `**${ICON[finding.severity]} Line ${finding.line} · ${inline(finding.ruleId, 100)}**`,
    // The rewrite shows the lines as they stand.
    excerpt: rewrite === '' ? excerptOf(finding, options) : '',
    why: finding.why.trim() === '' ? '' : `**Why:** ${prose(finding.why)}`,
    rewrite,
    instead: finding.fix.trim() === '' ? '' : `**Instead:** ${prose(finding.fix)}`,
  };
}

export function ruleLink(finding: Pick<Finding, 'ruleId' | 'helpUrl'>): string {
  return link(inline(finding.ruleId, 100), finding.helpUrl);
}

function excerptOf(finding: Finding, options: MarkdownOptions): string {
  const source = options.source?.(finding.file);
  if (!source) return '';
  const rows = frame(source, finding, { width: 200, context: 0, lines: 8, redact: options.redact });
  const text = rows.map((row) => row.text.trimEnd()).join('\n');
  return text.trim() === '' ? '' : fence(text, 'sql');
}

/** Lines shown of a rewrite, on either side. */
const REWRITE_LINES = 20;

function rewriteOf({ file, replacement }: Finding, options: MarkdownOptions): string {
  if (!replacement) return '';
  const raw = options.source?.(file);
  const text = clip(replacement.text, 2_000);
  if (!raw) return fence(text, 'sql');
  const source = maskedSource(raw, options.redact);
  const near = (part: string): string => part.slice(0, 5_000);
  const last = Math.min(replacement.endLine, replacement.line + REWRITE_LINES);
  const old: string[] = [];
  for (let line = replacement.line; line <= last; line += 1) old.push(source.line(line));
  const before = near(source.line(replacement.line).slice(0, replacement.column - 1));
  const after = near(source.line(replacement.endLine).slice(replacement.endColumn - 1));
  return fence(
    [...sideOf('-', old.map(near)), ...sideOf('+', `${before}${text}${after}`.split('\n'))].join('\n'),
    'diff',
  );
}

function sideOf(sign: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, REWRITE_LINES).map((line) => `${sign} ${clip(line, 300)}`);
  return lines.length > REWRITE_LINES ? [...shown, `${sign} …`] : shown;
}
