import { createHash } from 'node:crypto';
import { fence, inline, prose } from '../report/markdown-text.ts';
import { worstFirst } from '../report/order.ts';
import { maskedSource, type Redactor } from '../report/redact.ts';
import type { Finding } from '../report/result.ts';
import { visible } from '../report/visible.ts';
import type { SourceFile } from '../sql/source.ts';
import type { ChangedFile } from './changed-files.ts';
import { rightHandHunks, shownLines } from './diff-lines.ts';

/** A comment on lines of the diff that offers their replacement. Lines start at 1, both ends included. */
export interface Suggestion {
  readonly path: string;
  readonly startLine: number;
  readonly line: number;
  readonly body: string;
  /** The hidden line by which it is known again after the next push. */
  readonly marker: string;
}

export interface SuggestionSettings {
  readonly findings: readonly Finding[];
  readonly files: readonly ChangedFile[];
  readonly source: (path: string) => SourceFile | undefined;
  readonly redact: Redactor;
}

/** What can be committed with a click: replacements whose lines the diff shows, no two of them on the same lines. */
export function suggestionsFor({ findings, files, source, redact }: SuggestionSettings): Suggestion[] {
  const hunks = new Map(
    files.map(({ path, patch }) => [path, patch === undefined ? [] : rightHandHunks(patch)]),
  );
  const suggestions: Suggestion[] = [];
  for (const finding of findings.toSorted(worstFirst)) {
    const file = source(finding.file);
    const lines = file && wholeLines(finding, file);
    if (file === undefined || lines === undefined) continue;
    // A secret may be told by a line above: the text around the edit must be that of the file without its secrets.
    if (wholeLines(finding, maskedSource(file, redact))?.before !== lines.before) continue;
    const { startLine, line, before, after } = lines;
    const shown = shownLines(hunks.get(finding.file) ?? [], startLine, line)
      ?.join('\n')
      .replaceAll('\r', '');
    const taken = suggestions.some(
      (other) => other.path === finding.file && startLine <= other.line && other.startLine <= line,
    );
    // The checkout may stand at the merge commit, whose lines are not those of the diff.
    if (taken || shown !== before || !isPlain(after, redact)) continue;
    const marker = markerOf(finding, before, after);
    const text = `**${inline(finding.ruleId, 100)}**: ${prose(finding.message)}`;
    const title = finding.replacement?.title;
    const what = title === undefined ? '' : ` ${prose(title)}.`;
    const body = `${marker}\n${text}${what}\n\n${fence(after, 'suggestion')}`;
    suggestions.push({ path: finding.file, startLine, line, body, marker });
  }
  return suggestions;
}

/** A suggestion replaces whole lines: the edit, with what stands before and behind it on them. */
function wholeLines(
  { replacement }: Finding,
  file: SourceFile,
): { startLine: number; line: number; before: string; after: string } | undefined {
  if (replacement === undefined) return undefined;
  // A byte order mark shifts the columns of the first line.
  if (replacement.line === 1 && file.text.startsWith('\ufeff')) return undefined;
  const { line: startLine, column, endColumn, text } = replacement;
  const wholeLastLine = endColumn === 1 && replacement.endLine > startLine && text.endsWith('\n');
  const line = wholeLastLine ? replacement.endLine - 1 : replacement.endLine;
  const head = file.line(startLine).slice(0, column - 1);
  const tail = wholeLastLine ? '' : file.line(line).slice(endColumn - 1);
  const before = Array.from({ length: line - startLine + 1 }, (_, index) =>
    file.line(startLine + index),
  ).join('\n');
  const after = head + (wholeLastLine ? text.replace(/\r?\n$/, '') : text) + tail;
  return { startLine, line, before: before.replaceAll('\r', ''), after: after.replaceAll('\r', '') };
}

/** What would come out of the comment as it went in: nothing hidden, nothing secret, no empty end. */
function isPlain(text: string, redact: Redactor): boolean {
  return (
    text.trim() !== '' &&
    !text.endsWith('\n') &&
    !text.includes('<!--') &&
    visible(text) === text &&
    redact(text) === text
  );
}

/** Made of the texts and not of the lines: a push above it moves a suggestion, and does not make it a new one. */
function markerOf({ ruleId, file }: Finding, before: string, after: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([ruleId, file, before, after]))
    .digest('hex');
  return `<!-- airlock:suggestion:${hash.slice(0, 24)} -->`;
}
