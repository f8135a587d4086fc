import { type Lexeme, lex } from '../lexer.ts';
import { type Span, startsLine } from '../source.ts';
import type { SyntaxProblem } from '../statement.ts';

/** The grammar's error at its place; `at` counts characters from the start of the text it was given. */
export function problemAt(
  text: string,
  statement: Span,
  { message, at: position }: { readonly message: string; readonly at: number },
): SyntaxProblem {
  let at = statement.start;
  for (let characters = 0; characters < position && at < statement.end; characters++)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  const token = lex(text, at, statement.end).next();
  const span = token.done ? endOf(text, statement) : { start: token.value.start, end: token.value.end };
  return { message: shortened(message), span, statement };
}

/** The last character of a text that ends too early: behind it there may be nothing to show. */
function endOf(text: string, { start, end }: Span): Span {
  const last = start + text.slice(start, end).trimEnd().length;
  return { start: Math.max(start, last - 1), end: Math.max(last, start) };
}

/** The grammar quotes what it stopped at, be it megabytes long. */
function shortened(message: string): string {
  return message.length <= 200 ? message : `${message.slice(0, 160)}…`;
}

const NAMES: Readonly<Partial<Record<Lexeme['kind'], string>>> = {
  string: 'string',
  'quoted-identifier': 'quoted identifier',
  'dollar-string': 'dollar-quoted string',
  'block-comment': 'comment',
};

/** A string, name or comment that nothing closes hides the rest of the text, so the error is where it opens. */
export function unclosedProblem(text: string, statement: Span, lexeme: Lexeme): SyntaxProblem {
  const opener = openerOf(text, lexeme);
  const closing =
    lexeme.kind === 'block-comment' ? '*/' : lexeme.kind === 'dollar-string' ? opener : opener.slice(-1);
  const message = `the ${NAMES[lexeme.kind] ?? 'text'} that opens here with ${opener} is never closed: ${closing} is missing, and everything after it is taken for a part of it`;
  return {
    message,
    span: { start: lexeme.start, end: lexeme.start + opener.length },
    statement: { start: statement.start, end: statement.end },
  };
}

function openerOf(text: string, { kind, start }: Lexeme): string {
  if (kind === 'block-comment') return '/*';
  if (kind === 'dollar-string') return text.slice(start, text.indexOf('$', start + 1) + 1);
  const quote = kind === 'quoted-identifier' ? '"' : "'";
  return text.slice(start, text.indexOf(quote, start) + 1);
}

const STARTS = new Set(
  'alter analyze begin call checkpoint close cluster comment commit copy create deallocate declare delete discard do drop execute explain fetch grant import insert listen load lock merge notify prepare reassign refresh reindex release reset revoke rollback savepoint security select set show start truncate unlisten update vacuum values with'.split(
    ' ',
  ),
);

/** Where the next statement begins when the grammar stopped at the first word of one on a line of its own. */
export function forgottenSemicolon(text: string, { span }: SyntaxProblem, start: number): number | undefined {
  const isStart =
    span.start > start &&
    STARTS.has(text.slice(span.start, span.end).toLowerCase()) &&
    startsLine(text, span.start);
  return isStart ? span.start : undefined;
}
