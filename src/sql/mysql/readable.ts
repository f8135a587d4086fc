import { partitionClause } from './create.ts';
import { lexMysql, token } from './lexer.ts';
import type { MysqlContext } from './tree.ts';
import { readableTypes } from './types.ts';

/** The statement's text with comments and version markers blanked; offsets stay. */
export function withoutComments({ text, span }: MysqlContext): string {
  let clean = '';
  let copied = span.start;
  for (const lexeme of lexMysql(text, span.start, span.end)) {
    if (lexeme.kind !== 'comment' && lexeme.kind !== 'marker') continue;
    clean += text.slice(copied, lexeme.start) + ' '.repeat(lexeme.end - lexeme.start);
    copied = lexeme.end;
  }
  // The end of a version comment may be all that is left of it: `/*!` stood before the statement.
  return clean + text.slice(copied, span.end);
}

export interface Readable {
  readonly text: string;
  /** Starts of the statement and of actions in it that said IF [NOT] EXISTS. */
  readonly guards: ReadonlySet<number>;
}

/**
 * The same statement in words that node-sql-parser knows: it lacks some types, IF [NOT] EXISTS in places where
 * MariaDB has it, [NOT] ENFORCED, BINARY after a type and partitioning. What is blanked here, the facts read from the text.
 */
export function readable(statement: string, context: MysqlContext): Readable {
  const { text, lexemes, span } = context;
  let clean = readableTypes(statement, context);
  const blank = (start: number, end: number): void => {
    clean = clean.slice(0, start - span.start) + ' '.repeat(end - start) + clean.slice(end - span.start);
  };
  const guards = new Set<number>();
  const words = lexemes.map((lexeme) => token(text, lexeme));
  let part = span.start;
  for (const [at, lexeme] of lexemes.entries()) {
    if (words[at] === ',' || words[at - 1] === ',') part = lexeme.start;
    if (['ADD', 'DROP', 'MODIFY', 'CHANGE'].includes(words[at] ?? '')) part = lexeme.start;
    const to =
      words[at] !== 'IF'
        ? undefined
        : words[at + 1] === 'EXISTS'
          ? lexemes[at + 1]
          : words[at + 1] === 'NOT'
            ? lexemes[at + 2]
            : undefined;
    if (to && ['COLUMN', 'INDEX', 'KEY', 'CONSTRAINT', 'ADD', 'DROP'].includes(words[at - 1] ?? '')) {
      blank(lexeme.start, to.end);
      guards.add(words[0] === 'ALTER' ? part : span.start);
    }
    // VARCHAR(255) BINARY: the binary collation of the character set.
    if (words[at] === 'BINARY' && words[at - 1] === ')') blank(lexeme.start, lexeme.end);
    if (words[at] === 'PRIVILEGES' && words[at - 1] === 'ALL') blank(lexeme.start, lexeme.end);
    if (words[at] === 'ENFORCED')
      blank(words[at - 1] === 'NOT' ? (lexemes[at - 1]?.start ?? lexeme.start) : lexeme.start, lexeme.end);
  }
  const partitioned = words[0] === 'CREATE' ? partitionClause(0, context) : -1;
  const clause = lexemes[partitioned];
  if (clause) blank(clause.start, span.end);
  return { text: clean, guards };
}

/** Longer INSERTs than this many characters are read by their first row. */
const LONG_INSERT = 16 * 1024;

/**
 * A long INSERT … VALUES cut to its first row, with the number of all rows: the parser needs a second and much
 * memory for a few hundred kilobytes. What follows the rows stays.
 */
export function shortened({ text, lexemes, span }: MysqlContext): { text: string; rows: number } | undefined {
  const first = token(text, lexemes[0]);
  if (span.end - span.start < LONG_INSERT || (first !== 'INSERT' && first !== 'REPLACE')) return undefined;
  const values = lexemes.findIndex((lexeme) => token(text, lexeme) === 'VALUES');
  if (values === -1) return undefined;
  let [rows, depth, firstEnd, lastEnd] = [0, 0, 0, 0];
  for (let at = values + 1; at < lexemes.length; at++) {
    const lexeme = lexemes[at];
    const symbol = token(text, lexeme);
    if (symbol === '(') depth++;
    else if (symbol === ')' && --depth === 0) {
      rows++;
      lastEnd = lexeme?.end ?? lastEnd;
      firstEnd ||= lastEnd;
    } else if (depth === 0 && symbol !== ',') break;
  }
  return rows < 2
    ? undefined
    : { text: text.slice(span.start, firstEnd) + text.slice(lastEnd, span.end), rows };
}
