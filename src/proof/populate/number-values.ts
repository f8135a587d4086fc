import type { Place } from './values.ts';
import { type ColumnWishes, comparable } from './wishes.ts';

/** What a type of numbers holds. */
export interface NumberType {
  readonly low: number;
  readonly high: number;
  /** Digits after the point. */
  readonly scale: number;
}

const WIDE = { low: -9_000_000_000_000_000, high: 9_000_000_000_000_000 };
const NUMBER_TYPES: Readonly<Record<string, NumberType>> = {
  int2: { low: -32_768, high: 32_767, scale: 0 },
  int4: { low: -2_147_483_648, high: 2_147_483_647, scale: 0 },
  int8: { ...WIDE, scale: 0 },
  oid: { low: 0, high: 4_294_967_295, scale: 0 },
  xid: { low: 3, high: 4_294_967_295, scale: 0 },
  xid8: { ...WIDE, low: 3, scale: 0 },
  cid: { low: 0, high: 4_294_967_295, scale: 0 },
  float4: { low: -1_000_000, high: 1_000_000, scale: 2 },
  float8: { ...WIDE, scale: 2 },
  money: { low: -90_000_000_000_000, high: 90_000_000_000_000, scale: 2 },
};

/** Undefined: not a type of numbers. The modifier is that of numeric(p, s) (datatype-numeric). */
export function numberType(name: string, modifier: number): NumberType | undefined {
  if (name !== 'numeric') return NUMBER_TYPES[name];
  if (modifier < 4) return { ...WIDE, scale: 2 };
  const precision = ((modifier - 4) >> 16) & 0xffff;
  // Eleven bits, with a sign since PostgreSQL 15.
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  const high = Math.min(10 ** (precision - scale) - 10 ** -scale, WIDE.high);
  return { low: -high, high, scale };
}

/** Where keys begin: far from those that migrations write out themselves, and within what a smallint holds that refers to them. */
const KEYS = 20_000;

/** Columns whose numbers stay within bounds that everybody knows. */
const KINDS: readonly (readonly [name: RegExp, value: (number: number) => number])[] = [
  [/(priority|level|rating|stars|rank|tier|severity|importance)$/, (n) => 1 + (n % 3)],
  [/(percent|percentage|progress)$/, (n) => (10 * n) % 101],
  [/(^|_)year$/, (n) => 2020 + (n % 5)],
  [/(^|_)month$/, (n) => 1 + (n % 12)],
  [/(^|_)day$/, (n) => 1 + (n % 28)],
  [/(^|_)(hour|weekday|dow)$/, (n) => n % 7],
  [/(^|_)lat(itude)?$/, (n) => 40 + (n % 40) / 4],
  [/(^|_)(lon|lng|long|longitude)$/, (n) => 10 + (n % 40) / 4],
];

/** A number for one row: ten apart, so that there is room between two of them for what stands above it in the row. */
export function numberValue(
  type: NumberType,
  { name, number, rows, key, wishes }: Place,
): string | undefined {
  const decimals = Math.max(0, Math.min(type.scale, 6));
  const step = type.scale < 0 ? 10 ** -type.scale : 10 ** -decimals;
  const least = bound(wishes.least, step);
  const most = bound(wishes.most, -step);
  const low = Math.max(type.low, least ?? type.low);
  const high = Math.min(type.high, most ?? type.high);
  if (low > high) return undefined;
  const rank = wishes.rank ?? 0;
  const part = decimals > 0 ? 0.25 : 0;
  for (let turn = 0; turn < 3; turn++) {
    const at = number + turn * rows;
    const known =
      wishes.rank === undefined ? KINDS.find(([pattern]) => pattern.test(name))?.[1](at) : undefined;
    const plain = key
      ? KEYS + at
      : (known ?? (step > 1 ? step * (at + 1 + rank) : 10 * (at + 1) + rank + part));
    const value = plain >= low && plain <= high ? plain : between(low, high, at, rows, rank, step);
    const text = type.scale < 0 ? String(Math.round(value / step) * step) : value.toFixed(decimals);
    if (!wishes.notAmong?.some((unwanted) => Number(unwanted) === Number(text))) return text;
  }
  return undefined;
}

/** Spread over what there is: from nought up where that is allowed. */
function between(
  low: number,
  high: number,
  number: number,
  rows: number,
  rank: number,
  step: number,
): number {
  const from = low <= 0 && high >= 0 ? 0 : low > -1e12 ? low : Math.max(low, high - 10 * (rows + 1) * step);
  const to = Math.min(high, from + 1_000_000 * Math.max(1, step));
  const slots = Math.floor((to - from) / step + 1e-9) + 1;
  const apart = Math.max(1, Math.floor(slots / (rows + 1)));
  return from + ((number * apart + (apart > 1 ? Math.floor(apart / 10) : 0) + rank) % slots) * step;
}

function bound(wish: ColumnWishes['least'], step: number): number | undefined {
  const value = wish ? comparable(wish.value) : Number.NaN;
  if (Number.isNaN(value)) return undefined;
  return wish?.strict ? value + step : value;
}
