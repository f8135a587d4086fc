import { SourceFile, type Span } from '../sql/source.ts';
import type { Result } from './result.ts';
import { privateKeys, secretValues } from './secret-literals.ts';
import { SECRET_PATTERNS } from './secret-patterns.ts';

/**
 * The one redactor. Two sorts of secrets are taken out: those that were told (environment variables, inputs),
 * in each spelling they are likely to be met in, and those that look like one (passwords in addresses and
 * settings, tokens with a known prefix). `mask` gives what stands in a secret's place: `***` where it is not told.
 */
export type Redactor = (text: string, mask?: (secret: string) => string) => string;

/** A word such as `postgres`, the password of many a development database: taking it out would hide the text, and keep no secret. */
const DEFAULT_WORD = /^[a-z]{1,12}$/;

/** Values of an environment that no output may hold, whatever brought them there. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined &&
    !DEFAULT_WORD.test(value) &&
    /(?:(?:^|_)(?:KEY|TOKEN|SECRET|WEBHOOK|DSN)|PASSWORD|DATABASE_URL|DIRECT_URL|AIRLOCK_SHADOW)$/.test(name)
      ? [value]
      : [],
  );
}

/** A told secret shorter than this is left alone: taking out every `a` would hide the text, and show the secret. */
const SHORTEST = 4;

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const told = spellings(secrets);
  const known = told.length > 0 ? new RegExp(told.map(escapeForPattern).join('|'), 'g') : undefined;
  return (text, mask = () => '***') => {
    // A mask that has been set is not a secret: replacing it again would let its length grow.
    const once = (secret: string): string => (/^['"]?[*\r\n]+['"]?$/.test(secret) ? secret : mask(secret));
    let clean = known ? text.replace(known, once) : text;
    clean = replaced(clean, privateKeys(clean), once);
    clean = replaced(clean, secretValues(clean), once);
    for (const pattern of SECRET_PATTERNS)
      clean = clean.replace(pattern, (_, before: string, secret: string) => before + once(secret));
    return clean;
  };
}

function replaced(text: string, spans: readonly Span[], mask: (secret: string) => string): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(from, start), mask(text.slice(start, end)));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

/** Stars in place of a secret that leave every line and column of the text where it was. */
function inPlace(secret: string): string {
  return secret.replace(/[^\r\n]/g, '*');
}

/** What each file looks like without its secrets, for as long as somebody holds the file. */
const masked = new WeakMap<Redactor, WeakMap<SourceFile, SourceFile>>();

/**
 * The same file, line by line and column by column, without its secrets. Made of the whole text, because a secret
 * may be told by a line above it, and once a file, because findings are many.
 */
export function maskedSource(source: SourceFile, redact: Redactor | undefined): SourceFile {
  if (!redact) return source;
  const files = masked.get(redact) ?? new WeakMap<SourceFile, SourceFile>();
  masked.set(redact, files);
  const before = files.get(source);
  if (before) return before;
  const text = redact(source.text, inPlace);
  const file = text === source.text ? source : new SourceFile(source.path, text);
  files.set(source, file);
  return file;
}

/** A copy of the result without secrets; a replacement that would have to be changed is left out, as it would write `***` into a file. */
export function redactResult(result: Result, redact: Redactor): Result {
  // Most texts of a result stand in it many times: reasons, rules, paths.
  const seen = new Map<string, string>();
  const clean: Redactor = (text) => {
    const known = seen.get(text);
    if (known !== undefined) return known;
    const made = redact(text);
    seen.set(text, made);
    return made;
  };
  const findings = result.findings.map((finding) => {
    const { replacement, ...rest } = finding;
    return replacement && clean(replacement.text) === replacement.text ? finding : rest;
  });
  return redactStrings({ ...result, findings }, clean);
}

function redactStrings<T>(value: T, redact: Redactor): T;
function redactStrings(value: unknown, redact: Redactor): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      PROPERTY.test(key) ? key : redact(key),
      redactStrings(item, redact),
    ]),
  );
}

/** What the document itself names; other keys are names of tables, with their schema. */
const PROPERTY = /^[A-Za-z]+$/;

/** Longest first, so that an address goes as a whole before the password in it. */
function spellings(secrets: readonly string[]): string[] {
  const all = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, secret.trim(), ...passwordsIn(secret), ...linesOf(secret)]) {
      const encoded = encodeURIComponent(part.toWellFormed());
      all.add(part);
      all.add(encoded);
      all.add(encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()));
      all.add(encoded.replaceAll('%20', '+'));
      all.add(JSON.stringify(part).slice(1, -1));
      all.add(Buffer.from(part, 'utf8').toString('base64'));
    }
  }
  return [...all]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** The password of an address that is a secret as a whole, as written and as meant. */
function passwordsIn(secret: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(.*)@/is.exec(secret)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch (error) {
    // A stray % is no encoding: then the password is what is written.
    if (error instanceof URIError) return [password];
    throw error;
  }
}

/** A key in PEM form is printed line by line. */
function linesOf(secret: string): string[] {
  return secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
