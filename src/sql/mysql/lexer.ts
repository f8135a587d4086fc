import type { Span } from '../source.ts';

/**
 * A shallow scan of MySQL and MariaDB text, after "Language Structure" of the MySQL manual (comments,
 * literals, identifiers), with the default sql_mode: backslash escapes, and "…" is a string.
 */
export interface Lexeme extends Span {
  /** `marker` is the `/*!40101` or the end of a version comment: what stands between is run by the server. */
  readonly kind: 'comment' | 'marker' | 'string' | 'quoted-identifier' | 'word' | 'number' | 'symbol';
  /** False when the end of the text cut it off. */
  readonly closed: boolean;
}

const SPACE = /\s+/y;
const WORD = /[A-Za-z_$@\u0080-\uffff][\w$@\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const LINE_COMMENT = /(?:#|--(?=\s|$))[^\n]*/y;
const VERSION_MARKER = /\/\*M?!\d*/y;

/** Yields every lexeme of `text` between `start` and `end`, white space left out. */
export function* lexMysql(text: string, start = 0, end = text.length): Generator<Lexeme> {
  const ending = (pattern: RegExp, at: number): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? Math.min(pattern.lastIndex, end) : -1;
  };
  let inVersion = false;
  let at = start;
  while (at < end) {
    const space = ending(SPACE, at);
    if (space !== -1) {
      at = space;
      continue;
    }
    const lexeme = next(text, at, end, ending, inVersion);
    if (lexeme.kind === 'marker') inVersion = !inVersion;
    yield lexeme;
    at = lexeme.end;
  }
}

function next(
  text: string,
  start: number,
  limit: number,
  ending: (pattern: RegExp, at: number) => number,
  inVersion: boolean,
): Lexeme {
  const symbol = text[start] ?? '';
  if (symbol === "'" || symbol === '"') return quoted(text, start, limit, symbol, 'string');
  if (symbol === '`') return quoted(text, start, limit, symbol, 'quoted-identifier');
  if (symbol === '/' && text[start + 1] === '*') {
    const marker = ending(VERSION_MARKER, start);
    if (marker !== -1) return { kind: 'marker', start, end: marker, closed: true };
    const close = text.indexOf('*/', start + 2);
    const closed = close !== -1 && close + 2 <= limit;
    return { kind: 'comment', start, end: closed ? close + 2 : limit, closed };
  }
  if (inVersion && symbol === '*' && text[start + 1] === '/')
    return { kind: 'marker', start, end: start + 2, closed: true };
  const comment = ending(LINE_COMMENT, start);
  if (comment !== -1) return { kind: 'comment', start, end: comment, closed: true };
  const word = ending(WORD, start);
  if (word !== -1) return { kind: 'word', start, end: word, closed: true };
  const number = ending(NUMBER, start);
  if (number !== -1) return { kind: 'number', start, end: number, closed: true };
  return { kind: 'symbol', start, end: start + 1, closed: true };
}

function quoted(
  text: string,
  start: number,
  limit: number,
  quote: string,
  kind: 'string' | 'quoted-identifier',
): Lexeme {
  for (let at = start + 1; at < limit; at++) {
    if (kind === 'string' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (at + 1 < limit && text[at + 1] === quote) at++;
      else return { kind, start, end: at + 1, closed: true };
    }
  }
  return { kind, start, end: limit, closed: false };
}

/** The name that an identifier stands for. */
export function identifier(text: string, lexeme: Span): string {
  const raw = text.slice(lexeme.start, lexeme.end);
  return raw.startsWith('`') ? raw.slice(1, -1).replaceAll('``', '`') : raw;
}

/** A word in upper case, a symbol as it is; '' for everything else and for nothing. */
export function token(text: string, lexeme: Lexeme | undefined): string {
  if (!lexeme || (lexeme.kind !== 'word' && lexeme.kind !== 'symbol')) return '';
  return text.slice(lexeme.start, lexeme.end).toUpperCase();
}
