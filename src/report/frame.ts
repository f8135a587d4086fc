import type { SourceFile } from '../sql/source.ts';
import { type Cell, toCells } from './cells.ts';
import { maskedSource, type Redactor } from './redact.ts';

/** Lines and columns as in a finding: from 1, UTF-16 code units, `endColumn` one past the last. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface FrameLine {
  /** Undefined where lines were left out. */
  readonly number?: number | undefined;
  readonly text: string;
  /** The finding reaches over this line. */
  readonly inside: boolean;
  /** Carets under the place, for the line it starts on. */
  readonly marks?: string | undefined;
}

export interface FrameOptions {
  /** Columns for a line's text. */
  readonly width: number;
  /** Lines shown before and after. */
  readonly context: number;
  /** The longest place shown whole, in lines. */
  readonly lines: number;
  readonly redact?: Redactor | undefined;
}

/** A line longer than this is not looked at as a whole. */
const LONG_LINE = 8_000;

/** The source around a place without its secrets, drawn so that carets stand under what they mean. */
export function frame(whole: SourceFile, place: Place, options: FrameOptions): FrameLine[] {
  const source = maskedSource(whole, options.redact);
  const first = Math.min(Math.max(place.line, 1), source.lineCount);
  const last = Math.min(Math.max(place.endLine, first), source.lineCount);
  const lines: FrameLine[] = [];
  const add = (number: number): void => {
    const inside = number >= first && number <= last;
    const text = source.line(number);
    if (number === first) lines.push({ number, inside, ...markedLine(text, place, options) });
    else lines.push({ number, inside, text: unmarkedLine(text, options) });
  };
  for (let number = Math.max(1, first - options.context); number < first; number += 1) add(number);
  const shown = last - first < options.lines ? last : first + options.lines - 2;
  for (let number = first; number <= shown; number += 1) add(number);
  if (shown < last) {
    lines.push({ text: `… ${last - shown - 1} more lines`, inside: true });
    add(last);
  }
  for (let number = last + 1; number <= Math.min(source.lineCount, last + options.context); number += 1)
    add(number);
  return lines;
}

/** Most lines are short and plain, and need no look at each character. */
function unmarkedLine(text: string, options: FrameOptions): string {
  if (text.length > options.width || !/^[\x20-\x7e]*$/.test(text)) return windowOf(text, 0, 0, options).text;
  return text;
}

function markedLine(text: string, place: Place, options: FrameOptions): { text: string; marks: string } {
  const start = Math.min(Math.max(place.column - 1, 0), text.length);
  const end =
    place.endLine > place.line ? text.length : Math.min(Math.max(place.endColumn - 1, start), text.length);
  const view = windowOf(text, start, end, options);
  let before = 0;
  let under = 0;
  for (const cell of view.cells) {
    if (cell.offset < start) before += cell.width;
    else if (cell.offset < end) under += cell.width;
  }
  return { text: view.text, marks: ' '.repeat(before) + '^'.repeat(Math.max(1, under)) };
}

/** The part of a line that fits, around [start, end). */
function windowOf(
  line: string,
  start: number,
  end: number,
  options: FrameOptions,
): { text: string; cells: Cell[] } {
  const near = nearPart(line, start, options);
  const cells = toCells(near.text, near.from);
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  const { from } = near;
  const until = from + near.text.length;
  const whole = from === 0 && until === line.length;
  if (whole && total <= options.width) return { text: join(cells), cells };

  const left = columnsBefore(cells, start);
  const wanted = Math.min(columnsBefore(cells, end) - left, Math.floor(options.width / 2));
  const room = options.width - 2;
  // The place stands in the middle; near the start of the line nothing is cut there.
  const lead = from === 0 && left + wanted <= room ? 0 : Math.max(0, left - Math.floor((room - wanted) / 2));
  const view: Cell[] = lead > 0 || from > 0 ? [{ text: '…', width: 1, offset: -1 }] : [];
  let column = 0;
  let cut = until < line.length;
  for (const cell of cells) {
    if (column >= lead && column + cell.width <= lead + room) view.push(cell);
    else if (column >= lead) cut = true;
    column += cell.width;
  }
  if (cut) view.push({ text: '…', width: 1, offset: Number.POSITIVE_INFINITY });
  return { text: join(view), cells: view };
}

/** The line, or of a very long one the stretch with the place in it; a cell holds at least one code unit. */
function nearPart(line: string, start: number, { width }: FrameOptions): { text: string; from: number } {
  if (line.length <= LONG_LINE) return { text: line, from: 0 };
  const from = Math.max(0, start - width * 2);
  return { text: line.slice(from, start + width * 2), from };
}

function columnsBefore(cells: readonly Cell[], offset: number): number {
  let columns = 0;
  for (const cell of cells) if (cell.offset < offset) columns += cell.width;
  return columns;
}

function join(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('');
}
