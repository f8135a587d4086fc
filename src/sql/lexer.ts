import type { Span } from './source.ts';

/**
 * A shallow scan of PostgreSQL text: just enough to know what is a comment, what is quoted and where
 * a statement ends, also in text that the grammar refuses. It follows "Lexical Structure" of the
 * PostgreSQL documentation (sql-syntax-lexical), with standard_conforming_strings on.
 */
type LexemeKind =
  | 'line-comment'
  | 'block-comment'
  | 'string'
  | 'quoted-identifier'
  | 'dollar-string'
  | 'word'
  | 'semicolon'
  | 'symbol';

export interface Lexeme extends Span {
  readonly kind: LexemeKind;
  /** False for a string, identifier or comment that the end of the text cut off. */
  readonly closed: boolean;
}

const isWordStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWordPart = (code: number): boolean => isWordStart(code) || isDigit(code) || code === 36;
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

/** Yields every lexeme of `text` between `start` and `end`, white space left out. */
export function* lex(text: string, start = 0, end = text.length): Generator<Lexeme> {
  let at = skipSpace(text, start);
  while (at < end) {
    const lexeme = lexemeAt(text, at, end);
    yield lexeme;
    at = skipSpace(text, lexeme.end);
  }
}

/** The first offset from `at` on that holds no white space. */
export function skipSpace(text: string, at: number): number {
  let to = at;
  while (isSpace(text.charCodeAt(to))) to++;
  return to;
}

/** The lexeme that starts at `at`, where no white space stands. */
export function lexemeAt(text: string, at: number, limit: number): Lexeme {
  const code = text.charCodeAt(at);
  const following = at + 1 < limit ? text.charCodeAt(at + 1) : 0;
  if (code === 45 && following === 45) return lineComment(text, at, limit);
  if (code === 47 && following === 42) return blockComment(text, at, limit);
  if (code === 39) return quoted(text, at, at, limit, 39, 'string', false);
  if (code === 34) return quoted(text, at, at, limit, 34, 'quoted-identifier', false);
  if (code === 59) return { kind: 'semicolon', start: at, end: at + 1, closed: true };
  if (code === 36) {
    const dollar = dollarString(text, at, limit);
    if (dollar) return dollar;
    let to = at + 1;
    while (to < limit && isDigit(text.charCodeAt(to))) to++;
    return { kind: 'symbol', start: at, end: to, closed: true };
  }
  if (isWordStart(code)) {
    if (following === 39 && (code === 69 || code === 101))
      return quoted(text, at, at + 1, limit, 39, 'string', true);
    if (
      following === 39 &&
      (code === 66 || code === 98 || code === 88 || code === 120 || code === 78 || code === 110)
    )
      return quoted(text, at, at + 1, limit, 39, 'string', false);
    let to = at + 1;
    while (to < limit && isWordPart(text.charCodeAt(to))) to++;
    return { kind: 'word', start: at, end: to, closed: true };
  }
  if (isDigit(code)) {
    let to = at + 1;
    while (to < limit && (isWordPart(text.charCodeAt(to)) || text.charCodeAt(to) === 46)) to++;
    return { kind: 'symbol', start: at, end: to, closed: true };
  }
  return { kind: 'symbol', start: at, end: at + 1, closed: true };
}

function lineComment(text: string, at: number, limit: number): Lexeme {
  let to = text.indexOf('\n', at);
  if (to === -1 || to > limit) to = limit;
  const end = to > at && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
  return { kind: 'line-comment', start: at, end, closed: true };
}

/** Block comments nest in PostgreSQL. */
function blockComment(text: string, at: number, limit: number): Lexeme {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  let depth = 0;
  for (let found = mark.exec(text); found && found.index < limit; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'block-comment', start: at, end: found.index + 2, closed: true };
  }
  return { kind: 'block-comment', start: at, end: limit, closed: false };
}

function quoted(
  text: string,
  start: number,
  open: number,
  limit: number,
  quote: 39 | 34,
  kind: LexemeKind,
  backslash: boolean,
): Lexeme {
  for (let at = open + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (backslash && code === 92) at++;
    else if (code === quote) {
      if (at + 1 < limit && text.charCodeAt(at + 1) === quote) at++;
      else return { kind, start, end: at + 1, closed: true };
    }
  }
  return { kind, start, end: limit, closed: false };
}

function dollarString(text: string, at: number, limit: number): Lexeme | undefined {
  DOLLAR_TAG.lastIndex = at;
  const tag = DOLLAR_TAG.exec(text)?.[0];
  if (!tag || at + tag.length > limit) return undefined;
  const close = text.indexOf(tag, at + tag.length);
  if (close === -1 || close + tag.length > limit)
    return { kind: 'dollar-string', start: at, end: limit, closed: false };
  return { kind: 'dollar-string', start: at, end: close + tag.length, closed: true };
}
