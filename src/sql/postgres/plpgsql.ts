import { lex } from '../lexer.ts';
import type { Span } from '../source.ts';
import { moveSpans, type Place } from '../spans.ts';
import type { ParsedSql, RoutineBody, Statement } from '../statement.ts';
import { scalarDeclarations } from './plpgsql-declarations.ts';
import { findCommand, findPerform, findVerbatim, type Match } from './plpgsql-positions.ts';
import { type Piece, pieces } from './plpgsql-tree.ts';

export interface BodyInput {
  /** As the server folds it: plpgsql, sql, plpython3u … */
  readonly language: string;
  /** The body as the server reads it: doubled quotes and escapes of a '…' literal undone. */
  readonly body: string;
  /** Of the text between the quotes, in the file. */
  readonly bodySpan: Span;
  /** The whole CREATE FUNCTION, CREATE PROCEDURE or DO statement as it stands in the file. */
  readonly wrapped: string;
}

export interface BodyParsers {
  /** libpg-query's parsePlPgSQLSync. May throw. */
  readonly plpgsql: (statement: string) => unknown;
  /** SQL to facts, with spans in the text it is given. Must not throw for bad SQL. */
  readonly sql: (sql: string) => ParsedSql;
}

/**
 * What a routine body holds. Statements and queries are found everywhere in it (loops, exception
 * handlers, cursors, IF conditions); an expression that calls or selects counts as the SELECT as which
 * PL/pgSQL runs it (plpgsql-expressions of the documentation). A body is never an exception: what cannot
 * be read is said in `notAnalysed`.
 */
export function analyseBody(input: BodyInput, parsers: BodyParsers): RoutineBody {
  const { language, bodySpan: span } = input;
  if (depth === DEEPEST)
    return {
      language,
      span,
      statements: [],
      dynamic: [],
      notAnalysed: `more than ${DEEPEST} bodies stand in one another`,
    };
  depth++;
  try {
    return bodyFacts(input, parsers);
  } finally {
    depth--;
  }
}

/** DO in DO in DO …: `parsers.sql` comes back here for each, and hostile text nests until the stack ends. */
const DEEPEST = 16;
let depth = 0;

function bodyFacts(input: BodyInput, parsers: BodyParsers): RoutineBody {
  const { language, bodySpan: span } = input;
  const inFile = bodyPlace(input);
  if (language === 'plpgsql') return { language, span, ...plpgsqlBody(input, parsers, inFile) };
  if (language === 'sql') {
    const parsed = moveSpans(parsers.sql(input.body), inFile);
    const reasons = [
      ...parsed.errors.map((error) => error.message),
      ...parsed.notAnalysed.map((gap) => gap.reason),
    ];
    return { language, span, statements: parsed.statements, dynamic: [], notAnalysed: sentence(reasons) };
  }
  const notAnalysed = `a body in LANGUAGE ${language} is not read`;
  return { language, span, statements: [], dynamic: [], notAnalysed };
}

type Findings = Pick<RoutineBody, 'statements' | 'dynamic' | 'notAnalysed'>;

function plpgsqlBody(input: BodyInput, parsers: BodyParsers, inFile: Place): Findings {
  const tree = parseBody(input, parsers.plpgsql);
  if (tree.failed !== undefined) return { statements: [], dynamic: [], notAnalysed: tree.failed };
  const statements: Statement[] = [];
  const dynamic: Span[] = [];
  const reasons: string[] = [];
  const parse = (sql: string, place: Place): void => {
    const parsed = moveSpans(parsers.sql(sql), place);
    statements.push(...parsed.statements);
    reasons.push(
      ...parsed.errors.map((error) => error.message),
      ...parsed.notAnalysed.map((gap) => gap.reason),
    );
  };
  const locate = locator(input.body);
  for (const piece of pieces(tree.value)) {
    const match = locate(piece);
    const place: Place = (inside) => (match ? inFile(match.place(inside)) : input.bodySpan);
    if (piece.form === 'statement') parse(piece.text, place);
    else if (piece.form === 'expression') {
      const shift = 'SELECT '.length;
      if (/\(|select/i.test(piece.text)) parse(`SELECT ${piece.text}`, shifted(place, -shift));
    } else {
      const literal = literalText(piece.text);
      if (literal) parse(literal.text, (inside) => place(literal.place(inside)));
      else dynamic.push(place({ start: 0, end: piece.text.length }));
    }
  }
  statements.sort((a, b) => a.span.start - b.span.start);
  dynamic.sort((a, b) => a.start - b.start);
  return { statements, dynamic, notAnalysed: sentence(reasons) };
}

type Tree = { readonly value: unknown; readonly failed?: undefined } | { readonly failed: string };

/**
 * libpg-query has no catalog, so it takes every variable of a type that is not built in for a record and
 * every `table%ROWTYPE` for a scalar, and then refuses `row.field` or `INTO status, total` (an enum). Such a
 * body is read again with the declarations reworded. Parameters are not reworded: OUT parameters
 * of an enum or domain type that stand together in one INTO stay unread.
 */
function parseBody(input: BodyInput, parse: BodyParsers['plpgsql']): Tree {
  const first = attempt(input.wrapped, parse);
  if (first.failed === undefined) return first;
  const reworded = scalarDeclarations(input.body);
  if (reworded === input.body) return first;
  // Dollar-quoted or without a quote in it, else with every quote doubled.
  const plain = input.wrapped.indexOf(input.body);
  const double = (body: string): string => (plain === -1 ? body.replaceAll("'", "''") : body);
  const written = double(input.body);
  const at = input.wrapped.indexOf(written);
  if (at === -1) return first;
  const again = input.wrapped.slice(0, at) + double(reworded) + input.wrapped.slice(at + written.length);
  const second = attempt(again, parse);
  return second.failed === undefined ? second : first;
}

function attempt(statement: string, parse: BodyParsers['plpgsql']): Tree {
  try {
    return { value: parse(statement) };
  } catch (error) {
    // An aborted WebAssembly call says several lines; the first one tells it.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { failed: `PL/pgSQL: ${message}` };
  }
}

/** Searches forward from the line of each piece, so that equal texts on one line keep their order. */
function locator(body: string): (piece: Piece) => Match | undefined {
  const starts = [0];
  for (let at = body.indexOf('\n'); at !== -1; at = body.indexOf('\n', at + 1)) starts.push(at + 1);
  let cursor = 0;
  return (piece) => {
    const line = starts[piece.line - 1] ?? 0;
    const from = Math.max(line, cursor);
    const find = piece.via === 'perform' ? findPerform : piece.via === 'command' ? findCommand : findVerbatim;
    const match = find(body, piece.text, from) ?? (from === line ? undefined : find(body, piece.text, line));
    if (match && match.end > cursor) cursor = match.end;
    return match;
  };
}

/** The text of a literal that stands alone: nothing concatenated, no function, no escapes to undo. */
function literalText(expression: string): { text: string; place: Place } | undefined {
  const [only, ...others] = [...lex(expression)].filter((lexeme) => !lexeme.kind.endsWith('comment'));
  if (!only?.closed || others.length > 0) return undefined;
  const raw = expression.slice(only.start, only.end);
  if (only.kind === 'dollar-string') {
    const tag = raw.indexOf('$', 1) + 1;
    return { text: raw.slice(tag, -tag), place: shifted((span) => span, only.start + tag) };
  }
  if (only.kind !== 'string' || !raw.startsWith("'")) return undefined;
  const text = raw.slice(1, -1).replaceAll("''", "'");
  return { text, place: quotedPlace(text, only.start + 1) };
}

function shifted(place: Place, by: number): Place {
  return (span) => place({ start: Math.max(0, span.start + by), end: Math.max(0, span.end + by) });
}

/** For text whose every quote is written twice. */
function quotedPlace(text: string, start: number): Place {
  const quotes: number[] = [];
  for (let at = text.indexOf("'"); at !== -1; at = text.indexOf("'", at + 1)) quotes.push(at);
  const offset = (index: number): number => start + index + quotes.filter((quote) => quote < index).length;
  return (span) => ({ start: offset(span.start), end: offset(span.end) });
}

function bodyPlace({ body, bodySpan }: BodyInput): Place {
  const length = bodySpan.end - bodySpan.start;
  const clamp = (offset: number): number => Math.min(Math.max(offset, bodySpan.start), bodySpan.end);
  const clamped =
    (place: Place): Place =>
    (span) => {
      const found = place(span);
      return { start: clamp(found.start), end: clamp(found.end) };
    };
  if (body.length === length)
    return clamped((span) => ({ start: bodySpan.start + span.start, end: bodySpan.start + span.end }));
  if (body.replaceAll("'", "''").length === length) return clamped(quotedPlace(body, bodySpan.start));
  // E'…' with escapes, or a literal continued over lines: no telling which character came from where.
  return () => bodySpan;
}

function sentence(reasons: readonly string[]): string | undefined {
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join('; ');
}
