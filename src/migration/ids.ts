/**
 * Sort keys out of versions as they are found in the field (unpadded, 8 and 14 digits mixed, 17 digits),
 * and the id a new migration gets. Versions are never read as dates to be ordered: some hold month 18.
 */

/** A key that sorts as text the way the digits sort as a number, however many there are. */
export function numericKey(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, '');
  return String(significant.length).padStart(3, '0') + significant;
}

/** A key in which every run of digits sorts as a number: file2 before file10. */
export function naturalKey(text: string): string {
  return text.replace(/\d+/g, numericKey);
}

/** How new ids are written. `digits` is the width; a timestamp is in UTC, unix is seconds (10) or milliseconds (13). */
export type IdStyle =
  | { readonly kind: 'timestamp'; readonly digits: 8 | 12 | 14 | 17 }
  | { readonly kind: 'unix'; readonly digits: 10 | 13 }
  | { readonly kind: 'number'; readonly digits: number };

export const TIMESTAMP: IdStyle = { kind: 'timestamp', digits: 14 };

/**
 * An id in the style of `last` that is a greater number. `fallback` is the style where there is no last one.
 * Only the digits that `last` begins with count.
 */
export function idAfter(last: string | undefined, now: Date, fallback: IdStyle): string {
  const digits = /^\d+/.exec(last ?? '')?.[0];
  if (digits === undefined) return first(fallback, now);
  const style = styleOf(digits);
  if (style.kind !== 'number') {
    const candidate = first(style, now);
    if (BigInt(candidate) > BigInt(digits)) return candidate;
    const second = style.digits === 14 ? secondAfter(digits) : undefined;
    if (second !== undefined) return second;
  }
  return (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
}

/** The same for layouts whose ids are compared as text, where 10000 comes before 9999. */
export function idAfterAsText(last: string | undefined, now: Date, fallback: IdStyle): string {
  const candidate = idAfter(last, now, fallback);
  if (last === undefined || candidate > last) return candidate;
  // A longer text comes after each of its own beginnings: not pretty, but nothing else always sorts after `last`.
  return `${last}0`;
}

function first(style: IdStyle, now: Date): string {
  if (style.kind === 'number') return '1'.padStart(style.digits, '0');
  if (style.kind === 'timestamp') return timestamp(now).slice(0, style.digits);
  const milliseconds = now.getTime();
  return String(style.digits === 10 ? Math.floor(milliseconds / 1000) : milliseconds);
}

/** YYYYMMDDHHMMSS and milliseconds, in UTC. */
function timestamp(date: Date): string {
  return date.toISOString().replace(/\D/g, '');
}

function styleOf(digits: string): IdStyle {
  const dated = /^(?:19|20|21)\d\d/.test(digits);
  switch (digits.length) {
    case 14:
    case 17:
      return { kind: 'timestamp', digits: digits.length };
    case 8:
    case 12:
      return dated ? { kind: 'timestamp', digits: digits.length } : { kind: 'number', digits: digits.length };
    case 10:
    case 13:
      return digits.startsWith('1')
        ? { kind: 'unix', digits: digits.length }
        : { kind: 'number', digits: digits.length };
    default:
      return { kind: 'number', digits: digits.length };
  }
}

/** The next second after a timestamp of 14 digits; undefined where it is no date. */
function secondAfter(digits: string): string | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const next = timestamp(new Date(milliseconds + 1000)).slice(0, 14);
  return BigInt(next) > BigInt(digits) ? next : undefined;
}
