import type { DatabaseErrorFields } from '../engine/connection.ts';
import type { SectionResult, StepRun } from '../engine/run-section.ts';
import { clip } from '../report/visible.ts';
import type { SourceFile } from '../sql/source.ts';

/** Characters of a message, and of its detail: both may hold whole rows. */
const LONGEST_MESSAGE = 1_000;

/** "column "email" of relation "users" contains null values (23502)", with the detail where there is one. */
export function errorText({ code, message, detail }: DatabaseErrorFields): string {
  // Details are sentences; what follows ends this one.
  const more = detail === undefined ? '' : `: ${clip(detail, LONGEST_MESSAGE).replace(/\.$/, '')}`;
  return `${clip(message, LONGEST_MESSAGE)} (${code})${more}`;
}

/**
 * The error of a section for the result document, as `{}` where there is none.
 *
 * @throws ConnectionLost when nobody answered any more
 */
export function failureOf(result: SectionResult): { error?: string } {
  if (result.status === 'lost') throw result.lost;
  return result.status === 'failed' ? { error: errorText(result.error) } : {};
}

/** Where in the file an error points: at the server's position in the statement, or at the whole statement. */
export function errorSpan(run: StepRun): { readonly start: number; readonly end: number } {
  const { span } = run.step;
  const position = run.error?.position;
  // Positions count characters of what was sent, which is the file's text unless placeholders were filled in.
  if (position === undefined || run.step.sql.length !== span.end - span.start) return span;
  const before = [...run.step.sql].slice(0, position - 1).join('').length;
  const start = span.start + before;
  const word = /^"[^"]+"|^\w+|^./.exec(run.step.sql.slice(before))?.[0] ?? '';
  return { start, end: start + word.length };
}

/** The first words of a statement on one line, at most 200 characters. */
export function statementText(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

/** Characters. */
const LONGEST = 200;

export function linesOf(
  file: SourceFile,
  { start, end }: { start: number; end: number },
): { line: number; endLine: number } {
  return { line: file.position(start).line, endLine: file.position(end).line };
}
