import { type Lexeme, lex } from '../lexer.ts';

/**
 * The body with its DECLARE sections reworded so that a parser without a catalog takes it: `t%ROWTYPE` and
 * types that are not built in become `record` where a field of the variable is used, and `text` elsewhere.
 * Line breaks stay where they are, because the tree gives lines.
 */
export function scalarDeclarations(body: string): string {
  const lexemes = [...lex(body)].filter((lexeme) => !lexeme.kind.endsWith('comment'));
  const word = (lexeme: Lexeme | undefined): string =>
    lexeme?.kind === 'word' ? body.slice(lexeme.start, lexeme.end).toLowerCase() : '';
  const symbol = (lexeme: Lexeme | undefined): string =>
    lexeme?.kind === 'symbol' ? body.slice(lexeme.start, lexeme.end) : '';
  const name = (lexeme: Lexeme | undefined): string =>
    lexeme?.kind === 'quoted-identifier' ? body.slice(lexeme.start, lexeme.end) : word(lexeme);

  const dotted = new Set<string>();
  for (const [index, lexeme] of lexemes.entries())
    if (symbol(lexemes[index + 1]) === '.' && symbol(lexemes[index - 1]) !== '.') dotted.add(name(lexeme));

  const changes: { start: number; end: number; text: string }[] = [];
  let declaring = false;
  let at = 0;
  while (at < lexemes.length) {
    const opens = word(lexemes[at]);
    if (opens === 'declare') declaring = true;
    else if (opens === 'begin') declaring = false;
    if (!declaring || opens === 'declare') {
      at++;
      continue;
    }
    let end = at;
    while (end < lexemes.length && lexemes[end]?.kind !== 'semicolon') end++;
    const variable = name(lexemes[at]);
    let from = at + 1;
    if (word(lexemes[from]) === 'constant') from++;
    let to = from;
    while (symbol(lexemes[to + 1]) === '.') to += 2;
    const first = lexemes[from];
    const last = lexemes[symbol(lexemes[to + 1]) === '%' ? to + 2 : to];
    const rowType = symbol(lexemes[to + 1]) === '%' && word(lexemes[to + 2]) === 'rowtype';
    const plain = symbol(lexemes[to + 1]) !== '%' && !BUILT_IN.has(word(lexemes[to]));
    const cursor =
      lexemes.slice(from, from + 3).some((lexeme) => word(lexeme) === 'cursor') || word(first) === 'alias';
    if (first && last && !cursor && (rowType || plain))
      changes.push({ start: first.start, end: last.end, text: dotted.has(variable) ? 'record' : 'text' });
    at = end + 1;
  }

  let reworded = '';
  let copied = 0;
  for (const change of changes) {
    reworded += body.slice(copied, change.start) + change.text;
    copied = change.end;
  }
  return reworded + body.slice(copied);
}

/** Types of several words or of several spellings that a declaration may start with, and `record`. */
const BUILT_IN = new Set(
  `record refcursor bit boolean bool bytea char character varchar text name integer int int2 int4 int8 smallint bigint
   numeric decimal dec real float float4 float8 double date time timetz timestamp timestamptz interval uuid json jsonb
   xml oid regclass regtype regproc regprocedure inet cidr macaddr point tsvector tsquery money void`.split(
    /\s+/,
  ),
);
