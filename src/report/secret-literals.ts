import type { Span } from '../sql/source.ts';

/**
 * Names whose value is a secret, as settings, columns, keys of JSON or YAML and words of SQL spell them; with
 * anything before them: PGPASSWORD, AWS_SECRET_ACCESS_KEY.
 */
const NAME =
  /pass(?:word|wd|phrase)|pwd|secret[-_]?(?:access[-_]?)?key|(?:session|auth|access|refresh)[-_]?token|(?:api|encryption|private)[-_]?key|client[-_]?secret|identified\s{1,8}by/gi;

/** Characters of the longest value, and of the longest comment before one: so that no text makes the search slow. */
const LONGEST = 4_096;
const LONGEST_TRIVIA = 1_000;

/**
 * The values that stand behind such a name: `PASSWORD 'x'` in each spelling of a literal (E'', U&'', $$ $$, carried
 * on on the next line, doubled quotes of dynamic SQL) and with comments between (sql-syntax-lexical), `password=x`,
 * `"password": "x"`, `API_KEY: x`. In order; quotes belong to the value.
 */
export function secretValues(text: string): Span[] {
  const found: Span[] = [];
  NAME.lastIndex = 0;
  for (let match = NAME.exec(text); match; match = NAME.exec(text)) {
    const value = valueAfter(text, match.index, match.index + match[0].length);
    if (!value) continue;
    found.push(value);
    NAME.lastIndex = value.end;
  }
  return found;
}

const SEPARATOR = /:=|=>|[=:]|to\b/iy;
const ARGUMENT = /'\s{0,8},/y;

function valueAfter(text: string, name: number, end: number): Span | undefined {
  const named = text[end] === '\\' ? end + 1 : end;
  const quoted = text[named] === '"' || text[named] === "'" ? named + 1 : named;
  const before = afterTrivia(text, quoted);
  SEPARATOR.lastIndex = before;
  const separator = SEPARATOR.exec(text)?.[0];
  if (separator !== undefined) {
    const behind = before + separator.length;
    const at = afterTrivia(text, behind);
    return literalAt(text, at) ?? plainValue(text, { separator, spaced: before > end, behind, at });
  }
  if (text[end] === "'") {
    ARGUMENT.lastIndex = end;
    const argument = ARGUMENT.exec(text);
    // set_config('app.password', 'x', false)
    if (argument && /set_config\s{0,8}\(\s{0,8}'[\w.]{0,60}$/i.test(text.slice(Math.max(0, name - 90), name)))
      return literalAt(text, afterTrivia(text, end + argument[0].length));
    // PASSWORD'x', which is not the end of 'the password'.
    return /^'[\s,);:|=\]'-]/.test(text.slice(end, end + 2)) ? undefined : literalAt(text, end);
  }
  const at = afterTrivia(text, text[end] === '"' ? end + 1 : end);
  // The next literal may be a sentence that ends here: 'enter your password ', 'next'.
  if (at === end || /^'\s*(?:[,;]\s|\)[\s;,)]|\|\|)/.test(text.slice(at, at + 12))) return undefined;
  return literalAt(text, at, false);
}

/** Past white space and comments. */
function afterTrivia(text: string, from: number): number {
  let at = from;
  const most = from + LONGEST_TRIVIA;
  while (at < most) {
    const character = text.charCodeAt(at);
    if (character === 32 || (character >= 9 && character <= 13)) at += 1;
    else if (text.startsWith('--', at)) at = until(text, '\n', at, most) ?? most;
    else if (text.startsWith('/*', at)) at = until(text, '*/', at + 2, most) ?? most;
    else break;
  }
  return at;
}

/** One past the next `mark`; undefined where there is none before `most`. */
function until(text: string, mark: string, from: number, most: number): number | undefined {
  const found = text.slice(from, most).indexOf(mark);
  return found === -1 ? undefined : from + found + mark.length;
}

const PREFIX = /(?:[ebnx]|u&)(?=')/iy;
const DOLLAR = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]{0,63})?\$/iy;

/** `doubleQuotes`: JSON and YAML write values in them, SQL never does. */
function literalAt(text: string, from: number, doubleQuotes = true): Span | undefined {
  PREFIX.lastIndex = from;
  const prefix = PREFIX.exec(text)?.[0] ?? '';
  const start = from + prefix.length;
  if (text[start] === "'") {
    const end = singleQuoted(text, start, /^e$/i.test(prefix));
    return end === undefined ? undefined : { start, end };
  }
  DOLLAR.lastIndex = start;
  const tag = DOLLAR.exec(text)?.[0];
  if (tag !== undefined) {
    const inside = start + tag.length;
    const end = until(text, tag, inside, inside + LONGEST);
    // Else the body of a function ends here: … WHERE password = $1 $$ LANGUAGE sql;
    return end === undefined || /^\s*(?:language\b|;)/i.test(text.slice(inside, inside + 20))
      ? undefined
      : { start, end };
  }
  if (!doubleQuotes) return undefined;
  const escaped = text.startsWith('\\"', start);
  if (!escaped && text[start] !== '"') return undefined;
  return { start, end: doubleQuoted(text, start, escaped ? '\\"' : '"') };
}

/** Undefined for an empty literal. What has no end is a secret as far as one may reach. */
function singleQuoted(text: string, start: number, escapes: boolean): number | undefined {
  let run = 1;
  while (run < 64 && text[start + run] === "'") run += 1;
  const most = Math.min(text.length, start + LONGEST);
  // Dynamic SQL: '… PASSWORD ''x'' …'.
  if (run % 2 === 0) {
    if (/^(?:[\s,;)&]|$)/.test(text.slice(start + run, start + run + 1))) return undefined;
    return until(text, "'".repeat(run), start + run, most) ?? most;
  }
  for (let at = start + 1; at < most; at += 1) {
    if (text[at] === '\\' && (escapes || (text[at + 1] === "'" && !endsValue(text, at + 2)))) at += 1;
    else if (text[at] === "'" && text[at + 1] === "'") at += 1;
    else if (text[at] === "'") {
      const more = /^[^\S\n]*\n\s*'/.exec(text.slice(at + 1, at + 200))?.[0].length;
      if (more === undefined) return at + 1;
      // 'a' and 'b' on the next line are one literal.
      at += more;
    }
  }
  return most;
}

function endsValue(text: string, at: number): boolean {
  return at >= text.length || /[\s;,)&]/.test(text[at] ?? '');
}

/** Never past the end of its line, where it has no end. */
function doubleQuoted(text: string, start: number, mark: string): number {
  const most = Math.min(text.length, start + LONGEST);
  for (let at = start + mark.length; at < most; at += 1) {
    if (text.startsWith(mark, at)) return at + mark.length;
    if (text[at] === '\n') return at;
    if (text[at] === '\\') at += 1;
  }
  return most;
}

const PLAIN = /[^\s'"&;,)]{1,512}/y;
/** What stands there in SQL, and is no secret. */
const CODE = /^(?:null\b|default\b|\$\d|(?:new|old|excluded)\.|[a-z_][\w.]{0,63}\()/i;

/** A value without quotes; a word like any other is none. */
function plainValue(
  text: string,
  place: { separator: string; spaced: boolean; behind: number; at: number },
): Span | undefined {
  const { separator, behind, at } = place;
  if (at - behind > 8 || text.startsWith('--', behind) || text.startsWith('/*', behind)) return undefined;
  PLAIN.lastIndex = at;
  const value = PLAIN.exec(text)?.[0];
  if (value === undefined) return undefined;
  const spaced = place.spaced || at > behind;
  if (separator === '=' && (!spaced || !CODE.test(value))) return { start: at, end: at + value.length };
  if (separator === ':' && value.length >= 6 && /[\d!@#$%^*+/=~]/.test(value) && !CODE.test(value))
    return { start: at, end: at + value.length };
  return undefined;
}

const PEM = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const LONGEST_KEY = 32_768;

/** What stands between the first and the last line of private keys in PEM form (RFC 7468), in order. */
export function privateKeys(text: string): Span[] {
  const found: Span[] = [];
  let last = 0;
  PEM.lastIndex = 0;
  for (let match = PEM.exec(text); match; match = PEM.exec(text)) {
    const start = PEM.lastIndex;
    // Looked for once, not from each first line anew.
    if (last !== -1 && last < start) last = text.indexOf('-----END', start);
    const whole = last !== -1 && last - start <= LONGEST_KEY;
    // Cut off: as far as it looks like one.
    const end = whole ? last : start + cutOff(text.slice(start, start + LONGEST_KEY));
    if (end > start) found.push({ start, end });
    PEM.lastIndex = end;
  }
  return found;
}

function cutOff(text: string): number {
  return /^[A-Za-z0-9+/=\s\\]*/.exec(text)?.[0].length ?? 0;
}
