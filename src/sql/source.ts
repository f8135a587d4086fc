/**
 * A file's text and the way from an offset in it to what a person reads.
 * Offsets are UTF-16 code units from 0; lines and columns start at 1, columns count UTF-16 code
 * units too, because that is what GitHub's annotations and editors count.
 */
export interface Span {
  /** First code unit. */
  readonly start: number;
  /** One past the last code unit. */
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Nothing but blanks stands before `at` on its line. */
export function startsLine(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const character = text[before];
    if (character === '\n') return true;
    if (character !== ' ' && character !== '\t' && character !== '\ufeff') return false;
  }
  return true;
}

export class SourceFile {
  /** Relative to the repository root, with `/` between folders. */
  readonly path: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The text of one line (from 1) without its line end; empty past the end. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, starts[number] ?? this.text.length).replace(/\r?\n$/, '');
  }

  get lineCount(): number {
    return this.#starts().length;
  }

  /** Offset at which a line (from 1) starts; the end of the text for lines past it. */
  lineStart(number: number): number {
    return this.#starts()[number - 1] ?? this.text.length;
  }

  #starts(): number[] {
    if (!this.#lineStarts) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1))
        starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
