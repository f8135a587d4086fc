import type { Catalog } from '../../sql/catalog/catalog.ts';
import type { TypeName } from '../../sql/statement.ts';
import { isBuiltIn, sameType, withoutDomains, written } from './type-change.ts';

/** What a type change does to values that the new type cannot hold. */
export interface Narrowing {
  /** fails: the statement stops at the first such value. loses: such values are changed without a word. */
  readonly kind: 'fails' | 'loses';
  /** Continues "values …" of a sentence: "longer than 20 characters". */
  readonly which: string;
  /** Condition that finds them, with `$` for the column. */
  readonly find?: string | undefined;
}

const RANGES: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};
const INTEGERS: readonly string[] = ['smallint', 'integer', 'bigint'];
const FRACTIONS: ReadonlySet<string> = new Set(['numeric', 'real', 'double precision']);
const STRINGS: ReadonlySet<string> = new Set(['text', 'varchar', 'char', 'citext', 'name']);
/** Types that every text is one of. */
const TEXT_LIKE: ReadonlySet<string> = new Set([...STRINGS, 'bytea']);
const MICROSECONDS = 6;

/** Undefined: the new type holds every value of the old one, or nothing is known of one of them. */
export function narrowing(
  oldType: TypeName,
  newType: TypeName,
  catalog: Catalog,
  cuts: boolean,
): Narrowing | undefined {
  const from = withoutDomains(oldType, catalog).type;
  const to = withoutDomains(newType, catalog).type;
  if (sameType(from, to) || !isBuiltIn(from) || !isBuiltIn(to)) return undefined;
  if (STRINGS.has(from.name)) return STRINGS.has(to.name) ? shorter(from, to, cuts) : fromText(to);
  if (INTEGERS.includes(to.name) && (INTEGERS.includes(from.name) || FRACTIONS.has(from.name)))
    return toInteger(from, to);
  if (
    to.name === 'numeric' &&
    (from.name === 'numeric' || INTEGERS.includes(from.name) || FRACTIONS.has(from.name))
  )
    return toNumeric(from, to);
  return inexact(from, to) ?? moments(from, to) ?? others(from, to);
}

function shorter(from: TypeName, to: TypeName, cuts: boolean): Narrowing | undefined {
  const limit = to.name === 'varchar' || to.name === 'char' ? to.modifiers[0] : undefined;
  const old = from.name === 'varchar' || from.name === 'char' ? from.modifiers[0] : undefined;
  if (limit === undefined || (old !== undefined && old <= limit)) return undefined;
  return {
    kind: cuts ? 'loses' : 'fails',
    which: `longer than ${limit} characters${cuts ? ', which are cut off' : ''}`,
    find: `length($) > ${limit}`,
  };
}

function fromText(to: TypeName): Narrowing | undefined {
  return TEXT_LIKE.has(to.name)
    ? undefined
    : {
        kind: 'fails',
        which: `that are not written like ${written(to)}`,
        find: `NOT pg_input_is_valid($::text, '${written(to)}')`,
      };
}

function toInteger(from: TypeName, to: TypeName): Narrowing | undefined {
  const [low, high] = RANGES[to.name] ?? ['', ''];
  if (FRACTIONS.has(from.name)) {
    // numeric(10,0) has no fraction to lose.
    if (from.name === 'numeric' && from.modifiers.length > 0 && (from.modifiers[1] ?? 0) === 0)
      return { kind: 'fails', which: `outside ${low} to ${high}`, find: `$ NOT BETWEEN ${low} AND ${high}` };
    return { kind: 'loses', which: 'with a fraction, which is rounded away', find: '$ <> trunc($)' };
  }
  return INTEGERS.indexOf(from.name) > INTEGERS.indexOf(to.name)
    ? { kind: 'fails', which: `outside ${low} to ${high}`, find: `$ NOT BETWEEN ${low} AND ${high}` }
    : undefined;
}

/** Digits of the largest value. */
const DIGITS: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };

function toNumeric(from: TypeName, to: TypeName): Narrowing | undefined {
  const [precision, scale = 0] = to.modifiers;
  if (precision === undefined) return undefined;
  const [oldPrecision, oldScale = 0] = from.modifiers;
  const isWhole = INTEGERS.includes(from.name);
  const whole = isWhole
    ? DIGITS[from.name]
    : oldPrecision === undefined
      ? undefined
      : oldPrecision - oldScale;
  if (!isWhole && (oldPrecision === undefined || oldScale > scale))
    return {
      kind: 'loses',
      which: `with more than ${scale} digits after the point, which are rounded`,
      find: `$ <> round($::numeric, ${scale})`,
    };
  if (whole === undefined || whole > precision - scale)
    return {
      kind: 'fails',
      which: `with more than ${precision - scale} digits before the point`,
      find: `abs($) >= 1e${precision - scale}`,
    };
  return undefined;
}

function inexact(from: TypeName, to: TypeName): Narrowing | undefined {
  const exact = { real: 24, 'double precision': 53 }[to.name];
  if (exact === undefined) return undefined;
  if (from.name === 'numeric')
    return {
      kind: 'loses',
      which: `with more digits than ${to.name} keeps (about ${exact === 24 ? 6 : 15}), which are rounded`,
    };
  if (from.name === 'double precision' && to.name === 'real')
    return { kind: 'loses', which: 'with more than about 6 digits, which are rounded' };
  if ((from.name === 'bigint' && exact <= 53) || (from.name === 'integer' && exact === 24))
    return { kind: 'loses', which: `beyond 2^${exact}, which are rounded`, find: `abs($) > ${2 ** exact}` };
  return undefined;
}

function moments(from: TypeName, to: TypeName): Narrowing | undefined {
  const isMoment = from.name === 'timestamp' || from.name === 'timestamptz';
  if (isMoment && to.name === 'date')
    return {
      kind: 'loses',
      which: 'of any time but midnight, whose time of day is dropped',
      find: '$ <> $::date',
    };
  if (isMoment && (to.name === 'time' || to.name === 'timetz'))
    return { kind: 'loses', which: 'of every day, whose date is dropped' };
  const timed = new Set(['timestamp', 'timestamptz', 'time', 'timetz']);
  const precision = to.modifiers[0] ?? MICROSECONDS;
  if (timed.has(to.name) && timed.has(from.name) && precision < (from.modifiers[0] ?? MICROSECONDS))
    return { kind: 'loses', which: `with more than ${precision} digits of a second, which are rounded` };
  return undefined;
}

function others(from: TypeName, to: TypeName): Narrowing | undefined {
  if (from.name === 'json' && to.name === 'jsonb')
    return {
      kind: 'loses',
      which: 'with duplicate keys, of which only the last stays; white space and the order of keys go too',
    };
  if (from.name === 'inet' && to.name === 'cidr')
    return { kind: 'loses', which: 'with bits to the right of the netmask, which are set to zero' };
  if (to.name === 'boolean' && INTEGERS.includes(from.name))
    return { kind: 'loses', which: 'other than 0 and 1, which all become true', find: '$ NOT IN (0, 1)' };
  if (
    (from.name === 'bit' || from.name === 'varbit') &&
    to.name === 'varbit' &&
    to.modifiers[0] !== undefined &&
    to.modifiers[0] < (from.modifiers[0] ?? Number.POSITIVE_INFINITY)
  ) {
    return {
      kind: 'fails',
      which: `longer than ${to.modifiers[0]} bits`,
      find: `length($) > ${to.modifiers[0]}`,
    };
  }
  return undefined;
}
