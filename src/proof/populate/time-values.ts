import { type ColumnWishes, comparable } from './wishes.ts';

const DAY = 86_400_000;
/** Days between two rows: what stands above another column in the row comes a day later. */
const APART = 5;
/** Rows. */
const TURN = 146;
/** Fixed, as the same database gets the same rows on every day; what is not said to lie ahead lies behind. */
const BEGIN = Date.UTC(2024, 0, 1, 8);
const PAST = Date.UTC(1990, 0, 1, 8);
const FUTURE = Date.UTC(2090, 0, 1, 8);

/**
 * A date, or
 *
 * @param rows that are to be spread where there are bounds
 */
export function timeValue(
  type: 'date' | 'timestamp' | 'timestamptz',
  number: number,
  rows: number,
  wishes: ColumnWishes,
): string | undefined {
  const low = bound(wishes.least, Number.NEGATIVE_INFINITY);
  const high = bound(wishes.most, Number.POSITIVE_INFINITY);
  const rank = wishes.rank ?? 0;
  const begin = wishes.time === 'past' ? PAST : wishes.time === 'future' ? FUTURE : BEGIN;
  let at = begin + (APART * (number % TURN) + rank) * DAY + Math.floor(number / TURN) * 60_000;
  if (at < low || at > high) at = between(low, high, number, rows, rank);
  if (type === 'date') {
    at = Math.floor(at / DAY) * DAY;
    if (at < low || (at === low && wishes.least?.strict)) at += DAY;
    if (at > high || (at === high && wishes.most?.strict)) return undefined;
  }
  const [day = '', time = ''] = new Date(at).toISOString().slice(0, 19).split('T');
  return type === 'date' ? day : `${day} ${time}${type === 'timestamptz' ? '+00' : ''}`;
}

function between(low: number, high: number, number: number, rows: number, rank: number): number {
  const turn = (number % rows) + 1;
  if (high === Number.POSITIVE_INFINITY) return low + (APART * turn + rank) * DAY;
  if (low === Number.NEGATIVE_INFINITY) return high - (APART * (rows + 1 - turn) - rank) * DAY;
  const apart = (high - low) / (rows + 1);
  return low + apart * turn + Math.min(rank * DAY, (apart / 10) * rank);
}

/** Milliseconds since 1970; without end where there is no bound, or one that cannot be read (infinity). */
function bound(wish: ColumnWishes['least'], without: number): number {
  const value = wish ? comparable(wish.value) : Number.NaN;
  return Number.isNaN(value) ? without : value;
}
