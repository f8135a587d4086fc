import { lex } from '../sql/lexer.ts';
import type { Span } from '../sql/source.ts';

/** Where a file's text begins: after a byte order mark, which the lexer would take for a part of a word. */
export function textStart(text: string): number {
  return text.charCodeAt(0) === 0xfeff ? 1 : 0;
}

/** Every `--` comment of a text that stands outside strings, dollar quotes and block comments. */
export function lineComments(text: string, start = textStart(text), end = text.length): Span[] {
  const found: Span[] = [];
  for (const lexeme of lex(text, start, end)) {
    if (lexeme.kind === 'line-comment') found.push({ start: lexeme.start, end: lexeme.end });
  }
  return found;
}

/** A comment that opens a section of a file. */
export interface Marker<K extends string> {
  readonly kind: K;
  /** The comment as it is written. */
  readonly comment: string;
  readonly span: Span;
  /** Where its line begins. */
  readonly lineStart: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** The comments that have a line to themselves and that `classify` knows, in order. */
export function findMarkers<K extends string>(
  text: string,
  comments: readonly Span[],
  classify: (comment: string) => K | undefined,
): Marker<K>[] {
  const found: Marker<K>[] = [];
  for (const span of comments) {
    const comment = text.slice(span.start, span.end);
    const kind = classify(comment);
    if (kind === undefined) continue;
    const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
    // The byte order mark is white space for trim(), too.
    if (text.slice(lineStart, span.start).trim() !== '') continue;
    const lineEnd = text.indexOf('\n', span.end);
    found.push({
      kind,
      comment,
      span,
      lineStart: Math.max(lineStart, textStart(text)),
      next: lineEnd === -1 ? text.length : lineEnd + 1,
    });
  }
  return found;
}
