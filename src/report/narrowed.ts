import { clip } from './visible.ts';

/** Characters of a text that is shown whole. */
const WHOLE = 160;

/** Characters that are shown of a longer one, and of what it has in common with the other before the place. */
const MOST = 120;
const AROUND = 30;

/** Two texts that are not the same, cut down to the place where they begin to differ where they are long. */
export function narrowed(one: string, other: string): readonly [string, string] {
  const [first, second] = [flat(one), flat(other)];
  // What only white space parts is shown from its beginning.
  if (Math.max(first.length, second.length) <= WHOLE || first === second) return [cut(first), cut(second)];
  const start = wordStart(first, common(first, second) - AROUND);
  return [from(first, start), from(second, start)];
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** How many characters both begin with. */
function common(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

function wordStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf(' ', at) + 1;
}

function from(text: string, start: number): string {
  return `${start > 0 ? '… ' : ''}${cut(text.slice(start))}`;
}

function cut(text: string): string {
  return text.length > WHOLE ? clip(text, MOST) : text;
}
