import type { Span } from '../source.ts';

/** Where a text of the tree stands in the body. */
export interface Match {
  /** Last offset in the body that belongs to it. */
  readonly end: number;
  /** From a span of the text to one of the body. */
  readonly place: (span: Span) => Span;
}

/**
 * The first place at or after `from` where the body reads like `text`, apart from an INTO clause: the
 * parser blanks that out with one space a byte, so the text after it is found again by what it says.
 */
export function findVerbatim(body: string, text: string, from: number): Match | undefined {
  const exact = body.indexOf(text, from);
  const head = exact === -1 ? /^\s*\S+/.exec(text)?.[0] : undefined;
  if (head === undefined) return exact === -1 ? undefined : straight(exact, text.length);
  for (let start = body.indexOf(head, from); start !== -1; start = body.indexOf(head, start + 1)) {
    const match = aroundInto(body, text, start);
    if (match) return match;
  }
  return undefined;
}

function straight(start: number, length: number): Match {
  return { end: start + length, place: (span) => ({ start: start + span.start, end: start + span.end }) };
}

function aroundInto(body: string, text: string, start: number): Match | undefined {
  let same = 0;
  while (same < text.length && body[start + same] === text[same]) same++;
  // Only white space may differ, and the body must go on with INTO.
  if (!/^into\b/i.test(body.slice(start + same, start + same + 5))) return undefined;
  if (same < text.length && text[same] !== ' ') return undefined;
  const resume = same + (/^\s*/.exec(text.slice(same))?.[0].length ?? 0);
  const rest = text.slice(resume);
  const found = rest === '' ? start + same : body.indexOf(rest, start + same);
  if (found === -1) return undefined;
  const offset = (index: number): number =>
    index < resume || rest === '' ? start + Math.min(index, same) : found + index - resume;
  return {
    end: found + rest.length,
    place: (span) => ({ start: offset(span.start), end: offset(span.end) }),
  };
}

/** PERFORM comes as SELECT followed by what stood after the word. */
export function findPerform(body: string, text: string, from: number): Match | undefined {
  const rest = text.slice('SELECT'.length);
  const word = /\bperform\b/gi;
  word.lastIndex = from;
  for (let found = word.exec(body); found; found = word.exec(body)) {
    const start = found.index;
    const after = start + found[0].length;
    if (!body.startsWith(rest, after)) continue;
    const offset = (index: number): number =>
      index < 'SELECT'.length ? start : after + index - 'SELECT'.length;
    return {
      end: after + rest.length,
      place: (span) => ({ start: offset(span.start), end: offset(span.end) }),
    };
  }
  return undefined;
}

/** COMMIT or ROLLBACK: the word alone, in any case. */
export function findCommand(body: string, text: string, from: number): Match | undefined {
  const word = new RegExp(`\\b${text}\\b`, 'gi');
  word.lastIndex = from;
  const found = word.exec(body);
  return found ? straight(found.index, found[0].length) : undefined;
}
