/** One thing that has to hold of a column's value, or of two columns'. */
export type Wish =
  | { readonly kind: 'null' | 'not-null'; readonly column: string }
  /** `elements`: of an array, what its elements are taken from. */
  | {
      readonly kind: 'among' | 'not-among' | 'elements';
      readonly column: string;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'least' | 'most';
      readonly column: string;
      readonly value: string;
      readonly strict: boolean;
    }
  /** Of a text its characters, of an array its elements. */
  | { readonly kind: 'shortest' | 'longest'; readonly column: string; readonly length: number }
  /** A regular expression as `~` takes it, or a pattern as LIKE does. */
  | { readonly kind: 'matches' | 'like'; readonly column: string; readonly pattern: string }
  | { readonly kind: 'spelled'; readonly column: string; readonly as: 'lower' | 'upper' }
  /** Before now(), or after it. */
  | { readonly kind: 'past' | 'future'; readonly column: string }
  | { readonly kind: 'json'; readonly column: string; readonly type: string }
  | { readonly kind: 'below'; readonly column: string; readonly other: string; readonly strict: boolean }
  /** What it takes is not known. */
  | { readonly kind: 'unsolved'; readonly column: string };

interface Bound {
  readonly value: string;
  readonly strict: boolean;
}

/** All that has to hold of one column. */
export interface ColumnWishes {
  readonly isNull?: boolean | undefined;
  readonly among?: readonly string[] | undefined;
  readonly elements?: readonly string[] | undefined;
  readonly notAmong?: readonly string[] | undefined;
  readonly least?: Bound | undefined;
  readonly most?: Bound | undefined;
  readonly shortest?: number | undefined;
  readonly longest?: number | undefined;
  readonly matches?: string | undefined;
  readonly like?: string | undefined;
  readonly spelled?: 'lower' | 'upper' | undefined;
  readonly time?: 'past' | 'future' | undefined;
  readonly json?: string | undefined;
  /** How many columns it stands above: a larger one gives a larger value in the same row. */
  readonly rank?: number | undefined;
  readonly unsolved?: boolean | undefined;
}

/** Nothing is wished. */
export const NO_WISHES: ColumnWishes = {};

/** What a row has to be like, by column. */
export type RowWishes = ReadonlyMap<string, ColumnWishes>;

/** All wishes together; undefined where two of them cannot both be. */
export function combine(wishes: readonly Wish[], notNull: ReadonlySet<string>): RowWishes | undefined {
  const combined = new Map<string, ColumnWishes>();
  for (const wish of wishes) {
    if (wish.kind === 'below') continue;
    if (wish.kind === 'null' && notNull.has(wish.column)) return undefined;
    const next = withWish(combined.get(wish.column) ?? NO_WISHES, wish);
    if (!next) return undefined;
    combined.set(wish.column, next);
  }
  for (const [column, rank] of ranks(wishes)) combined.set(column, { ...combined.get(column), rank });
  return combined;
}

function withWish(known: ColumnWishes, wish: Exclude<Wish, { kind: 'below' }>): ColumnWishes | undefined {
  switch (wish.kind) {
    case 'null':
    case 'not-null': {
      const isNull = wish.kind === 'null';
      return known.isNull === undefined || known.isNull === isNull ? { ...known, isNull } : undefined;
    }
    case 'among': {
      const among = known.among?.filter((value) => wish.values.includes(value)) ?? wish.values;
      return allowed({ ...known, among });
    }
    case 'not-among':
      return allowed({ ...known, notAmong: [...(known.notAmong ?? []), ...wish.values] });
    case 'elements':
      return { ...known, elements: wish.values };
    case 'least':
      return { ...known, least: tighter(known.least, wish, 1) };
    case 'most':
      return { ...known, most: tighter(known.most, wish, -1) };
    case 'shortest':
      return { ...known, shortest: Math.max(known.shortest ?? 0, wish.length) };
    case 'longest':
      return { ...known, longest: Math.min(known.longest ?? Number.POSITIVE_INFINITY, wish.length) };
    case 'matches':
    case 'like':
      return { ...known, [wish.kind]: wish.pattern };
    case 'spelled':
      return { ...known, spelled: wish.as };
    case 'past':
    case 'future':
      return { ...known, time: wish.kind };
    case 'json':
      return { ...known, json: wish.type };
    case 'unsolved':
      return { ...known, unsolved: true };
  }
}

function allowed(wishes: ColumnWishes): ColumnWishes | undefined {
  const among = wishes.among?.filter((value) => !wishes.notAmong?.includes(value));
  return among?.length === 0 ? undefined : { ...wishes, among };
}

function tighter(known: Bound | undefined, { value, strict }: Bound, sign: 1 | -1): Bound {
  if (!known) return { value, strict };
  const difference = (comparable(value) - comparable(known.value)) * sign;
  return difference > 0 || (difference === 0 && strict) ? { value, strict } : known;
}

/** A number for a literal that is a number or a point in time; NaN for any other. */
export function comparable(text: string): number {
  const number = Number(text);
  return Number.isNaN(number) || text.trim() === '' ? pointInTime(text) : number;
}

/** Milliseconds since 1970 of a date or timestamp in ISO style, as UTC where it says nothing else. */
function pointInTime(text: string): number {
  const found = /^(\d{4,}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?))?([+-]\d{2}(?::?\d{2})?)?$/.exec(
    text,
  );
  if (!found) return Number.NaN;
  const [, date, time = '00:00:00', zone = '+00'] = found;
  const offset = zone.length === 3 ? `${zone}:00` : zone;
  return Date.parse(`${date}T${time}${offset}`);
}

/** How many columns each one stands above. In a circle it does not matter. */
function ranks(wishes: readonly Wish[]): Map<string, number> {
  const ranks = new Map<string, number>();
  const pairs = wishes.flatMap((wish) => (wish.kind === 'below' ? [wish] : []));
  for (let round = 0; round < pairs.length; round++)
    for (const { column, other, strict } of pairs) {
      const below = ranks.get(column) ?? 0;
      ranks.set(column, below);
      ranks.set(other, Math.max(ranks.get(other) ?? 0, below + (strict ? 1 : 0)));
    }
  return ranks;
}
