import { type Lexeme, lex } from './lexer.ts';
import type { Span } from './source.ts';

export interface SplitStatement extends Span {
  /** A string, comment or the like in it that the end of the text cut off; it reaches to that end. */
  readonly unclosed?: Lexeme | undefined;
}

/**
 * Splits SQL text into statements without the grammar, so that one broken statement does not hide the
 * others and a large file can be parsed in pieces. A statement's span starts at its first word (leading
 * comments left out) and ends before its semicolon. Bodies in SQL-standard form (`BEGIN ATOMIC … END`)
 * are kept whole the way psql does it: BEGIN and CASE inside CREATE FUNCTION or PROCEDURE open a level.
 * Parentheses hold a semicolon only in CREATE RULE; elsewhere one that nobody closed must not swallow the rest.
 */
export function* splitStatements(text: string, start = 0, end = text.length): Generator<SplitStatement> {
  let first = -1;
  let last = -1;
  let words = 0;
  let form: 'unknown' | 'routine' | 'rule' | 'plain' = 'unknown';
  let depth = 0;
  let parentheses = 0;
  for (const lexeme of lex(text, start, end)) {
    if (!lexeme.closed) {
      yield { start: first === -1 ? lexeme.start : first, end: lexeme.end, unclosed: lexeme };
      return;
    }
    if (lexeme.kind === 'line-comment' || lexeme.kind === 'block-comment') continue;
    if (lexeme.kind === 'semicolon' && depth === 0 && (form !== 'rule' || parentheses === 0)) {
      if (first !== -1) yield { start: first, end: last };
      first = -1;
      words = 0;
      form = 'unknown';
      parentheses = 0;
      continue;
    }
    if (first === -1) first = lexeme.start;
    last = lexeme.end;
    if (lexeme.kind === 'symbol') {
      const code = text.charCodeAt(lexeme.start);
      if (code === 40) parentheses++;
      else if (code === 41 && parentheses > 0) parentheses--;
    }
    if (lexeme.kind !== 'word' || form === 'plain' || form === 'rule') continue;
    const word = text.slice(lexeme.start, lexeme.end).toLowerCase();
    words++;
    if (form === 'unknown') {
      if (word === 'function' || word === 'procedure') form = 'routine';
      else if (word === 'rule') form = 'rule';
      else if (words > 3 || (words === 1 && word !== 'create')) form = 'plain';
    } else if (word === 'begin' || (word === 'case' && depth > 0)) depth++;
    else if (word === 'end' && depth > 0) depth--;
  }
  if (first !== -1) yield { start: first, end: last };
}
