import { createHash } from 'node:crypto';
import type { SourceFile } from '../sql/source.ts';
import type { Finding } from './result.ts';

/**
 * A value per finding that stays the same when lines are added above it or its white space changes: made of the
 * rule, the file and the text it is about. The same text twice in a file is told apart by its order.
 * In the order of `findings`.
 */
export function fingerprints(
  findings: readonly Finding[],
  source: ((file: string) => SourceFile | undefined) | undefined,
): string[] {
  const order = findings
    .map((finding, index) => ({ finding, index }))
    .sort(
      (a, b) => a.finding.line - b.finding.line || a.finding.column - b.finding.column || a.index - b.index,
    );
  const seen = new Map<string, number>();
  const prints = new Array<string>(findings.length).fill('');
  for (const { finding, index } of order) {
    const text = textAbout(finding, source?.(finding.file)) ?? finding.message;
    const hash = createHash('sha256')
      .update(JSON.stringify([finding.ruleId, finding.file, text.replace(/\s+/g, ' ').trim()]))
      .digest('hex')
      .slice(0, 32);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    prints[index] = `${hash}:${count}`;
  }
  return prints;
}

function textAbout(finding: Finding, source: SourceFile | undefined): string | undefined {
  if (!source) return undefined;
  const start = source.lineStart(finding.line) + finding.column - 1;
  const end = source.lineStart(finding.endLine) + finding.endColumn - 1;
  const text = source.text.slice(start, end).trim();
  // An empty place (a missing section, the end of a file) is told apart by what is said of it.
  return text === '' ? undefined : text;
}
