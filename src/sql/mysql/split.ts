import { type Lexeme, lexMysql, token } from './lexer.ts';

/** One statement, without its delimiter, comments and the markers of version comments. */
export interface MysqlStatement {
  readonly start: number;
  readonly end: number;
  readonly lexemes: readonly Lexeme[];
}

const ROUTINE = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT']);
/** END IF, END LOOP … close what opened no level here. */
const CLOSED_BY_NAME = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT']);

/**
 * Splits the way the mysql client does: at the delimiter, which DELIMITER (a line of the client, never sent
 * to the server) changes. Where nobody set one, BEGIN … END inside CREATE PROCEDURE, FUNCTION, TRIGGER or
 * EVENT is kept whole, as the server does with a text of several statements.
 */
export function* splitMysql(text: string, start = 0, end = text.length): Generator<MysqlStatement> {
  let delimiter = ';';
  let found: Lexeme[] = [];
  let depth = 0;
  let at = start;
  const close = (): MysqlStatement | undefined => {
    const statement = statementOf(found);
    found = [];
    depth = 0;
    return statement;
  };
  scanning: while (at < end) {
    for (const lexeme of lexMysql(text, at, end)) {
      if (lexeme.kind === 'comment' && lexeme.closed) continue;
      if (lexeme.kind === 'marker') continue;
      const stop = delimiterIn(text, lexeme, delimiter);
      if (stop !== -1 && depth === 0) {
        if (stop > lexeme.start) found.push({ ...lexeme, end: stop });
        const statement = close();
        if (statement) yield statement;
        at = stop + delimiter.length;
        continue scanning;
      }
      if (found.length === 0 && token(text, lexeme) === 'DELIMITER') {
        const lineEnd = text.indexOf('\n', lexeme.end);
        at = lineEnd === -1 || lineEnd > end ? end : lineEnd + 1;
        delimiter = text.slice(lexeme.end, at).trim().split(/\s/)[0] || ';';
        continue scanning;
      }
      found.push(lexeme);
      if (delimiter === ';') depth = nested(text, found, depth);
    }
    break;
  }
  const statement = close();
  if (statement) yield statement;
}

/** A delimiter may be any characters: `END$$` is one word of the language and yet ends at the `$$`. */
function delimiterIn(text: string, lexeme: Lexeme, delimiter: string): number {
  if (text.startsWith(delimiter, lexeme.start)) return lexeme.start;
  if (lexeme.kind !== 'word' && lexeme.kind !== 'number') return -1;
  const inside = text.slice(lexeme.start, lexeme.end + delimiter.length - 1).indexOf(delimiter);
  return inside === -1 ? -1 : lexeme.start + inside;
}

function statementOf(lexemes: readonly Lexeme[]): MysqlStatement | undefined {
  const first = lexemes[0];
  return first ? { start: first.start, end: lexemes.at(-1)?.end ?? first.end, lexemes } : undefined;
}

function nested(text: string, lexemes: readonly Lexeme[], depth: number): number {
  const last = lexemes.at(-1);
  if (last?.kind !== 'word' || token(text, lexemes[0]) !== 'CREATE') return depth;
  const word = token(text, last);
  const before = token(text, lexemes.at(-2));
  // The END just before was counted, but belongs to an IF or a loop.
  if (before === 'END' && CLOSED_BY_NAME.has(word)) return depth + 1;
  if (depth === 0) {
    if (word !== 'BEGIN') return 0;
    return lexemes.slice(1, 24).some((lexeme) => ROUTINE.has(token(text, lexeme))) ? 1 : 0;
  }
  if (word === 'BEGIN' || (word === 'CASE' && before !== 'END')) return depth + 1;
  return word === 'END' ? depth - 1 : depth;
}
