/** A run of lines of the new file that a diff shows, context included. Lines start at 1. */
export interface Hunk {
  readonly start: number;
  /** Text by line, in order, without the line's end. */
  readonly lines: readonly string[];
}

/**
 * The right-hand side of a `patch` as the API gives it: hunks without a file header. A review comment may stand
 * on these lines only, and a range of lines within one of them
 * (docs.github.com/rest/pulls/comments, "Create a review comment for a pull request").
 */
export function rightHandHunks(patch: string): Hunk[] {
  const hunks: { start: number; lines: string[] }[] = [];
  for (const line of patch.split('\n')) {
    const header = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (header !== null) hunks.push({ start: Number(header[1]), lines: [] });
    else if (line.startsWith('+') || line.startsWith(' ')) hunks.at(-1)?.lines.push(line.slice(1));
    // `-` is the left-hand side, `\` says that the file has no line feed at its end.
  }
  return hunks;
}

/** The text of lines `from` to `to` where one hunk shows all of them. */
export function shownLines(hunks: readonly Hunk[], from: number, to: number): readonly string[] | undefined {
  const hunk = hunks.find(({ start, lines }) => from >= start && to < start + lines.length);
  return hunk?.lines.slice(from - hunk.start, to - hunk.start + 1);
}
