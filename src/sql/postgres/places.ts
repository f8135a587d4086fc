import { type Lexeme, lex } from '../lexer.ts';
import type { Span } from '../source.ts';
import { itemSpan, nameEnd } from './tree.ts';

/**
 * Finding in the text what the tree gives no place for. The tree knows where most tokens start and never where
 * anything ends.
 */
function* bare(text: string, start: number, end: number): Generator<Lexeme> {
  for (const lexeme of lex(text, start, end))
    if (lexeme.kind !== 'line-comment' && lexeme.kind !== 'block-comment') yield lexeme;
}

/** Without white space and comments around it. */
export function bareSpan(text: string, start: number, end: number): Span {
  let first: number | undefined;
  let last = start;
  for (const lexeme of bare(text, start, end)) {
    first ??= lexeme.start;
    last = lexeme.end;
  }
  return { start: first ?? start, end: last };
}

/** Where the first `word` outside parentheses ends, undefined where it does not stand. */
export function wordEnd(text: string, { start, end }: Span, word: string): number | undefined {
  let depth = 0;
  for (const lexeme of bare(text, start, end)) {
    depth += step(text, lexeme);
    if (depth === 0 && lexeme.kind === 'word' && text.slice(lexeme.start, lexeme.end).toLowerCase() === word)
      return lexeme.end;
  }
  return undefined;
}

/** Where the first word outside parentheses starts that is none of `words`. */
export function wordStart(
  text: string,
  { start, end }: Span,
  words: ReadonlySet<string>,
): number | undefined {
  let depth = 0;
  for (const lexeme of bare(text, start, end)) {
    depth += step(text, lexeme);
    if (
      depth === 0 &&
      lexeme.kind === 'word' &&
      !words.has(text.slice(lexeme.start, lexeme.end).toLowerCase())
    )
      return lexeme.start;
  }
  return undefined;
}

/** What follows the first `word` outside parentheses. */
export function afterWord(text: string, span: Span, word: string): Span | undefined {
  const start = wordEnd(text, span, word);
  return start === undefined ? undefined : bareSpan(text, start, span.end);
}

/** What stands in the first parentheses from `start` on. */
export function inParentheses(text: string, { start, end }: Span): Span | undefined {
  let depth = 0;
  let open = start;
  for (const lexeme of bare(text, start, end)) {
    const before = depth;
    depth += step(text, lexeme);
    if (before === 0 && depth === 1) open = lexeme.end;
    if (before === 1 && depth === 0) return bareSpan(text, open, lexeme.start);
  }
  return undefined;
}

function step(text: string, lexeme: Lexeme): number {
  if (lexeme.kind !== 'symbol') return 0;
  const symbol = text[lexeme.start];
  return symbol === '(' ? 1 : symbol === ')' ? -1 : 0;
}

/** The items of a list that commas part. */
export function items(text: string, { start, end }: Span): Span[] {
  const found: Span[] = [];
  for (let at = start; at < end; ) {
    const [first] = bare(text, at, end);
    if (!first) break;
    const item = itemSpan(text, first.start, end);
    found.push(item);
    const [comma] = bare(text, item.end, end);
    if (!comma || item.end === item.start) break;
    at = comma.end;
  }
  return found;
}

/** The expression of an index element: in parentheses of its own, or a call. */
export function elementExpression(text: string, element: Span): Span {
  const inside = inParentheses(text, element);
  if (!inside) return { start: element.start, end: nameEnd(text, element.start, element.end) };
  if (text[element.start] === '(') return inside;
  const close = text.indexOf(')', inside.end);
  return { start: element.start, end: close === -1 ? element.end : close + 1 };
}

/** Names of a list, qualified or quoted, after so many words from `start` on. */
export function namesAfter(text: string, { start, end }: Span, words: number): Span[] {
  let at = start;
  let left = words;
  for (const lexeme of bare(text, start, end)) {
    if (left === 0) break;
    at = lexeme.end;
    left--;
  }
  return items(text, { start: at, end }).map((item) => ({
    start: item.start,
    end: nameEnd(text, item.start, item.end),
  }));
}
