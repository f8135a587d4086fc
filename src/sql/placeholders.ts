import { type Span, startsLine } from './source.ts';

/**
 * Words that migration tools and templates put values in for: Flyway's `${name}`, psql's and graphile-migrate's
 * `:NAME`, Mustache, Jinja and Go `{{ name }}`, Python's `%(name)s`, extension scripts' `@extschema@`, goose's
 * environment variables, ERB. None of these is SQL where it stands.
 */
export interface Placeholder extends Span {
  /** The name under which a value is configured. */
  readonly name: string;
  /** How the value is written: as it is, as psql's `:'name'` or as its `:"name"`. A block decides what other text is there. */
  readonly form: 'plain' | 'literal' | 'identifier' | 'block' | 'remark';
}

const BRACES = /\{([A-Za-z_][\w.:-]*)\}/y;
const DOLLAR_BRACES = /\$\{([^{}\r\n]+)\}/y;
const DOLLAR_PARENTHESES = /\$\(([A-Za-z_]\w*)\)/y;
const HASH_BRACES = /#\{([^{}\r\n]+)\}/y;
const PERCENT = /%\(([A-Za-z_]\w*)\)s(?![\w$])/y;
const EXTENSION = /@(ext(?:schema|owner)(?::\w+)?)@/y;
const COLON = /:([A-Za-z_]\w*)/y;
const COLON_QUOTED = /:(?:'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)")/y;
const VARIABLE = /\$([A-Za-z_]\w*)/y;
/** What opens, closes or divides a part in Mustache, Handlebars and Go templates. */
const CONTROL = /^(?:[#^/!>]|(?:if|else|end|range|with|define|template|block|each|unless)\b)/;

/** The placeholder that starts at `at`, outside of strings and comments. `bracketed`: inside of `[…]`, where a colon is a slice. */
export function placeholderAt(
  text: string,
  at: number,
  end: number,
  bracketed: boolean,
): Placeholder | undefined {
  const found = find(text, at, end, bracketed);
  return found && found.end <= end ? found : undefined;
}

function find(text: string, at: number, end: number, bracketed: boolean): Placeholder | undefined {
  const following = text.charCodeAt(at + 1);
  switch (text[at]) {
    case '{':
      if (following === 123) return mustache(text, at, end);
      if (following === 37) return enclosed(text, at, '%}', 'block');
      if (following === 35) return enclosed(text, at, '#}', 'remark');
      return match(BRACES, text, at);
    case '$':
      if (following === 123) return match(DOLLAR_BRACES, text, at);
      return following === 40 ? match(DOLLAR_PARENTHESES, text, at) : undefined;
    case '#':
      return following === 123 ? match(HASH_BRACES, text, at) : undefined;
    case '%':
      return match(PERCENT, text, at);
    case '@':
      return match(EXTENSION, text, at);
    case '<':
      return following === 37 ? erb(text, at) : undefined;
    case ':':
      return colon(text, at, bracketed);
    default:
      return undefined;
  }
}

/** Goose's `$NAME` between its ENVSUB annotations. */
export function variableAt(text: string, at: number): Placeholder | undefined {
  return match(VARIABLE, text, at);
}

function match(pattern: RegExp, text: string, at: number): Placeholder | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  // `${NAME:-default}` of a shell names NAME.
  return found
    ? {
        start: at,
        end: at + found[0].length,
        name: (found[1] ?? '').replace(/:[-=?+].*$/, '').trim(),
        form: 'plain',
      }
    : undefined;
}

/** Longer than any expression of a template: what opens and never closes must not be looked for to the end each time. */
const LONGEST = 4_000;

function enclosed(
  text: string,
  at: number,
  close: string,
  form: Placeholder['form'],
): Placeholder | undefined {
  const length = text.slice(at + 2, at + LONGEST).indexOf(close);
  if (length === -1) return undefined;
  const to = at + 2 + length;
  return {
    start: at,
    end: to + close.length,
    name: text
      .slice(at + 2, to)
      .replace(/^[-=~]|[-~]$/g, '')
      .trim(),
    form,
  };
}

function mustache(text: string, at: number, end: number): Placeholder | undefined {
  const triple = text.startsWith('{{{', at);
  const found = enclosed(text, at, triple ? '}}}' : '}}', 'plain');
  if (!found || found.end > end) return undefined;
  const name = found.name.replace(/^[{&.]\s*/, '').trim();
  return { ...found, name, form: CONTROL.test(name) ? 'block' : 'plain' };
}

/** `<%` and `%>` are operators of pg_trgm as well, so only `<%=` counts in the middle of a line. */
function erb(text: string, at: number): Placeholder | undefined {
  const isValue = text[at + 2] === '=';
  if (!isValue && !startsLine(text, at)) return undefined;
  return enclosed(text, at, '%>', isValue ? 'plain' : text[at + 2] === '#' ? 'remark' : 'block');
}

/** `a::text`, `f(a := 1)` and `list[1:n]` hold colons of SQL. */
function colon(text: string, at: number, bracketed: boolean): Placeholder | undefined {
  if (bracketed || text[at - 1] === ':') return undefined;
  const plain = match(COLON, text, at);
  if (plain) return plain;
  COLON_QUOTED.lastIndex = at;
  const quoted = COLON_QUOTED.exec(text);
  if (!quoted) return undefined;
  const [whole, literal, identifier] = quoted;
  return {
    start: at,
    end: at + whole.length,
    name: literal ?? identifier ?? '',
    form: literal === undefined ? 'identifier' : 'literal',
  };
}

/** Forms that nobody writes by accident in a string; graphile-migrate's names are in capitals. */
const INSIDE =
  /\{\{\s*(?:\.\s*)?([A-Za-z_][\w.:-]*)\s*\}\}|\$\{([A-Za-z_][\w.:-]*)\}|%\(([A-Za-z_]\w*)\)s|@(ext(?:schema|owner)(?::\w+)?)@|(?<![:\w]):([A-Z][A-Z0-9_]+)\b/g;

export interface InnerPlaceholder extends Placeholder {
  /** Surely meant as a placeholder, not merely a word behind a colon. */
  readonly certain: boolean;
}

/** Placeholders in a string, a quoted identifier or a routine's body. */
export function* placeholdersInside(text: string, span: Span): Generator<InnerPlaceholder> {
  const inner = text.slice(span.start, span.end);
  for (const found of inner.matchAll(INSIDE)) {
    const start = span.start + found.index;
    const name = found[1] ?? found[2] ?? found[3] ?? found[4] ?? found[5] ?? '';
    yield { start, end: start + found[0].length, name, form: 'plain', certain: found[5] === undefined };
  }
}

export type Values = (name: string) => string | undefined;

/** `schema: app` is the value of `schema`, `Schema` and `SCHEMA`; the exact spelling comes first. */
export function valuesOf(placeholders: Readonly<Record<string, string>>): Values {
  const exact = new Map(Object.entries(placeholders));
  const folded = new Map(Object.entries(placeholders).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => exact.get(name) ?? folded.get(name.toLowerCase());
}

/** A value as psql's documentation writes it (app-psql, "SQL Interpolation"). */
export function written(value: string, form: Placeholder['form']): string {
  if (form === 'literal') return `'${value.replaceAll("'", "''")}'`;
  return form === 'identifier' ? `"${value.replaceAll('"', '""')}"` : value;
}
