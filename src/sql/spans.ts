import type { Span } from './source.ts';

/** Turns a span of one text into one of another. */
export type Place = (span: Span) => Span;

/** The same facts with every span moved. Spans are the only objects in them that hold exactly start and end. */
export function moveSpans<T>(value: T, place: Place): T {
  if (Array.isArray(value)) return value.map((item) => moveSpans(item, place)) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (isSpan(value)) return place(value) as T;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, moveSpans(held, place)])) as T;
}

function isSpan(value: object): value is Span {
  return (
    Object.keys(value).length === 2 &&
    'start' in value &&
    'end' in value &&
    typeof value.start === 'number' &&
    typeof value.end === 'number'
  );
}

/** One replacement in a text. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** Blanks keep line ends and offsets alike: nothing of the length changes. */
export function blank(start: number, end: number): TextEdit {
  return { start, end, text: ' '.repeat(end - start) };
}

export interface Edited {
  readonly text: string;
  /** From offsets of the original to those of the edited text; only for offsets outside the edits. */
  readonly forward: Place;
  /** From spans of the edited text to those of the original. Undefined where offsets are the same in both. */
  readonly back?: Place | undefined;
}

/** Applies edits that are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): Edited {
  const parts: string[] = [];
  const starts: number[] = [];
  let copied = 0;
  let length = 0;
  for (const edit of edits) {
    parts.push(text.slice(copied, edit.start), edit.text);
    length += edit.start - copied;
    starts.push(length);
    length += edit.text.length;
    copied = edit.end;
  }
  parts.push(text.slice(copied));
  const edited = parts.join('');
  if (edits.every((edit) => edit.text.length === edit.end - edit.start))
    return { text: edited, forward: (span) => span };

  const original = edits.map(({ start }) => start);
  const forwardOffset = (offset: number): number => {
    const index = lastAtMost(original, offset - 1);
    const edit = edits[index];
    return edit ? offset - edit.end + (starts[index] ?? 0) + edit.text.length : offset;
  };
  const backOffset = (offset: number, isEnd: boolean): number => {
    const index = lastAtMost(starts, isEnd ? offset - 1 : offset);
    const edit = edits[index];
    if (!edit) return offset;
    const after = offset - (starts[index] ?? 0) - edit.text.length;
    if (isEnd ? after <= 0 : after < 0) return isEnd ? edit.end : edit.start;
    return edit.end + after;
  };
  return {
    text: edited,
    forward: ({ start, end }) => ({ start: forwardOffset(start), end: forwardOffset(end) }),
    back: ({ start, end }) => ({ start: backOffset(start, false), end: backOffset(end, true) }),
  };
}

/** Index of the last of `sorted` that is at most `value`; -1 where none is. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = -1;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
