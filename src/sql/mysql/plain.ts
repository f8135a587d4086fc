import type { ObjectType, Relation } from '../statement.ts';
import { identifier, token } from './lexer.ts';
import type { Made } from './made.ts';
import type { MysqlContext } from './tree.ts';

/**
 * Short statements with no expressions in them that node-sql-parser does not read. Undefined for all others.
 */
export function plainStatement(context: MysqlContext): Made[] | undefined {
  const { text, lexemes } = context;
  const words = lexemes.slice(0, 6).map((lexeme) => token(text, lexeme));
  const [first = '', second = '', third = ''] = words;
  if (first === 'SAVEPOINT') return [{ facts: { kind: 'transaction', command: 'savepoint' } }];
  if (first === 'RELEASE' && second === 'SAVEPOINT')
    return [{ facts: { kind: 'transaction', command: 'release' } }];
  if (first === 'ROLLBACK' && words.includes('TO'))
    return [{ facts: { kind: 'transaction', command: 'rollback-to' } }];
  if (first === 'SET' && (second === 'NAMES' || second === 'CHARACTER' || second === 'TRANSACTION')) {
    const at = second === 'CHARACTER' ? 3 : 2;
    const value = text
      .slice(lexemes[at]?.start ?? context.span.end, context.span.end)
      .replace(/^'(.*)'$/s, '$1');
    return [{ facts: { kind: 'set', name: second.toLowerCase(), value, local: false, reset: false } }];
  }
  if (first === 'ANALYZE')
    return [{ facts: { kind: 'analyze', tables: names(words.indexOf('TABLE') + 1, context) } }];
  if (first === 'OPTIMIZE' || first === 'REPAIR' || first === 'FLUSH' || first === 'CHECK')
    return [{ facts: { kind: 'other' } }];
  if (first === 'DROP') return drop(second === 'TEMPORARY' ? third : second, context);
  return undefined;
}

const DROPPED: Readonly<Record<string, ObjectType>> = {
  TABLE: 'table',
  VIEW: 'view',
  PROCEDURE: 'procedure',
  FUNCTION: 'function',
  TRIGGER: 'trigger',
  EVENT: 'other',
  USER: 'role',
  ROLE: 'role',
  SEQUENCE: 'sequence',
};

function drop(kind: string, context: MysqlContext): Made[] | undefined {
  const objectType = DROPPED[kind];
  if (!objectType) return undefined;
  const { text, lexemes } = context;
  let at = lexemes.findIndex((lexeme) => token(text, lexeme) === kind) + 1;
  const ifExists = token(text, lexemes[at]) === 'IF';
  if (ifExists) at += 2;
  return [
    {
      facts: {
        kind: 'drop',
        objectType,
        objects: names(at, context),
        ifExists,
        cascade: false,
        concurrently: false,
      },
    },
  ];
}

/** Comma-separated, possibly qualified names. CASCADE and RESTRICT, which MySQL ignores, end the list. */
function names(from: number, { text, lexemes }: MysqlContext): Relation[] {
  const found: Relation[] = [];
  for (let at = from; at < lexemes.length; at++) {
    const lexeme = lexemes[at];
    if (!lexeme || !['word', 'quoted-identifier', 'string'].includes(lexeme.kind)) break;
    const span = { start: lexeme.start, end: lexeme.end };
    const name = identifier(text, lexeme).replace(/^'(.*)'$/s, '$1');
    const inner = token(text, lexemes[at + 1]) === '.' ? lexemes[at + 2] : undefined;
    found.push(
      inner
        ? { schema: name, name: identifier(text, inner), span: { start: span.start, end: inner.end } }
        : { name, span },
    );
    if (inner) at += 2;
    // The host of 'user'@'host'.
    if (text[lexemes[at + 1]?.start ?? text.length] === '@')
      at += lexemes[at + 1]?.end === (lexemes[at + 1]?.start ?? 0) + 1 ? 2 : 1;
    if (token(text, lexemes[at + 1]) !== ',') break;
    at++;
  }
  return found;
}
