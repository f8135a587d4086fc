import { eastAsianWidth } from 'get-east-asian-width';
import { visible } from './visible.ts';

/** One character as a terminal draws it. */
export interface Cell {
  readonly text: string;
  /** Columns of the terminal: 0 for a combining mark, 2 for a wide character. */
  readonly width: number;
  /** Offset of the character in the source line, UTF-16 code units. */
  readonly offset: number;
}

const TAB = 4;

/** The characters of one line from `offset` on: tabs as spaces to the next stop, hidden characters spelled out. */
export function toCells(line: string, offset = 0): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let at = offset;
  for (const character of line) {
    const code = character.charCodeAt(0);
    if (code >= 0x20 && code <= 0x7e) {
      cells.push({ text: character, width: 1, offset: at });
      column += 1;
      at += 1;
      continue;
    }
    const text = character === '\t' ? ' '.repeat(TAB - (column % TAB)) : visible(character);
    const width = displayWidth(text);
    cells.push({ text, width, offset: at });
    column += width;
    at += character.length;
  }
  return cells;
}

/** Columns that a text without control characters takes in a terminal. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!/\p{M}/u.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return width;
}
