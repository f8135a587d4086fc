import { type Lexeme, lexemeAt, skipSpace } from './lexer.ts';
import { batchSeparator, delimiterRegion } from './other-clients.ts';
import {
  type Placeholder,
  placeholderAt,
  placeholdersInside,
  type Values,
  variableAt,
  written,
} from './placeholders.ts';
import { copyData, psqlCommandAt, psqlNotes, readsDataBelow, sendsStatement, variableOf } from './psql.ts';
import type { Span } from './source.ts';
import { blank, type TextEdit } from './spans.ts';
import type { NotAnalysed, SyntaxProblem } from './statement.ts';

/** A placeholder that has no value. */
interface Unknown extends Span {
  readonly name: string;
}

/** What one piece of a file needs before the grammar reads it, with offsets of the file, in order. */
export interface Scan {
  readonly edits: readonly TextEdit[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly errors: readonly SyntaxProblem[];
  /** They take their statement with them. */
  readonly unknown: readonly Unknown[];
  /** In a routine's body: it matters only when the body cannot be read. */
  readonly inBodies: readonly Unknown[];
  /** Parts of a template in the middle of a statement. */
  readonly templates: readonly Span[];
}

const WORD_BEFORE_BRACES = /\$$/;

export function scanPiece(
  text: string,
  { start, end }: Span,
  configured: Values,
  environment: boolean,
): Scan {
  const edits: TextEdit[] = [];
  const unknown: Unknown[] = [];
  const inBodies: Unknown[] = [];
  const templates: Span[] = [];
  const blocks: Span[] = [];
  const batches: Span[] = [];
  const delimiters: Span[] = [];
  const notes = psqlNotes();
  const variables = new Map<string, string>();
  const state = { first: true, copy: 0, environment, noMoreData: false, previous: '' };
  /** Of each open `[`: whether a colon in it is a slice's. */
  const brackets: boolean[] = [];

  const statementEnds = (): void => {
    state.first = true;
    state.copy = 0;
    brackets.length = 0;
  };
  const skipData = (after: number): number => {
    if (state.noMoreData) return after;
    const data = copyData(text, after, end);
    state.noMoreData = data === undefined;
    if (!data) return after;
    edits.push(blank(data.start, data.end));
    return data.end;
  };
  const substitute = (found: Placeholder, value: string): void => {
    edits.push({ start: found.start, end: found.end, text: written(value, found.form) });
  };

  const command = (at: number): number => {
    const found = psqlCommandAt(text, at, end);
    const variable = variableOf(found);
    if (variable) variables.set(variable.name, variable.value);
    if (found.name !== ';') notes.command(found);
    const sends = !state.first && sendsStatement(text, found);
    edits.push({ start: at, end: found.end, text: (sends ? ';' : ' ').padEnd(found.end - at) });
    if (sends) statementEnds();
    return readsDataBelow(found) ? skipData(found.end) : found.end;
  };
  const placeholder = (found: Placeholder): number => {
    const isVariable = text[found.start] === ':' && variables.has(found.name);
    const value = isVariable
      ? variables.get(found.name)
      : found.form === 'plain' || text[found.start] === ':'
        ? configured(found.name)
        : undefined;
    if (found.form === 'block' || found.form === 'remark') {
      edits.push(blank(found.start, found.end));
      if (found.form === 'block') blocks.push(found);
      if (found.form === 'block' && !state.first) templates.push(found);
      return found.end;
    }
    notes.interrupted();
    if (value !== undefined) substitute(found, value);
    else {
      unknown.push({ start: found.start, end: found.end, name: found.name });
      // Alone on its line it stands for whole statements; elsewhere a word of the same length keeps the rest readable.
      if (
        state.first &&
        /^[ \t]*;?[ \t]*(?:\r?\n|$)/.test(text.slice(found.end, Math.min(end, found.end + 80)))
      ) {
        edits.push(blank(found.start, found.end));
        return found.end;
      }
      edits.push(standIn(text, found));
    }
    state.first = false;
    return found.end;
  };
  const inside = ({ kind, start: from, end: to }: Lexeme): void => {
    for (const found of placeholdersInside(text, { start: from, end: to })) {
      const value = configured(found.name);
      if (value !== undefined) substitute(found, value);
      else if (kind === 'quoted-identifier') unknown.push(found);
      else if (kind === 'dollar-string' && found.certain) inBodies.push(found);
    }
  };
  /** Where a word of another client begins; undefined for words of SQL. */
  const client = (word: Lexeme, lower: string): number | undefined => {
    const go = lower === 'go' ? batchSeparator(text, word, end, state.first) : undefined;
    if (go) {
      batches.push(go);
      edits.push({ ...go, text: (state.first ? '' : ';').padEnd(go.end - go.start) });
      statementEnds();
      return go.end;
    }
    const region = lower === 'delimiter' && state.first ? delimiterRegion(text, word, end) : undefined;
    if (!region) return undefined;
    delimiters.push(region);
    edits.push(blank(region.start, region.end));
    return region.end;
  };

  let at = skipSpace(text, start);
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === 92) {
      at = skipSpace(text, command(at));
      continue;
    }
    const found = isMark(code) ? placeholderAt(text, at, end, brackets.at(-1) ?? false) : undefined;
    if (found) {
      at = skipSpace(text, placeholder(found));
      continue;
    }
    let lexeme = lexemeAt(text, at, end);
    const variable =
      state.environment && code === 36 && lexeme.kind === 'symbol' ? variableAt(text, at) : undefined;
    if (variable) {
      at = skipSpace(text, placeholder(variable));
      continue;
    }
    switch (lexeme.kind) {
      case 'line-comment': {
        const said = /\+goose\s+ENVSUB\s+(ON|OFF)\b/i.exec(
          text.slice(lexeme.start, Math.min(lexeme.end, lexeme.start + 80)),
        );
        if (said) state.environment = said[1]?.toUpperCase() === 'ON';
        break;
      }
      case 'block-comment':
        break;
      case 'semicolon': {
        notes.interrupted();
        const after = state.copy === 3 ? skipData(lexeme.end) : lexeme.end;
        statementEnds();
        lexeme = { ...lexeme, end: after };
        break;
      }
      default: {
        // `name_${x}`: a word may hold dollar signs, but not the one that opens a placeholder.
        if (
          lexeme.kind === 'word' &&
          /[{(]/.test(text[lexeme.end] ?? '') &&
          WORD_BEFORE_BRACES.test(text.slice(lexeme.end - 1, lexeme.end))
        )
          lexeme = { ...lexeme, end: lexeme.end - 1 };
        const lower =
          lexeme.kind === 'word' && lexeme.end - lexeme.start < 12
            ? text.slice(lexeme.start, lexeme.end).toLowerCase()
            : '';
        const after = lower === '' ? undefined : client(lexeme, lower);
        if (after !== undefined) {
          at = skipSpace(text, after);
          continue;
        }
        notes.interrupted();
        if (
          lexeme.kind === 'string' ||
          lexeme.kind === 'quoted-identifier' ||
          lexeme.kind === 'dollar-string'
        )
          inside(lexeme);
        else if (code === 91) brackets.push(brackets.at(-1) !== false && state.previous !== 'array');
        else if (code === 93) brackets.pop();
        if (state.first) state.copy = lower === 'copy' ? 1 : 0;
        else if (state.copy === 1 && lower === 'from') state.copy = 2;
        else if (state.copy === 2) state.copy = lower === 'stdin' ? 3 : 0;
        state.previous = lower;
        state.first = false;
      }
    }
    at = skipSpace(text, lexeme.end);
  }
  return {
    edits,
    unknown,
    inBodies,
    templates,
    notAnalysed: [...notes.finish(end), ...conditional(blocks), ...standAlone(unknown, edits)],
    errors: [...said(batches, GO), ...said(delimiters, DELIMITER)],
  };
}

/** A word of the same length in place of a placeholder. `:'name'` and `:"name"` are words without their colon. */
function standIn(text: string, { start, end, form }: Placeholder): TextEdit {
  if (form === 'literal' || form === 'identifier')
    return { start, end, text: ` ${text.slice(start + 1, end)}` };
  return { start, end, text: 'x'.repeat(end - start) };
}

/** Placeholders that were blanked belong to no statement that could speak for them. */
function standAlone(unknown: readonly Unknown[], edits: readonly TextEdit[]): NotAnalysed[] {
  const blanked = new Set(edits.filter(({ text }) => text.trim() === '').map(({ start }) => start));
  return unknown
    .filter(({ start }) => blanked.has(start))
    .map(({ start, end, name }) => ({
      span: { start, end },
      reason: `the SQL that "${name}" stands for is not known here`,
    }));
}

function conditional(blocks: readonly Span[]): NotAnalysed[] {
  const [first] = blocks;
  if (!first) return [];
  const reason = `a template decides what of this file is SQL (${blocks.length === 1 ? 'one block' : `${blocks.length} blocks`}); what it holds is read as if all of it ran`;
  return [{ span: { start: first.start, end: first.end }, reason }];
}

const GO =
  'GO divides scripts of SQL Server; PostgreSQL does not know it: end each statement with a semicolon and take GO out';
const DELIMITER =
  "DELIMITER is a command of MySQL's client; PostgreSQL does not know it, and what follows it was not read: quote a body with $$ instead";

/** One error for all that a file holds of a kind. */
function said(spans: readonly Span[], message: string): SyntaxProblem[] {
  const [first] = spans;
  if (!first) return [];
  const span = { start: first.start, end: first.end };
  return [
    {
      message: spans.length === 1 ? message : `${message} (${spans.length} times in this file)`,
      span,
      statement: span,
    },
  ];
}

function isMark(code: number): boolean {
  return (
    code === 58 || code === 123 || code === 36 || code === 37 || code === 35 || code === 64 || code === 60
  );
}
