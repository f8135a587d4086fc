import type { Span } from '../source.ts';
import type { ObjectName, Relation } from '../statement.ts';
import { identifier, type Lexeme, token } from './lexer.ts';

/** A node of node-sql-parser's tree. Its published types cover a part only, so every field is asked for. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function child(tree: Tree | undefined, key: string): Tree | undefined {
  const value = tree?.[key];
  return isTree(value) ? value : undefined;
}

/** An array of nodes, a single one as an array. */
export function children(tree: Tree | undefined, key: string): readonly Tree[] {
  const value = tree?.[key];
  return (Array.isArray(value) ? value : [value]).filter(isTree);
}

/** Text of a field. The parser gives some names bare, others as a node with a `value`. */
export function word(tree: Tree | undefined, key: string): string | undefined {
  const value = tree?.[key];
  if (typeof value === 'string') return value;
  const inner = isTree(value) ? value.value : undefined;
  return typeof inner === 'string' ? inner : undefined;
}

/** A word for comparing: lower case, '' when it is not there. */
export function lower(tree: Tree | undefined, key: string): string {
  return (word(tree, key) ?? '').toLowerCase();
}

/** The name of a column_ref, or of an index column with a prefix length, which CREATE INDEX reads as a call: `a(10)`. */
export function columnName(tree: Tree | undefined): string | undefined {
  if (!tree) return undefined;
  if (tree.type === 'column_ref') {
    const name = word(tree, 'column') ?? word(child(child(tree, 'column'), 'expr'), 'value');
    return name?.replaceAll('``', '`');
  }
  const call = tree.type === 'function' ? children(child(tree, 'args'), 'value') : [];
  return call.length === 1 && call[0]?.type === 'number' ? functionName(tree).name : undefined;
}

export function functionName(tree: Tree): ObjectName {
  const called = child(tree, 'name');
  const name = called
    ? children(called, 'name')
        .map((part) => word(part, 'value') ?? '')
        .join('.')
    : (word(tree, 'name') ?? '');
  const schema = word(called, 'schema');
  return schema === undefined ? { name: name.toLowerCase() } : { schema, name };
}

/** Visits a tree and everything below it; without recursion, for expressions may nest as deep as they like. */
export function* walk(root: unknown): Generator<Tree> {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) yield value as Tree;
    stack.push(...Object.values(value).reverse());
  }
}

/** One statement, with what is needed to find places in it. */
export interface MysqlContext {
  readonly text: string;
  readonly span: Span;
  readonly lexemes: readonly Lexeme[];
}

/** Offsets in the file of what the parser located; undefined for nodes that it gives no location. */
export function located(tree: Tree | undefined, context: MysqlContext): Span | undefined {
  const place = child(tree, 'loc');
  const start = child(place, 'start')?.offset;
  const end = child(place, 'end')?.offset;
  if (typeof start !== 'number' || typeof end !== 'number') return undefined;
  const written = context.text.slice(context.span.start + start, context.span.start + end);
  // Locations of tables take in the white space that follows.
  return { start: context.span.start + start, end: context.span.start + start + written.trimEnd().length };
}

/** Names keep their case: MySQL folds none, and whether it compares with case depends on the server. */
export function relationOf(tree: Tree | undefined, context: MysqlContext): Relation {
  const name = (word(tree, 'table') ?? word(tree, 'view') ?? '').replaceAll('``', '`');
  const schema = word(tree, 'db') ?? word(tree, 'schema');
  const from = located(tree, context)?.start ?? context.span.start;
  const span = nameSpan(schema === undefined ? [name] : [schema, name], from, context);
  return schema === undefined ? { name, span } : { schema, name, span };
}

/** Where a (qualified) name stands, at or after `from`; the whole statement when it is not found. */
export function nameSpan(
  parts: readonly string[],
  from: number,
  { text, lexemes, span }: MysqlContext,
): Span {
  const names = lexemes.filter(
    (lexeme) => lexeme.start >= from && (lexeme.kind === 'word' || lexeme.kind === 'quoted-identifier'),
  );
  for (const [index, lexeme] of names.entries()) {
    const last = names[index + parts.length - 1];
    if (last && parts.every((part, offset) => identifierAt(text, names[index + offset]) === part))
      return { start: lexeme.start, end: last.end };
  }
  return span;
}

function identifierAt(text: string, lexeme: Lexeme | undefined): string | undefined {
  return lexeme && identifier(text, lexeme);
}

/** The parts between commas of one level, from the lexeme at `from` to the parenthesis that closes it or the end. */
export function items(
  from: number,
  { text, lexemes }: MysqlContext,
): { list: readonly Span[]; after: number } {
  const list: Span[] = [];
  let depth = 0;
  let first: Lexeme | undefined;
  let last: Lexeme | undefined;
  let at = from;
  const close = (): void => {
    if (first && last) list.push({ start: first.start, end: last.end });
    first = undefined;
  };
  for (; at < lexemes.length; at++) {
    const lexeme = lexemes[at];
    const symbol = token(text, lexeme);
    if (symbol === ')' && depth === 0) break;
    if (symbol === ',' && depth === 0) {
      close();
      continue;
    }
    if (symbol === '(') depth++;
    else if (symbol === ')') depth--;
    first ??= lexeme;
    last = lexeme;
  }
  close();
  return { list, after: at + 1 };
}
