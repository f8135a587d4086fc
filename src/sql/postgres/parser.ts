import { escapesFromHere } from '../escaped-strings.ts';
import { lex } from '../lexer.ts';
import type { Span } from '../source.ts';
import { type SplitStatement, splitStatements } from '../split.ts';
import type { NotAnalysed, ParsedSql, RoutineBody, Statement, SyntaxProblem } from '../statement.ts';
import type { BodyText } from './facts/routines.ts';
import { statementFacts } from './facts.ts';
import { grammarGaveUp, grammarIsLoaded, loadGrammar, parsePlpgsql, parseTrees } from './grammar.ts';
import { byteOffsets } from './offsets.ts';
import { analyseBody } from './plpgsql.ts';
import { forgottenSemicolon, problemAt, unclosedProblem } from './problems.ts';
import type { TreeContext } from './tree.ts';

/**
 * Trees are some forty times the size of their text, so a long text is parsed in pieces of about this
 * many characters and each tree is let go once its facts are taken.
 */
const PIECE = 8 * 1024;

/** Loads PostgreSQL's grammar (WebAssembly), anew where it failed before. Await it once before each file. */
export async function loadPostgresParser(): Promise<void> {
  await loadGrammar();
}

/** Statement facts of `text` between `start` and `end`. `loadPostgresParser` must have been awaited. */
export function parsePostgres(text: string, start = 0, end = text.length): ParsedSql {
  if (!grammarIsLoaded()) throw new Error('loadPostgresParser() must be awaited before parsing.');
  const found: Found = { statements: [], errors: [], notAnalysed: [] };
  let rest = start;
  for (let next = guessedEnd(text, rest, end); next !== undefined; next = guessedEnd(text, rest, end)) {
    if (tryParse(text, { start: rest, end: next }, found)) break;
    rest = next;
  }
  for (const piece of pieces(text, rest, end)) {
    if (!piece.unclosed && !tryParse(text, piece, found)) continue;
    // One statement is broken: take them one by one, so that it does not hide the others.
    for (const statement of splitStatements(text, piece.start, piece.end)) {
      if (grammarGaveUp()) {
        found.notAnalysed.push({
          span: { start: statement.start, end },
          reason: "PostgreSQL's parser failed on too many statements before; nothing from here on was read",
        });
        return found;
      }
      parseAlone(text, statement, found);
    }
  }
  return found;
}

interface Found {
  readonly statements: Statement[];
  readonly errors: SyntaxProblem[];
  readonly notAnalysed: NotAnalysed[];
}

/**
 * Where a piece may end: at a semicolon that ends a line. One that stands inside a string, a comment or a body leaves
 * that unclosed and the piece is no SQL, so a piece that the grammar reads was well cut, and no lexer had to look.
 */
function guessedEnd(text: string, start: number, end: number): number | undefined {
  if (end - start <= 2 * PIECE) return undefined;
  const semicolon = text.lastIndexOf(';\n', start + PIECE);
  return semicolon > start ? semicolon + 1 : undefined;
}

function* pieces(text: string, start: number, end: number): Generator<SplitStatement> {
  if (end - start <= PIECE) {
    if (end > start) yield { start, end };
    return;
  }
  let from = -1;
  let to = -1;
  for (const statement of splitStatements(text, start, end)) {
    // Neither a gap (the blanked rows of a COPY) nor what is long or broken itself shares a piece.
    if (from !== -1 && (statement.unclosed || statement.end - from > 2 * PIECE)) {
      yield { start: from, end: to };
      from = -1;
    }
    if (from === -1) from = statement.start;
    to = statement.end;
    if (statement.unclosed) yield statement;
    else if (to - from >= PIECE) yield { start: from, end: to };
    else continue;
    from = -1;
  }
  if (from !== -1) yield { start: from, end: to };
}

/** More forgotten semicolons than this in one run of text, and the rest of it is one broken statement. */
const MOST_FORGOTTEN = 50;

function parseAlone(text: string, statement: SplitStatement, found: Found): void {
  if (statement.unclosed) {
    found.errors.push(unclosedProblem(text, statement, statement.unclosed));
    return;
  }
  let { start } = statement;
  for (let forgotten = 0; ; forgotten++) {
    const rest = { start, end: statement.end };
    const failure = tryParse(text, rest, found);
    if (!failure) return;
    if ('reason' in failure) {
      found.notAnalysed.push(failure);
      return;
    }
    const next = forgotten < MOST_FORGOTTEN ? forgottenSemicolon(text, failure, start) : undefined;
    if (next === undefined || tryParse(text, { start, end: next }, found)) {
      found.errors.push(failure);
      return;
    }
    found.errors.push({
      ...failure,
      message: `${failure.message}; is a semicolon missing before it?`,
      statement: { start: next, end: statement.end },
    });
    start = next;
  }
}

const OTHER_STRINGS =
  'standard_conforming_strings is off from here on: a backslash means something else to the server than to this reading, so where strings and statements end may differ';

/** Takes the facts of a text; says why not when the grammar does not read it, and then takes nothing. */
function tryParse(text: string, span: Span, found: Found): SyntaxProblem | NotAnalysed | undefined {
  const sql = text.slice(span.start, span.end);
  if (!/\S/.test(sql)) return undefined;
  const nul = sql.indexOf('\0');
  if (nul !== -1) return nulProblem(span, nul);
  const parsed = parseTrees(sql);
  if (!parsed.ok)
    return 'fault' in parsed
      ? { span, reason: `PostgreSQL's parser could not read this statement: ${parsed.fault}` }
      : problemAt(text, span, parsed);
  const toOffset = byteOffsets(sql, span.start);
  const relations: TreeContext['relations'] = new Map();
  for (const { stmt, stmt_location: location, stmt_len: length } of parsed.statements) {
    if (!stmt) continue;
    const from = toOffset(location ?? 0);
    const to = length ? toOffset((location ?? 0) + length) : span.end;
    const context: TreeContext = { text, span: trimmed(text, from, to), toOffset, relations };
    let statement: Statement;
    try {
      statement = statementFacts(stmt, context, bodyOf);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      found.notAnalysed.push({
        span: context.span,
        reason: 'this statement is nested too deeply to be looked at',
      });
      continue;
    }
    found.statements.push(statement);
    if (statement.kind === 'set' && escapesFromHere(statement, text))
      found.notAnalysed.push({ span: statement.span, reason: OTHER_STRINGS });
    const body = statement.kind === 'do' || statement.kind === 'create-function' ? statement.body : undefined;
    if (body?.notAnalysed !== undefined)
      found.notAnalysed.push({ span: body.span, reason: body.notAnalysed });
  }
  return undefined;
}

function nulProblem(statement: Span, offset: number): SyntaxProblem {
  const start = statement.start + offset;
  return {
    message: 'a NUL character stands here: PostgreSQL takes it for the end of the text',
    span: { start, end: start + 1 },
    statement,
  };
}

/** Without the white space and comments around it. */
function trimmed(text: string, start: number, end: number): Span {
  let first = start;
  while (first < end && isSpace(text.charCodeAt(first))) first++;
  if (text.startsWith('--', first) || text.startsWith('/*', first))
    for (const lexeme of lex(text, first, end)) {
      if (lexeme.kind === 'line-comment' || lexeme.kind === 'block-comment') continue;
      first = lexeme.start;
      break;
    }
  const statement = text.slice(first, end);
  if (!statement.includes('--') && !statement.includes('*/'))
    return { start: first, end: first + statement.trimEnd().length };
  let last = first;
  for (const lexeme of lex(text, first, end))
    if (lexeme.kind !== 'line-comment' && lexeme.kind !== 'block-comment') last = lexeme.end;
  return { start: first, end: last };
}

/** What PostgreSQL's lexer takes for white space (sql-syntax-lexical). */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
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
  return analyseBody(input, { plpgsql: parsePlpgsql, sql: (sql) => parsePostgres(sql) });
}
