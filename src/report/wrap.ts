import { displayWidth } from './cells.ts';
import { visible } from './visible.ts';

/** Text broken at spaces into lines of at most `width` terminal columns; its own line feeds stay. A longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of visible(text).trim().split('\n')) {
    let line = '';
    let length = 0;
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      const size = displayWidth(word);
      if (line !== '' && length + 1 + size > width) {
        lines.push(line);
        line = word;
        length = size;
      } else {
        length += size + (line === '' ? 0 : 1);
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** The first sentences of a text that together stay within `length` characters; at least one, and that whole. */
export function inShort(text: string, length: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  // A full stop inside a number or a name ("PG 9.6") ends no sentence: a capital letter has to follow.
  const ends = [...line.matchAll(/[.!?](?= [A-Z"])/g)].map((match) => match.index + 1);
  return line.slice(0, ends.findLast((at) => at <= length) ?? ends[0] ?? line.length);
}
