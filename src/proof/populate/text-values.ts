import { fitsRegex, sampleLike, sampleRegex } from './sample-pattern.ts';
import type { ColumnWishes } from './wishes.ts';

/** For a column of texts: what its name lets one expect, and another one for each number. */
type Kind = readonly [name: RegExp, text: (number: number) => string];

/** The first whose name fits and whose text fits the column's length. */
const KINDS: readonly Kind[] = [
  [/e_?mail|(^|_)mail$/, (n) => `person${n}@example.com`],
  [/(url|uri|href|website|link|webhook|homepage|origin)s?$/, (n) => `https://example.com/${n}`],
  [/(phone|mobile|fax|tel)(_?(number|no))?$/, (n) => `+1555${pad(n, 7)}`],
  [/(uuid|guid)$/, uuid],
  [/^(id|key)$|_?id$/, uuid],
  [/country(_?code)?$/, (n) => pick(COUNTRIES, n)],
  [/currency(_?code)?$/, (n) => pick(CURRENCIES, n)],
  [/(locale|lang|language)(_?code)?$/, (n) => pick(LOCALES, n)],
  [/time_?zone$|^tz$/, (n) => pick(ZONES, n)],
  [/(^|_)(ip|ip_?addr(ess)?)$/, (n) => `192.0.2.${n % 256}`],
  [/(zip|postal|postcode)/, (n) => (n % 3 === 0 ? `AB${n} 1CD` : pad(10_000 + n, 5))],
  [/colou?r$/, (n) => `#${(0x0a0a0a + n).toString(16).padStart(6, '0')}`],
  [/(hash|digest|checksum|sha\d*|md5|token|secret|signature|salt)$/, (n) => hex(n, 64)],
  [/pass(word)?/, (n) => hex(n, 60)],
  [
    /(json|metadata|meta|payload|settings|config(uration)?|options|properties|params|parameters|attributes|extra|data|body)$/,
    (n) => `{"n": ${n}}`,
  ],
  [/(_at|_on|date|timestamp|_time|expires|expiry)$/, (n) => isoDay(n)],
  [
    /^(is|has|can|allow)_|(enabled|active|deleted|verified|visible)$/,
    (n) => (n % 2 === 0 ? 'true' : 'false'),
  ],
  [
    /(amount|price|cost|total|count|quantity|qty|number|num|age|year|size|weight|score|rate|balance|port|position|order|index)$/,
    (n) => String(10 + n),
  ],
  [/first_?name|given_?name/, (n) => `Ada${n}`],
  [/last_?name|family_?name|surname/, (n) => `Byron${n}`],
  [/mime|content_?type|media_?type/, () => 'text/plain'],
  [/(file|file_?name|path|image|avatar|photo|logo|icon)$/, (n) => `file${n}.png`],
  [/version$/, (n) => `1.0.${n}`],
  [/slug|handle|user_?name|login|nick/, (n) => `name-${n}`],
  [/code$|^iso/, (n) => `C${pad(n, 3)}`],
];

const COUNTRIES = ['DE', 'FR', 'GB', 'US', 'JP', 'BR', 'IN', 'NG', 'AU', 'CA', 'ES', 'IT'];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY', 'CHF', 'SEK', 'INR', 'BRL', 'AUD', 'CAD', 'NGN', 'PLN'];
const LOCALES = ['de', 'fr', 'en', 'es', 'it', 'ja', 'pt', 'nl', 'sv', 'pl', 'da', 'fi'];
const ZONES = ['Europe/Berlin', 'UTC', 'America/New_York', 'Asia/Tokyo', 'Africa/Lagos', 'Australia/Sydney'];

/** The words that a default is taken from rather than made up: 'draft' says more than 'status 3'. */
export const CATEGORY =
  /(status|state|type|kind|role|level|mode|category|method|source|visibility|plan|tier|phase|stage)$/;

/**
 * A text for a column, which fits its wishes; undefined where none was found.
 *
 * @param name of the column, in words parted by underscores
 * @param number another one gives another text, as far as there is room
 * @param most characters that fit the type
 */
export function textValue(
  name: string,
  number: number,
  most: number,
  wishes: ColumnWishes,
): string | undefined {
  const longest = Math.min(most, wishes.longest ?? most);
  const shortest = Math.min(wishes.shortest ?? 0, 100_000);
  if (shortest > longest) return undefined;
  if (wishes.among) return takeTurns(wishes.among, number);
  for (const text of candidates(name, number, longest, shortest, wishes)) {
    const spelled = spell(text, wishes.spelled);
    const long = spelled.length < shortest ? spelled.padEnd(shortest, 'x') : spelled;
    if (long.length > longest || wishes.notAmong?.includes(long)) continue;
    if (wishes.matches === undefined || long === spelled) return long;
  }
  return undefined;
}

function* candidates(
  name: string,
  number: number,
  longest: number,
  shortest: number,
  { matches, like, least, most }: ColumnWishes,
): Generator<string> {
  const plain = plainTexts(name, number, longest);
  if (matches !== undefined) {
    for (const text of plain) if (text.length >= shortest && fitsRegex(matches, text)) yield text;
    const sample = sampleRegex(matches, number, shortest, longest);
    if (sample === undefined) return;
    if (fitsRegex(matches, `${sample}${number}`)) yield `${sample}${number}`;
    yield sample;
  } else if (like !== undefined) {
    yield sampleLike(like, `n${number}`);
    yield sampleLike(like, number.toString(36));
    yield sampleLike(like, '');
  } else if (least) yield `${least.value}${number.toString(36)}`;
  // Digits sort before letters.
  else if (most) yield `0${number.toString(36)}`;
  else yield* plain;
}

/** The text that the name stands for, and what is left of it where there is less room. */
function plainTexts(name: string, number: number, longest: number): string[] {
  const fitting = KINDS.flatMap(([pattern, text]) => {
    const made = pattern.test(name) ? text(number) : '';
    return made !== '' && made.length <= longest ? [made] : [];
  });
  const words = `${name.replaceAll(/[^a-z0-9]+/g, ' ').trim() || 'text'} ${number}`;
  const short = number.toString(36);
  return [
    ...fitting.slice(0, 1),
    words,
    `n${pad(number, 3)}`,
    `v${short}`,
    pad(number, 1),
    short,
    short.slice(-1),
  ].filter((text) => text.length <= longest);
}

function spell(text: string, as: ColumnWishes['spelled']): string {
  if (as === undefined) return text;
  return as === 'lower' ? text.toLowerCase() : text.toUpperCase();
}

/** One after the other, and shifted by one after each round: every second row does not always have the same one. */
export function takeTurns<T>(from: readonly T[], number: number): T | undefined {
  return from[(number + Math.floor(number / from.length)) % from.length];
}

/** A version 4 UUID, larger for a larger number. */
export function uuid(number: number): string {
  return `a1c0${pad(number, 4, 16)}-0000-4000-8000-${pad(number, 12, 16)}`;
}

/** Days from the first of January 2024 on. */
function isoDay(days: number): string {
  return new Date(Date.UTC(2024, 0, 1) + days * 86_400_000).toISOString().slice(0, 10);
}

function pad(number: number, width: number, base = 10): string {
  return number.toString(base).padStart(width, '0').slice(-width);
}

function hex(number: number, width: number): string {
  return `${'0a1b2c3d4e5f'.repeat(6).slice(0, width - 8)}${pad(number, 8, 16)}`;
}

function pick(from: readonly string[], number: number): string {
  return from[number % from.length] ?? '';
}
