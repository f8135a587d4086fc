import type { Span } from '../source.ts';
import type { TypeName } from '../statement.ts';
import { token } from './lexer.ts';
import type { MysqlContext } from './tree.ts';

/**
 * MySQL's names where PostgreSQL has the same type under another ("Data Types" of the MySQL manual). TIMESTAMP is
 * an instant, shown in the session's time zone, as timestamptz is; DATETIME has no zone. Types that
 * PostgreSQL lacks (tinyint, mediumint, datetime's year, enum, blob …) keep their own name in lower case.
 */
const SAME: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int2: 'smallint',
  int8: 'bigint',
  int3: 'mediumint',
  middleint: 'mediumint',
  int1: 'tinyint',
  dec: 'numeric',
  decimal: 'numeric',
  fixed: 'numeric',
  float: 'real',
  float4: 'real',
  double: 'double precision',
  float8: 'double precision',
  real: 'double precision',
  bool: 'boolean',
  character: 'char',
  nchar: 'char',
  nvarchar: 'varchar',
  datetime: 'timestamp',
  timestamp: 'timestamptz',
};

/** Reads the type at a lexeme: node-sql-parser gives types without a place, and does not know all of them. */
export function typeAt(index: number, { text, lexemes, span }: MysqlContext): TypeName {
  const words = (at: number): string => token(text, lexemes[at]).toLowerCase();
  let at = index;
  if (words(at) === 'national') at++;
  const first = words(at);
  let name = SAME[first] ?? first;
  let last = lexemes[at];
  if (words(at + 1) === 'precision') last = lexemes[++at];
  else if (words(at + 1) === 'varying') {
    name = 'varchar';
    last = lexemes[++at];
  }
  const modifiers: number[] = [];
  if (words(at + 1) === '(') {
    for (at += 2; at < lexemes.length && words(at) !== ')'; at++) {
      const lexeme = lexemes[at];
      if (lexeme?.kind === 'number') modifiers.push(Number(text.slice(lexeme.start, lexeme.end)));
    }
    last = lexemes[at];
  }
  const serial = first === 'serial';
  let unsigned = serial;
  for (; ['unsigned', 'signed', 'zerofill'].includes(words(at + 1)); at++) {
    unsigned ||= words(at + 1) !== 'signed';
    last = lexemes[at + 1];
  }
  const place: Span = { start: lexemes[index]?.start ?? span.start, end: last?.end ?? span.end };
  // An unsigned integer is a type of its own: it cannot reference a signed one.
  return {
    name: `${serial ? 'bigint' : name}${unsigned ? ' unsigned' : ''}`,
    modifiers,
    array: false,
    serial,
    span: place,
  };
}

/** Types that the parser refuses, in the place of which it is given `int`; the facts read the text itself. */
const UNREAD = new Set([
  'bool',
  'real',
  'dec',
  'fixed',
  'nchar',
  'nvarchar',
  'national',
  'character',
  'serial',
  'inet4',
  'inet6',
  'uuid',
  'int1',
  'int2',
  'int3',
  'int4',
  'int8',
  'float4',
  'float8',
  'middleint',
  'double',
  'blob',
  'binary',
  'long',
]);

/** The statement's text with such types, `IF [NOT] EXISTS` and SRID replaced; same length, offsets stay. */
export function readableTypes(statement: string, { text, lexemes, span }: MysqlContext): string {
  const words = (at: number): string => token(text, lexemes[at]).toLowerCase();
  let readable = statement;
  const replace = (from: number, to: number, by: string): void => {
    const [start, end] = [(lexemes[from]?.start ?? 0) - span.start, (lexemes[to]?.end ?? 0) - span.start];
    readable = readable.slice(0, start) + by.padEnd(end - start).slice(0, end - start) + readable.slice(end);
  };
  for (const [at, lexeme] of lexemes.entries()) {
    const before = lexemes[at - 1];
    const afterName =
      before?.kind === 'quoted-identifier' || (before?.kind === 'word' && lexeme.kind === 'word');
    if (words(at) === 'srid' && lexemes[at + 1]?.kind === 'number') replace(at, at + 1, '');
    if (!afterName || !UNREAD.has(words(at)) || words(at - 1) === 'collate' || words(at - 1) === 'set')
      continue;
    let last = at;
    while (['precision', 'varying', 'char', 'varchar', 'character'].includes(words(last + 1))) last++;
    if (words(last + 1) === '(') {
      do last++;
      while (last < lexemes.length - 1 && words(last) !== ')');
    }
    replace(at, last, 'int');
  }
  return readable;
}
