import type { RawStmt } from '@pgsql/types';
import type * as PgQuery from 'libpg-query';
import { lex } from '../lexer.ts';
import type { Span } from '../source.ts';
import { splitStatements } from '../split.ts';
import type { NotAnalysed, ParsedSql, RoutineBody, Statement, SyntaxProblem } from '../statement.ts';
import type { BodyText } from './facts/routines.ts';
import { statementFacts } from './facts.ts';
import { byteOffsets } from './offsets.ts';
import { analyseBody } from './plpgsql.ts';
import type { TreeContext } from './tree.ts';

/**
 * Trees are some forty times the size of their text, so a long text is parsed in pieces of about this
 * many characters and each tree is let go once its facts are taken.
 */
const PIECE = 64 * 1024;

let library: typeof PgQuery | undefined;

/** Loads PostgreSQL's grammar (WebAssembly). Await it once before `parsePostgres`. */
export async function loadPostgresParser(): Promise<void> {
  if (library) return;
  const loaded = await import('libpg-query');
  await loaded.loadModule();
  library = loaded;
}

/** Statement facts of `text` between `start` and `end`. `loadPostgresParser` must have been awaited. */
export function parsePostgres(text: string, start = 0, end = text.length): ParsedSql {
  const statements: Statement[] = [];
  const errors: SyntaxProblem[] = [];
  const notAnalysed: NotAnalysed[] = [];
  for (const piece of pieces(text, start, end)) parsePiece(text, piece, statements, errors, notAnalysed);
  return { statements, errors, notAnalysed };
}

function* pieces(text: string, start: number, end: number): Generator<Span> {
  if (end - start <= PIECE) {
    if (end > start) yield { start, end };
    return;
  }
  let from = -1;
  let to = -1;
  for (const statement of splitStatements(text, start, end)) {
    if (from === -1) from = statement.start;
    to = statement.end;
    if (to - from >= PIECE) {
      yield { start: from, end: to };
      from = -1;
    }
  }
  if (from !== -1) yield { start: from, end: to };
}

function parsePiece(
  text: string,
  piece: Span,
  statements: Statement[],
  errors: SyntaxProblem[],
  notAnalysed: NotAnalysed[],
): void {
  const failure = tryParse(text, piece, statements, notAnalysed);
  if (!failure) return;
  // One statement is broken: take them one by one, so that it does not hide the others.
  for (const statement of splitStatements(text, piece.start, piece.end)) {
    const problem = tryParse(text, statement, statements, notAnalysed);
    if (problem) errors.push(problem);
  }
}

function tryParse(
  text: string,
  span: Span,
  statements: Statement[],
  notAnalysed: NotAnalysed[],
): SyntaxProblem | undefined {
  if (!library) throw new Error('loadPostgresParser() must be awaited before parsing.');
  const sql = text.slice(span.start, span.end);
  if (sql.trim() === '') return undefined;
  const toOffset = byteOffsets(sql, span.start);
  let raw: readonly RawStmt[];
  try {
    raw = library.parseSync(sql).stmts ?? [];
  } catch (error) {
    return syntaxProblem(error, text, span, library);
  }
  for (const { stmt, stmt_location: location, stmt_len: length } of raw) {
    if (!stmt) continue;
    const from = toOffset(location ?? 0);
    const to = length ? toOffset((location ?? 0) + length) : span.end;
    const context: TreeContext = { text, span: trimmed(text, from, to), toOffset };
    const statement = statementFacts(stmt, context, bodyOf);
    statements.push(statement);
    const body = statement.kind === 'do' || statement.kind === 'create-function' ? statement.body : undefined;
    if (body?.notAnalysed !== undefined) notAnalysed.push({ span: body.span, reason: body.notAnalysed });
  }
  return undefined;
}

/** Without the white space and comments around it. */
function trimmed(text: string, start: number, end: number): Span {
  let first = -1;
  let last = start;
  for (const lexeme of lex(text, start, end)) {
    if (lexeme.kind === 'line-comment' || lexeme.kind === 'block-comment') continue;
    if (first === -1) first = lexeme.start;
    last = lexeme.end;
  }
  return first === -1 ? { start, end } : { start: first, end: last };
}

function syntaxProblem(error: unknown, text: string, span: Span, library: typeof PgQuery): SyntaxProblem {
  if (!library.hasSqlDetails(error)) {
    return {
      message: `PostgreSQL's parser gave up: ${error instanceof Error ? error.message : String(error)}`,
      span,
      statement: span,
    };
  }
  const position = error.sqlDetails?.cursorPosition ?? 0;
  // The server counts characters here, not bytes.
  const sql = text.slice(span.start, span.end);
  let at = 0;
  for (let characters = 0; characters < position && at < sql.length; characters++)
    at += (sql.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  const start = span.start + at;
  const token = lex(text, start, span.end).next();
  return {
    message: error.message,
    span: token.done ? { start, end: span.end } : { start: token.value.start, end: token.value.end },
    statement: span,
  };
}

/** What a DO block or a function holds, with positions in the file. */
function bodyOf(text: BodyText, context: TreeContext): RoutineBody {
  const input = {
    language: text.language,
    body: text.body,
    bodySpan: text.span,
    isDollarQuoted: text.dollarQuoted,
    wrapped: context.text.slice(context.span.start, context.span.end),
  };
  return analyseBody(input, {
    plpgsql: (statement) => library?.parsePlPgSQLSync(statement),
    sql: (sql) => parsePostgres(sql),
  });
}
