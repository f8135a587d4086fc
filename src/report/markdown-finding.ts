import { frame } from './frame.ts';
import type { MarkdownOptions } from './markdown.ts';
import { fence, inline, link, prose } from './markdown-text.ts';
import type { Finding } from './result.ts';
import { clip } from './visible.ts';

/** One finding in all the pieces a comment may hold of it. */
export interface FindingText {
  readonly row: string;
  readonly title: string;
  readonly excerpt: string;
  readonly why: string;
  readonly instead: string;
}

export const ICON = { error: '🛑', warning: '⚠️', info: 'ℹ️' } as const;

/** Three short cells, so that a phone shows them side by side. */
export function rowOf(finding: Finding, options: MarkdownOptions): string {
  const line = link(String(finding.line), options.link?.(finding.file, finding.line, finding.endLine));
  return `| ${ICON[finding.severity]} | ${line} | ${prose(finding.message, 600)}<br><sub>${ruleLink(finding)}</sub> |`;
}

export function detailsOf(finding: Finding, options: MarkdownOptions): Omit<FindingText, 'row'> {
  const rewrite = finding.replacement ? `\n\n${fence(clip(finding.replacement.text, 2_000), 'sql')}` : '';
  return {
    title: `**${ICON[finding.severity]} Line ${finding.line} · ${inline(finding.ruleId, 100)}**`,
    excerpt: excerptOf(finding, options),
    why: finding.why.trim() === '' ? '' : `**Why:** ${prose(finding.why)}`,
    instead: finding.fix.trim() === '' ? '' : `**Instead:** ${prose(finding.fix)}${rewrite}`,
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
