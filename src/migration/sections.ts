import { lex } from '../sql/lexer.ts';
import type { SourceFile, Span } from '../sql/source.ts';
import { DIRECTIVE_HINT, type Directive, directivesAmong } from './directives.ts';
import { lineComments, type Marker, textStart } from './line-comments.ts';
import type { Section } from './migration.ts';

/** A file whose comments were looked up once, for its markers and its directives. */
export interface ScannedFile {
  readonly file: SourceFile;
  /** Left empty where neither a directive nor `marker` can be in the text. */
  readonly comments: readonly Span[];
  readonly directives: readonly Directive[];
}

/** `marker` is a cheap test for texts that may hold the layout's markers. */
export function scan(file: SourceFile, marker?: RegExp): ScannedFile {
  const mayHold = DIRECTIVE_HINT.test(file.text) || marker?.test(file.text) === true;
  const comments = mayHold ? lineComments(file.text) : [];
  return { file, comments, directives: directivesAmong(file.text, comments) };
}

/** The whole text without its byte order mark. */
export function wholeText(file: SourceFile): Span {
  return { start: textStart(file.text), end: file.text.length };
}

/** Where a problem with a whole file is shown. */
export function firstLine(file: SourceFile): Span {
  const { start, end } = wholeText(file);
  const lineEnd = file.text.indexOf('\n', start);
  const to = lineEnd === -1 ? end : lineEnd;
  return { start, end: file.text[to - 1] === '\r' && to > start ? to - 1 : to };
}

/** A section with the directives that stand in it, and those of `header`, which stands above all sections and counts for each. */
export function sectionOf(
  scanned: ScannedFile,
  pieces: readonly Span[],
  optsOut: boolean,
  header?: Span,
): Section {
  const spans = header === undefined ? pieces : [header, ...pieces];
  // Both are in the order of the text: a file of thousands of sections is walked once.
  let at = 0;
  const directives = scanned.directives.filter(({ span }) => {
    while (at < spans.length && (spans[at]?.end ?? 0) < span.end) at++;
    return (spans[at]?.start ?? Number.POSITIVE_INFINITY) <= span.start;
  });
  return { file: scanned.file, pieces, directives, optsOut };
}

/** A file that is one section. */
export function wholeSection(scanned: ScannedFile, optsOut: boolean): Section {
  return sectionOf(scanned, [wholeText(scanned.file)], optsOut);
}

export interface MarkedText<K extends string> {
  /** What stands before the first marker. */
  readonly header: Span;
  readonly pieces: ReadonlyMap<K, readonly Span[]>;
  /** Markers of a kind that was there before. */
  readonly repeated: readonly Marker<K>[];
}

/** The text after each marker, up to the next one. */
export function splitAtMarkers<K extends string>(
  file: SourceFile,
  markers: readonly Marker<K>[],
): MarkedText<K> {
  const pieces = new Map<K, Span[]>();
  const repeated: Marker<K>[] = [];
  markers.forEach((marker, index) => {
    const piece = { start: marker.next, end: markers[index + 1]?.lineStart ?? file.text.length };
    const before = pieces.get(marker.kind);
    if (before === undefined) pieces.set(marker.kind, [piece]);
    else {
      before.push(piece);
      repeated.push(marker);
    }
  });
  const { start, end } = wholeText(file);
  return { header: { start, end: markers[0]?.lineStart ?? end }, pieces, repeated };
}

/** The first piece of SQL in a part of a text; undefined where it holds only comments and white space. */
export function firstSql(text: string, { start, end }: Span): Span | undefined {
  for (const { kind, ...span } of lex(text, start, end)) {
    if (kind !== 'line-comment' && kind !== 'block-comment') return { start: span.start, end: span.end };
  }
  return undefined;
}
