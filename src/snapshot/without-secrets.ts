import { privateKeys } from '../report/secret-literals.ts';
import { SECRET_PATTERNS } from '../report/secret-patterns.ts';

/** A told secret that is shorter may be part of a name. */
const SHORTEST = 8;

/** Strings that libpq connects by, as dblink and servers' options have them; in both orders. */
const CONNECTIONS: readonly RegExp[] = [
  /(\b(?:host|hostaddr|dbname|user|port)=[^\s']{1,256}[^'\n]{0,512}\bpassword=)([^\s']{1,512})/gi,
  /(\bpassword=)([^\s']{1,512})(?=\s[^'\n]{0,512}\b(?:host|hostaddr|dbname|user|port)=)/gi,
];

/**
 * A schema whose SQL still runs, without what only looks like one thing. What the redactor of the reports takes out
 * besides (a value behind a name such as api_key) is code here: `api_key = 'x'::text` would not run without it.
 *
 * @param told values that no file may hold
 */
export function withoutSecrets(schema: string, told: readonly string[]): string {
  let clean = schema;
  for (const secret of told) if (secret.length >= SHORTEST) clean = clean.replaceAll(secret, '***');
  for (const { start, end } of privateKeys(clean).toReversed())
    clean = `${clean.slice(0, start)}***${clean.slice(end)}`;
  for (const pattern of [...SECRET_PATTERNS, ...CONNECTIONS])
    clean = clean.replace(pattern, (_, before: string) => `${before}***`);
  return clean;
}
