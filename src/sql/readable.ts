import { valuesOf } from './placeholders.ts';
import { type Scan, scanPiece } from './readable-scan.ts';
import type { Span } from './source.ts';
import { applyEdits, moveSpans, type Place } from './spans.ts';
import type { NotAnalysed, ParsedSql } from './statement.ts';

/** A text that the grammar can read, and the way back. */
export interface ReadableText {
  readonly text: string;
  /** The pieces in `text`. */
  readonly pieces: readonly Span[];
  /** What the grammar made of the pieces, as facts of the original text, with what could not be read. */
  readonly facts: (parsed: ParsedSql) => ParsedSql;
  /** What stands in `text` for a span of the original: what is run. */
  readonly written: (span: Span) => string;
}

/**
 * Makes the pieces of a file readable for PostgreSQL's grammar: psql commands, rows of COPY and templates are
 * blanked, placeholders get their values. A placeholder without a value takes its statement out of the facts,
 * and that is said. Usual text comes back as it is.
 */
export function readable(
  text: string,
  pieces: readonly Span[],
  placeholders: Readonly<Record<string, string>>,
): ReadableText {
  if (!mayNeedIt(text))
    return { text, pieces, facts: (parsed) => parsed, written: (span) => text.slice(span.start, span.end) };
  const values = valuesOf(placeholders);
  const scans = pieces.map((piece) => scanPiece(text, piece, values, environmentOn(text, piece.start)));
  const edits = scans.flatMap((scan) => scan.edits);
  const edited = edits.length === 0 ? { text, forward: (span: Span) => span } : applyEdits(text, edits);
  return {
    text: edited.text,
    pieces: pieces.map(edited.forward),
    facts: (parsed) => explained(parsed, scans, edited.back),
    written: (span) => {
      const { start, end } = edited.forward(span);
      return edited.text.slice(start, end);
    },
  };
}

const MARKS = [
  '\\',
  '{{',
  '${',
  '{%',
  '{#',
  '#{',
  '<%',
  '$(',
  '%(',
  '@ext',
  'ENVSUB',
  'GO',
  'go',
  'Go',
  'DELIMITER',
  'delimiter',
  'Delimiter',
] as const;
const WORD_OR_QUOTE = /[A-Za-z_"']/;

/** A cheap look for the characters without which there is nothing to do. */
function mayNeedIt(text: string): boolean {
  for (const mark of MARKS)
    if (text.includes(mark) && (!/^go$|^delimiter$/i.test(mark) || CLIENTS.test(text))) return true;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    if (text.charCodeAt(at + 1) === 58) at++;
    else if (WORD_OR_QUOTE.test(text[at + 1] ?? '')) return true;
  }
  return /\{[A-Za-z_][\w.:-]*\}/.test(text);
}

const CLIENTS = /^[ \t\ufeff]*(?:go[ \t]*(?:\d+[ \t]*)?;?[ \t]*\r?$|delimiter[ \t])/im;
const ENVIRONMENT = /^[ \t]*--[ \t]*\+goose[ \t]+ENVSUB[ \t]+(ON|OFF)\b/gim;

/** Whether goose puts environment variables in at `start`. */
function environmentOn(text: string, start: number): boolean {
  if (!text.includes('ENVSUB')) return false;
  let on = false;
  for (const { 1: state, index } of text.matchAll(ENVIRONMENT)) {
    if (index >= start) break;
    on = state?.toUpperCase() === 'ON';
  }
  return on;
}

function explained(edited: ParsedSql, scans: readonly Scan[], back: Place | undefined): ParsedSql {
  const parsed = back ? moveSpans(edited, back) : edited;
  const unknown = scans.flatMap((scan) => scan.unknown);
  const notes: NotAnalysed[] = scans.flatMap((scan) => scan.notAnalysed);
  const add = (statement: Span): boolean => {
    const inside = within(unknown, statement);
    if (inside.length > 0)
      notes.push({ span: inside[0] ?? statement, reason: missing(inside.map(({ name }) => name)) });
    return inside.length > 0;
  };
  const errors = parsed.errors.filter(({ statement }) => !add(statement));
  const statements = parsed.statements.filter(({ span }) => !add(span));
  const templates = scans.flatMap((scan) => scan.templates);
  const kept = errors.filter(({ statement }) => {
    const template = within(templates, statement)[0];
    if (template)
      notes.push({
        span: template,
        reason: 'a template makes this statement; as it stands here it is no SQL',
      });
    return template === undefined;
  });
  const bodies = scans.flatMap((scan) => scan.inBodies);
  for (const gap of parsed.notAnalysed) {
    if (within(unknown, gap.span).length > 0) continue;
    const inside = within(bodies, gap.span);
    notes.push(
      inside.length === 0 ? gap : { span: gap.span, reason: missing(inside.map(({ name }) => name)) },
    );
  }
  return {
    statements,
    errors: [...kept, ...scans.flatMap((scan) => scan.errors)].sort((a, b) => a.span.start - b.span.start),
    notAnalysed: notes.sort((a, b) => a.span.start - b.span.start),
  };
}

/** Those of `sorted` that start in a span. */
function within<T extends Span>(sorted: readonly T[], { start, end }: Span): readonly T[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  let to = low;
  while (to < sorted.length && (sorted[to]?.start ?? end) < end) to++;
  return sorted.slice(low, to);
}

function missing(all: readonly string[]): string {
  const names = [...new Set(all)];
  const said = names
    .slice(0, 5)
    .map((name) => `"${name}"`)
    .join(', ');
  const typed = names
    .slice(0, 5)
    .map((name) => `${name}: …`)
    .join(', ');
  const more = names.length > 5 ? ' and others' : '';
  if (names.some((name) => !CONFIGURABLE.test(name)))
    return `the template expression ${said}${more} has no value here`;
  return `the placeholder${names.length > 1 ? 's' : ''} ${said}${more} ${names.length > 1 ? 'have' : 'has'} no value: write placeholders: { ${typed} } in migration.config.yml`;
}

const CONFIGURABLE = /^[A-Za-z_][\w.:-]*$/;
