import type { Node, RangeVar, RoleSpec } from '@pgsql/types';
import { lexemeAt, skipSpace } from '../lexer.ts';
import type { Span } from '../source.ts';
import type { ObjectName, Relation, SetOption } from '../statement.ts';
import type { ToOffset } from './offsets.ts';

/** Where a tree came from: turns its byte locations into spans of the file. */
export interface TreeContext {
  /** The whole file's text (after substitution of placeholders). */
  readonly text: string;
  /** Span of the statement. */
  readonly span: Span;
  readonly toOffset: ToOffset;
  /** Those read so far: most are asked for twice, as the table of a statement and as one of its relations. */
  readonly relations: Map<RangeVar, Relation>;
}

export type Tag = Node extends infer N ? (N extends unknown ? keyof N : never) : never;
export type Body<K extends Tag> = Extract<Node, Record<K, unknown>>[K];

/** The empty list of all facts: most lists are empty, and each of its own would cost as much as a short one. */
export const NONE: readonly never[] = Object.freeze([]);

/** A list that was pushed together, without the sixteen places that V8 keeps free in it. */
export function kept<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice();
}

/** The body of a node when it has that tag. */
export function as<K extends Tag>(tag: K, node: Node | undefined): Body<K> | undefined {
  return node === undefined ? undefined : (node as unknown as Partial<Record<K, Body<K>>>)[tag];
}

export function tagOf(node: Node): Tag {
  return Object.keys(node)[0] as Tag;
}

/** The strings of a list of String nodes (a qualified name, a list of columns). */
export function strings(nodes: readonly Node[] | undefined): string[] {
  const found: string[] = [];
  for (const node of nodes ?? []) {
    const text = as('String', node)?.sval;
    if (text !== undefined) found.push(text);
  }
  return found.slice();
}

/** A qualified name from its parts; a catalog (database) part is left out. */
export function objectName(parts: readonly string[]): ObjectName {
  const name = parts.at(-1) ?? '';
  const schema = parts.length > 1 ? parts.at(-2) : undefined;
  if (schema !== undefined) return { schema, name };
  const known = plainNames.get(name) ?? { name };
  if (plainNames.size < MOST_NAMES) plainNames.set(name, known);
  return known;
}

/** now(), integer and a few hundred others are what nearly all names are: a long file keeps each once. */
const plainNames = new Map<string, ObjectName>();
const MOST_NAMES = 1_000;

export function listName(node: Node | undefined): ObjectName {
  return objectName(strings(as('List', node)?.items));
}

export function relation(range: RangeVar | undefined, context: TreeContext): Relation {
  const known = range && context.relations.get(range);
  if (known) return known;
  const found = readRelation(range, context);
  if (range) context.relations.set(range, found);
  return found;
}

function readRelation(range: RangeVar | undefined, context: TreeContext): Relation {
  const name = range?.relname ?? '';
  const start = context.toOffset(range?.location ?? 0);
  const span = { start, end: nameEnd(context.text, start, context.span.end) };
  const found: Relation =
    range?.schemaname === undefined ? { name, span } : { schema: range.schemaname, name, span };
  return range?.inh === true ? found : { ...found, only: true };
}

/** A relation that the tree gives as a bare name, without a location. */
export function unplaced(name: ObjectName, context: TreeContext): Relation {
  return { ...name, span: context.span };
}

const NAME =
  /(?:[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|"(?:[^"]|"")*")(?:\s*\.\s*(?:[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|"(?:[^"]|"")*"))*/y;

/** End of a possibly qualified, possibly quoted name that starts at `start`. */
export function nameEnd(text: string, start: number, limit: number): number {
  NAME.lastIndex = start;
  const found = NAME.exec(text);
  return found ? Math.min(start + found[0].length, limit) : start + 1;
}

/** From `start` to before the next comma or closing parenthesis of the same level. */
export function itemSpan(text: string, start: number, limit: number): Span {
  let depth = 0;
  let end = start;
  for (let at = skipSpace(text, start); at < limit; at = skipSpace(text, at)) {
    const lexeme = lexemeAt(text, at, limit);
    at = lexeme.end;
    if (lexeme.kind === 'line-comment' || lexeme.kind === 'block-comment') continue;
    if (lexeme.kind === 'semicolon') break;
    if (lexeme.kind === 'symbol') {
      const symbol = text[lexeme.start];
      if (symbol === '(' || symbol === '[') depth++;
      else if (symbol === ')' || symbol === ']') {
        if (depth === 0) break;
        depth--;
      } else if (symbol === ',' && depth === 0) break;
    }
    end = lexeme.end;
  }
  return { start, end: Math.max(end, start) };
}

/** A role by its name, or the word that stands for one: public, current_user, session_user, current_role. */
export function roleName(role: RoleSpec | undefined): string {
  if (role?.rolename !== undefined) return role.rolename;
  return (role?.roletype ?? '').replace('ROLESPEC_', '').toLowerCase();
}

/** The value of a DefElem as text: what stands in WITH (…) and the like. */
function optionValue(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  const text = as('String', node)?.sval;
  if (text !== undefined) return text;
  const integer = as('Integer', node);
  if (integer) return String(integer.ival ?? 0);
  const float = as('Float', node)?.fval;
  if (float !== undefined) return float;
  const boolean = as('Boolean', node);
  if (boolean) return String(boolean.boolval ?? false);
  const constant = as('A_Const', node);
  if (constant) return constantText(constant);
  const type = as('TypeName', node);
  if (type) return strings(type.names).at(-1);
  const list = as('List', node);
  return list ? (list.items ?? []).map((item) => optionValue(item) ?? '').join(', ') : undefined;
}

export function constantText(constant: Body<'A_Const'>): string | undefined {
  if (constant.isnull) return undefined;
  if (constant.sval) return constant.sval.sval ?? '';
  if (constant.ival) return String(constant.ival.ival ?? 0);
  if (constant.fval) return constant.fval.fval ?? '0';
  if (constant.boolval) return String(constant.boolval.boolval ?? false);
  return constant.bsval?.bsval;
}

const NO_OPTIONS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

export function options(nodes: readonly Node[] | undefined): Readonly<Record<string, string>> {
  if (nodes === undefined || nodes.length === 0) return NO_OPTIONS;
  const found: Record<string, string> = Object.create(null);
  for (const node of nodes) {
    const element = as('DefElem', node);
    if (element?.defname !== undefined) {
      const name =
        element.defnamespace === undefined ? element.defname : `${element.defnamespace}.${element.defname}`;
      found[name] = optionValue(element.arg) ?? 'true';
    }
  }
  return found;
}

export function setting(statement: Body<'VariableSetStmt'>): SetOption {
  const value = (statement.args ?? [])
    .map((argument) => settingValue(argument))
    .filter((text) => text !== undefined)
    .join(', ');
  return { name: (statement.name ?? '').toLowerCase(), ...(statement.args ? { value } : {}) };
}

function settingValue(argument: Node): string | undefined {
  const cast = as('TypeCast', argument);
  return optionValue(cast ? cast.arg : argument);
}
