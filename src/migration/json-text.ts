import type { Span } from '../sql/source.ts';

/** JSON (RFC 8259) with the place of every value, so that what is wrong can be shown at its own line. */
export type JsonNode = { readonly span: Span } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
);

interface JsonMember {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: JsonNode;
}

export interface JsonProblem {
  readonly message: string;
  readonly span: Span;
}

/** Nobody writes deeper ones by hand, and the reader must not run out of stack. */
const DEEPEST = 50;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;

/** Reads the first value from `start`; what follows it, from `end` on, is not looked at. A byte order mark is skipped. */
export function parseJson(
  text: string,
  start = 0,
  limit = text.length,
): { readonly root: JsonNode; readonly end: number } | JsonProblem {
  let at = text.charCodeAt(start) === 0xfeff ? start + 1 : start;
  let problem: JsonProblem | undefined;

  function fail(message: string, from = at, to = from + 1): undefined {
    problem ??= {
      message,
      span: { start: Math.max(start, Math.min(from, limit)), end: Math.min(to, limit) },
    };
    return undefined;
  }

  function skipSpace(): string {
    while (at < limit && ' \t\r\n'.includes(text.charAt(at))) at++;
    return at < limit ? text.charAt(at) : '';
  }

  function string(): { readonly value: string; readonly span: Span } | undefined {
    const from = at;
    for (at++; at < limit && text.charAt(at) !== '"' && text.charAt(at) !== '\n'; at++)
      if (text.charAt(at) === '\\') at++;
    if (at >= limit || text.charAt(at) !== '"') return fail('this text is not closed with "', from, at);
    at++;
    try {
      return { value: String(JSON.parse(text.slice(from, at))), span: { start: from, end: at } };
    } catch {
      return fail('this text holds an escape or a control character that JSON does not know', from, at);
    }
  }

  function value(depth: number): JsonNode | undefined {
    const character = skipSpace();
    if (character === '') return fail('it ends before it is complete', limit - 1, limit);
    if (depth > DEEPEST) return fail('it is nested too deeply');
    if (character === '{') return object(depth);
    if (character === '[') return array(depth);
    if (character === '"') {
      const found = string();
      return found && { kind: 'string', ...found };
    }
    return literal();
  }

  function literal(): JsonNode | undefined {
    NUMBER.lastIndex = at;
    WORD.lastIndex = at;
    const [digits] = NUMBER.exec(text) ?? [];
    const [word] = WORD.exec(text) ?? [];
    const span = { start: at, end: at + (digits ?? word ?? '').length };
    if (digits !== undefined) {
      at = span.end;
      return { kind: 'number', value: Number(digits), span };
    }
    if (word === 'true' || word === 'false') {
      at = span.end;
      return { kind: 'boolean', value: word === 'true', span };
    }
    if (word === 'null') {
      at = span.end;
      return { kind: 'null', span };
    }
    if (text.charAt(at) === "'") return fail('texts are quoted with ", not with \'');
    return fail(
      word === undefined ? `${text.charAt(at)} does not belong here` : 'a text must be quoted with "',
      at,
      Math.max(span.end, at + 1),
    );
  }

  /** After a value: true when another one follows, false when the list is closed. */
  function separator(close: string): boolean | undefined {
    const character = skipSpace();
    if (character === '') return fail(`${close} is missing at the end`, limit - 1, limit);
    at++;
    if (character === close) return false;
    if (character !== ',') return fail(`, or ${close} is missing before this`, at - 1);
    const comma = at - 1;
    if (skipSpace() === close) return fail(`there must be no comma before ${close}`, comma);
    return true;
  }

  function object(depth: number): JsonNode | undefined {
    const start = at++;
    const members: JsonMember[] = [];
    let more: boolean | undefined = skipSpace() !== '}';
    if (!more) at++;
    while (more) {
      const character = skipSpace();
      if (character === '') return fail('} is missing at the end', limit - 1, limit);
      if (character !== '"') return fail('a key in " is expected here');
      const key = string();
      if (key === undefined) return undefined;
      if (skipSpace() !== ':') return fail('a colon is missing after this key', key.span.start, key.span.end);
      at++;
      const node = value(depth + 1);
      if (node === undefined) return undefined;
      members.push({ key: key.value, keySpan: key.span, value: node });
      more = separator('}');
      if (more === undefined) return undefined;
    }
    return { kind: 'object', members, span: { start, end: at } };
  }

  function array(depth: number): JsonNode | undefined {
    const start = at++;
    const items: JsonNode[] = [];
    let more: boolean | undefined = skipSpace() !== ']';
    if (!more) at++;
    while (more) {
      const node = value(depth + 1);
      if (node === undefined) return undefined;
      items.push(node);
      more = separator(']');
      if (more === undefined) return undefined;
    }
    return { kind: 'array', items, span: { start, end: at } };
  }

  const root = value(0);
  return root === undefined
    ? (problem ?? { message: 'it cannot be read', span: { start, end: start } })
    : { root, end: at };
}
