import { createHmac, timingSafeEqual } from 'node:crypto';

/** What one person consented to. */
export interface Consent {
  /** Of the plan, 64 hex digits; it tells up from down. */
  readonly digest: string;
  readonly environment: string;
  readonly head: HistoryHead;
  /** Of the checkout that the approver looked at; undefined where it is none of git's. */
  readonly commit: string | undefined;
  readonly approver: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
}

/** Which database, and where its history ended: ids of its newest rows, 0 where there is none. */
export interface HistoryHead {
  readonly history: number;
  readonly rollbacks: number;
  /**
   * Hash of the first row of its audit log, which no two installations share; a copy of the whole database does.
   * Empty before the system tables are there.
   */
  readonly database: string;
}

/** Characters of APPROVAL_KEY; a shorter one can be guessed. */
export const SHORTEST_KEY = 32;

const PREFIX = 'airlock1';

/** A consent with the HMAC-SHA-256 of its text: who knows the key made it, and nothing of it was changed since. */
export function signConsent(consent: Consent, key: string): string {
  const { digest, environment, head, commit, approver, expires } = consent;
  const { history, rollbacks, database } = head;
  const told = [digest, environment, history, rollbacks, database, commit ?? null, approver, expires];
  const text = Buffer.from(JSON.stringify(told), 'utf8').toString('base64url');
  return `${PREFIX}.${text}.${mac(text, key).toString('base64url')}`;
}

/** Undefined: it is no token, or was signed with another key. */
export function readConsent(token: string, key: string): Consent | undefined {
  const [prefix, text, signature, ...rest] = token.split('.');
  if (prefix !== PREFIX || text === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = mac(text, key);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  // Whoever signed it wrote it so.
  const [digest, environment, history, rollbacks, database, commit, approver, expires] = JSON.parse(
    Buffer.from(text, 'base64url').toString('utf8'),
  );
  const head = { history, rollbacks, database };
  return { digest, environment, head, commit: commit ?? undefined, approver, expires };
}

function mac(text: string, key: string): Buffer {
  return createHmac('sha256', key).update(`${PREFIX}.${text}`, 'utf8').digest();
}
