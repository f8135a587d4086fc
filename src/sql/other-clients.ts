import { type Span, startsLine } from './source.ts';

const BATCH = /go(?:[ \t]+\d+)?[ \t]*;?[ \t]*(?=\r?\n|$)/iy;
const DELIMITER = /delimiter[ \t]+(\S+)[^\n]*/iy;
const STARTS_STATEMENT =
  /\s*(?:$|(?:create|alter|drop|insert|update|delete|grant|revoke|comment|set|begin|commit|truncate|if|exec|use|go|print|declare)\b)/iy;

/** The `GO` line by which SQL Server's tools divide a script; `word` is a word of the text that says go. */
export function batchSeparator(
  text: string,
  word: Span,
  limit: number,
  startsStatement: boolean,
): Span | undefined {
  if (!startsLine(text, word.start)) return undefined;
  const end = matchEnd(BATCH, text, word.start);
  if (end === undefined || end > limit) return undefined;
  // In the middle of a statement it may be a column called "go" on a line of its own.
  if (!startsStatement && (text[word.start - 1] ?? '\n') !== '\n') return undefined;
  if (!startsStatement && matchEnd(STARTS_STATEMENT, text, end) === undefined) return undefined;
  return { start: word.start, end };
}

/** From `DELIMITER //` of MySQL's client to the `DELIMITER ;` that takes it back: what stands between is for MySQL alone. */
export function delimiterRegion(text: string, word: Span, limit: number): Span | undefined {
  if (!startsLine(text, word.start) || matchEnd(DELIMITER, text, word.start) === undefined) return undefined;
  const back = /^[ \t]*delimiter[ \t]+;[^\n]*/gim;
  back.lastIndex = word.start;
  const found = back.exec(text);
  return {
    start: word.start,
    end: found && found.index < limit ? Math.min(limit, found.index + found[0].length) : limit,
  };
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? at + found[0].length : undefined;
}
