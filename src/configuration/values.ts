import { closest } from '../migration/did-you-mean.ts';
import type { ServerVersion, ShadowSettings } from './configuration.ts';
import { SHADOW_KINDS } from './configuration.ts';
import { globProblem } from './glob.ts';

/** A value that was understood, or what is wrong with it: text that follows the key's name and a colon. */
export type Checked<T> = { readonly value: T } | { readonly problem: string };

export interface DurationKey {
  /** Unit of a number without one. */
  readonly unit: 's' | 'ms';
  /** Milliseconds. */
  readonly least: number;
  /** Milliseconds. */
  readonly most: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', MINUTE],
  ['min', MINUTE],
  ['h', HOUR],
]);

/**
 * Limits. `lock_timeout` of 0 would wait for ever (runtime-config-client, "lock_timeout"), which is what
 * Airlock promises not to do; a statement may run without limit.
 */
export const DURATIONS = {
  lockTimeout: { unit: 's', least: 1, most: HOUR },
  statementTimeout: { unit: 's', least: 0, most: 7 * DAY },
  leaseTimeout: { unit: 's', least: 0, most: DAY },
  healthCheckTimeout: { unit: 's', least: 1, most: HOUR },
  maxDuration: { unit: 'ms', least: 1, most: 7 * DAY },
} as const satisfies Record<string, DurationKey>;

/** A number in the key's unit, or text with a unit: 500ms, 5s, 10m, 1h. Gives milliseconds. */
export function duration(written: string | number, key: DurationKey): Checked<number> {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(written));
  const [, amount, suffix] = match ?? [];
  const scale = UNITS.get(suffix === '' ? key.unit : (suffix ?? '').toLowerCase());
  if (amount === undefined || scale === undefined) {
    return {
      problem: `${shown(written)} is not a duration; write a number of ${unitName(key)}, or 500ms, 5s, 10m, 1h`,
    };
  }
  const value = Math.round(Number(amount) * scale);
  const bare = suffix === '';
  if (bare && key.unit === 'ms' && value > 0 && value < 1_000) {
    return {
      problem: `${amount} is in milliseconds, less than a second; write ${amount}s, or ${amount}ms if you mean that`,
    };
  }
  if (value > key.most) {
    const hint =
      bare && key.unit === 's'
        ? `; a number without a unit is in seconds, write ${amount}ms if you mean that`
        : '';
    return { problem: `${amount}${suffix || ` ${unitName(key)}`} is more than ${spoken(key.most)}${hint}` };
  }
  if (value < key.least) return { problem: `${shown(written)} is too short: at least ${spoken(key.least)}` };
  return { value };
}

function unitName(key: DurationKey): string {
  return key.unit === 's' ? 'seconds' : 'milliseconds';
}

/** Milliseconds in the largest unit that leaves no rest. */
function spoken(milliseconds: number): string {
  for (const [unit, size] of [
    ['h', HOUR],
    ['m', MINUTE],
    ['s', 1_000],
  ] as const) {
    if (milliseconds >= size && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}

/** PostgreSQL's major version (16) or an exact one (14.2, 9.6.24). */
export function serverVersion(written: string | number): Checked<ServerVersion> {
  const text = String(written).trim();
  const major = Number(/^(\d{1,2})(?:\.\d{1,2}){0,2}$/.exec(text)?.[1] ?? Number.NaN);
  if (!(major >= 9 && major <= 30))
    return { problem: `${shown(written)} is not a PostgreSQL version; write one like 16 or 14.2` };
  return { value: text === String(major) ? { major } : { major, serverVersion: text } };
}

/** A path inside the repository, without `./` in front and `/` behind; `''` is the root. */
export function repositoryPath(written: string): Checked<string> {
  if (written.trim() === '') return { problem: 'is empty; write a path, or . for the repository root' };
  if (hasControlCharacter(written)) return { problem: 'holds a control character' };
  if (written.includes('\\')) return { problem: `${shown(written)}: write / between folders, not \\` };
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  if (written.startsWith('/') || /^[A-Za-z]:/.test(written) || parts.includes('..')) {
    return {
      problem: `${shown(written)} leaves the repository; write a path relative to the repository root`,
    };
  }
  return { value: parts.join('/') };
}

/** A glob relative to the repository root that is matched in no time. */
export function glob(written: string): Checked<string> {
  const problem = globProblem(written);
  return problem === undefined ? { value: written } : { problem: `${shown(written)} ${problem}` };
}

/** A schema's name as `CREATE SCHEMA` would take it without quotes; sql-syntax-lexical: at most 63 bytes. */
export function schemaName(written: string): Checked<string> {
  if (!/^[a-z_][a-z0-9_$]{0,62}$/.test(written)) {
    return {
      problem: `${shown(written)} is not a plain schema name: lower-case letters, digits and _, at most 63`,
    };
  }
  if (written.startsWith('pg_') || written === 'information_schema') {
    return { problem: `${shown(written)} is reserved for PostgreSQL itself` };
  }
  return { value: written };
}

export function oneOf<const T extends string>(written: string, choices: readonly T[]): Checked<T> {
  const value = choices.find((choice) => choice === written);
  if (value !== undefined) return { value };
  return { problem: `${shown(written)} is not ${either(choices)}${didYouMean(written, choices)}` };
}

/** Passwords are let in from a variable or a flag, never from a file that is committed. */
export function shadow(
  written: string,
  passwords: 'allowed' | 'refused',
): Checked<Pick<ShadowSettings, 'kind' | 'url'>> {
  if (!written.includes('://')) {
    const kind = oneOf(written, SHADOW_KINDS);
    return 'value' in kind ? { value: { kind: kind.value } } : kind;
  }
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') {
    return {
      problem: `is not a PostgreSQL address; write ${either(SHADOW_KINDS)}, or postgres://host/database`,
    };
  }
  if (passwords === 'refused' && (url.password !== '' || url.searchParams.has('password'))) {
    return {
      problem:
        'holds a password, which does not belong in a file; put the address into the variable AIRLOCK_SHADOW',
    };
  }
  return { value: { kind: 'url', url: written } };
}

/** An address for an HTTP request that carries no secret in the usual places. */
export function httpUrl(written: string): Checked<string> {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    return { problem: 'is not an http:// or https:// address' };
  if (url.username !== '' || url.password !== '')
    return { problem: 'holds a password, which does not belong in a file' };
  return { value: written };
}

/** The name of an environment variable, where people are tempted to write its value. */
export function variableName(written: string): Checked<string> {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(written)) return { value: written };
  const what = written.includes('://') ? 'holds an address' : `${shown(written)} is not a variable's name`;
  return { problem: `${what}; addresses are kept in environment variables, write the variable's name here` };
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = closest(word, candidates);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** A value for a message: short, quoted, and never one that may carry a password. */
export function shown(value: unknown): string {
  if (typeof value === 'string' && /:\/\/|@/.test(value)) return 'an address';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = (typeof value === 'string' ? JSON.stringify(value) : String(value)).replace(/\p{Cc}/gu, '?');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
