import type { Result } from './result.ts';

/**
 * The one redactor. Two sorts of secrets are taken out: those that were told (environment variables, inputs),
 * in each spelling they are likely to be met in, and those that look like one (passwords in addresses and
 * settings, tokens with a known prefix). `mask` gives what stands in a secret's place: `***` where it is not told.
 */
export type Redactor = (text: string, mask?: (secret: string) => string) => string;

/** A told secret shorter than this is left alone: taking out every `a` would hide the text, and show the secret. */
const SHORTEST = 4;

// Every repetition is bounded: hostile text must not be able to make the search slow.
const PATTERNS: readonly RegExp[] = [
  // scheme://user:password@host; a password with @ or / in it reaches to the last @ before white space or a quote.
  /(?<=\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,256}:)[^\s@]{1,512}(?:@[^\s@'"`<>,]{0,512}(?=@)){0,8}(?=@)/gi,
  // The same percent-encoded as a whole, as in a query string.
  /(?<=\b[a-z][a-z0-9+.-]{0,30}%3a%2f%2f(?:(?!%3a|%40)[^\s&]){0,256}%3a)(?:(?!%40)[^\s&]){1,512}(?=%40)/gi,
  // password=… of libpq's connection strings, of queries in addresses and of the environment.
  /(?<=(?:password|passwd|passphrase|pwd|secret_access_key|session_token|api_key|apikey|auth_token|access_token|client_secret|encryption_key)["']?\s{0,8}[=:]\s{0,8})'(?:[^'\\]|\\.|''){0,512}'/gi,
  /(?<=(?:password|passwd|passphrase|pwd|secret_access_key|session_token|api_key|apikey|auth_token|access_token|client_secret|encryption_key)["']?\s{0,8}[=:]\s{0,8})"(?:[^"\\]|\\.){0,512}"/gi,
  /(?<=(?:password|passwd|passphrase|pwd|secret_access_key|session_token|api_key|apikey|auth_token|access_token|client_secret|encryption_key)=)[^\s'"&;,)]{1,512}/gi,
  /(?<=password\s{1,8}=\s{1,8}|password\s{1,8}=|password=\s{1,8})(?!null\b|default\b|\$\d|(?:new|old|excluded)\.|[a-z_][\w.]{0,63}\()[^\s'"&;,)]{1,512}/gi,
  // CREATE ROLE … PASSWORD '…', IDENTIFIED BY '…'.
  /(?<=\b(?:password|identified\s{1,8}by)\s{1,8}E?)'(?:[^'\\]|\\.|''){1,512}'/gi,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(?<=\bbearer\s{1,8})[A-Za-z0-9._~+/=-]{8,2048}/gi,
];

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const told = spellings(secrets);
  const known = told.length > 0 ? new RegExp(told.map(escapeForPattern).join('|'), 'g') : undefined;
  return (text, mask = () => '***') => {
    // A mask that has been set is not a secret: replacing it again would let its length grow.
    const once = (secret: string): string => (/^['"]?\*+['"]?$/.test(secret) ? secret : mask(secret));
    let clean = known ? text.replace(known, once) : text;
    for (const pattern of PATTERNS) clean = clean.replace(pattern, once);
    return clean;
  };
}

/** A copy of the result without secrets; a replacement that would have to be changed is left out, as it would write `***` into a file. */
export function redactResult(result: Result, redact: Redactor): Result {
  const findings = result.findings.map((finding) => {
    const { replacement, ...rest } = finding;
    return replacement && redact(replacement.text) === replacement.text ? finding : rest;
  });
  return redactStrings({ ...result, findings }, redact);
}

function redactStrings<T>(value: T, redact: Redactor): T;
function redactStrings(value: unknown, redact: Redactor): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactStrings(item, redact)]));
}

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
