import type { TypeFacts } from './facts.ts';
import { numberType, numberValue } from './number-values.ts';
import { waysToFulfil } from './solve.ts';
import { takeTurns, textValue, uuid } from './text-values.ts';
import { timeValue } from './time-values.ts';
import { type ColumnWishes, NO_WISHES } from './wishes.ts';

/** What a value is for. */
export interface Place {
  /** Of the column, in words parted by underscores. */
  readonly name: string;
  /** Another one gives another value, where the type has room for it. */
  readonly number: number;
  /** How many values will be asked for. */
  readonly rows: number;
  /** It is part of a unique key. */
  readonly key: boolean;
  readonly wishes: ColumnWishes;
}

/** An SQL expression for a value; undefined where none can be made up. */
export type ValueMaker = (type: string, modifier: number, place: Place) => string | undefined;

/** Makes values of the types given. */
export function valueMaker(types: ReadonlyMap<string, TypeFacts>): ValueMaker {
  const ways = new Map<string, ReturnType<typeof waysToFulfil>>();
  const domainWishes = (type: TypeFacts, number: number): ColumnWishes => {
    const known = ways.get(type.id) ?? waysToFulfil(type.checks, new Set(['VALUE']));
    ways.set(type.id, known);
    return known[number % known.length]?.get('VALUE') ?? NO_WISHES;
  };

  const make: ValueMaker = (id, modifier, place) => {
    const type = types.get(id);
    if (!type) return undefined;
    if (type.kind === 'domain') {
      const wishes = { ...domainWishes(type, place.number), ...place.wishes };
      return type.of ? make(type.of, type.modifier, { ...place, wishes }) : undefined;
    }
    if (type.isArray) return array(type, modifier, place);
    if (type.kind === 'composite') {
      const parts = type.attributes.map(
        (part) => make(part.type, part.modifier, { ...place, wishes: NO_WISHES }) ?? 'NULL',
      );
      return `ROW(${parts.join(', ')})::${type.sql}`;
    }
    const text = textOf(type, modifier, place);
    return text === undefined ? undefined : literal(text);
  };

  /** Two elements, where nothing else is wished. */
  const array = (type: TypeFacts, modifier: number, place: Place): string | undefined => {
    const { shortest = 0, longest = Number.POSITIVE_INFINITY, elements, among } = place.wishes;
    if (among) return literal(takeTurns(among, place.number) ?? '{}');
    const count = Math.min(Math.max(2, shortest), longest, 1_000);
    const wishes = elements ? { among: elements } : NO_WISHES;
    const made = Array.from({ length: count }, (_, at) =>
      make(type.of ?? '', modifier, { ...place, number: place.number + at, wishes }),
    );
    return made.includes(undefined) ? undefined : `ARRAY[${made.join(', ')}]::${type.sql}`;
  };

  /** As the type's input function reads it. */
  const textOf = (type: TypeFacts, modifier: number, place: Place): string | undefined => {
    const { number, wishes } = place;
    const labels = type.kind === 'enum' ? type.labels : (wishes.among ?? []);
    if (labels.length > 0 || type.kind === 'enum') {
      const fitting = labels.filter(
        (label) => (wishes.among?.includes(label) ?? true) && !wishes.notAmong?.includes(label),
      );
      return takeTurns(fitting, number);
    }
    if (type.kind === 'range') return rangeOf(type, place);
    if (type.kind === 'multirange') {
      const range = types.get(type.of ?? '');
      const text = range && rangeOf(range, place);
      return text === undefined ? undefined : `{${text}}`;
    }
    return type.kind === 'base' ? baseText(type, modifier, place) : undefined;
  };

  const rangeOf = (type: TypeFacts, place: Place): string | undefined => {
    const bounds = types.get(type.of ?? '');
    if (!bounds) return undefined;
    const [from, to] = [0, 1].map((rank) => textOf(bounds, -1, { ...place, key: false, wishes: { rank } }));
    if (from === undefined || to === undefined) return undefined;
    return `["${from}","${to}"${from === to ? ']' : ')'}`;
  };

  return make;
}

/** Of a type that is made of no other. */
function baseText(type: TypeFacts, modifier: number, place: Place): string | undefined {
  const { number, rows, wishes } = place;
  const numbers = numberType(type.name, modifier);
  if (numbers) return numberValue(numbers, place);
  switch (type.name) {
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return timeValue(type.name, number, rows, wishes);
    case 'varchar':
    case 'bpchar':
      return textValue(
        place.name,
        number,
        modifier > 4 ? modifier - 4 : type.name === 'bpchar' && modifier > 0 ? 1 : UNLIMITED,
        wishes,
      );
    case 'name':
      return textValue(place.name, number, 63, wishes);
    case 'char':
      return textValue(place.name, number, 1, wishes);
    case 'bit':
    case 'varbit':
      return number.toString(2).padStart(Math.max(modifier, 1), '0').slice(-Math.max(modifier, 1));
    case 'bytea':
      return `\\x${number
        .toString(16)
        .padStart(2 * Math.max(4, wishes.shortest ?? 0), '0')
        .slice(-2 * Math.min(100_000, wishes.longest ?? Math.max(4, wishes.shortest ?? 0)))}`;
    case 'json':
    case 'jsonb':
      return JSON_TEXTS[wishes.json ?? 'object']?.(number);
    case 'vector':
    case 'halfvec':
      return `[${Array.from({ length: modifier > 0 ? modifier : 3 }, (_, at) => (at === 0 ? number + 1 : 1)).join(',')}]`;
    case 'sparsevec':
      return `{1:${number + 1}}/${modifier > 0 ? modifier : 3}`;
    default:
      return (
        TEXTS[type.name]?.(number) ??
        (type.category === 'S' ? textValue(place.name, number, UNLIMITED, wishes) : undefined)
      );
  }
}

const UNLIMITED = 10_000_000;

const JSON_TEXTS: Readonly<Record<string, (number: number) => string>> = {
  object: (n) => `{"n": ${n}}`,
  array: (n) => `[${n}]`,
  string: (n) => `"text ${n}"`,
  number: String,
  boolean: (n) => String(n % 2 === 0),
  null: () => 'null',
};

/** Types with one plain way to write a value that differs by number (datatype). */
const TEXTS: Readonly<Record<string, (number: number) => string>> = {
  bool: (n) => (n % 2 === 0 ? 'true' : 'false'),
  uuid,
  time: clock,
  timetz: (n) => `${clock(n)}+00`,
  interval: (n) => `${n + 1} days`,
  inet: (n) => `192.0.${Math.floor(n / 256) % 256}.${n % 256}`,
  cidr: (n) => `10.${Math.floor(n / 256) % 256}.${n % 256}.0/24`,
  macaddr: (n) => `08:00:2b:01:${byte(n >> 8)}:${byte(n)}`,
  macaddr8: (n) => `08:00:2b:01:02:03:${byte(n >> 8)}:${byte(n)}`,
  tsvector: (n) => `word${n}`,
  tsquery: (n) => `word${n}`,
  point: (n) => `(${n},${n + 1})`,
  line: (n) => `{1,-1,${n}}`,
  lseg: (n) => `[(${n},0),(${n},1)]`,
  box: (n) => `(${10 * n + 5},5),(${10 * n},0)`,
  path: (n) => `((${n},0),(${n},1))`,
  polygon: (n) => `((${10 * n},0),(${10 * n},5),(${10 * n + 5},5))`,
  circle: (n) => `<(${10 * n},0),1>`,
  xml: (n) => `<row>${n}</row>`,
  jsonpath: (n) => `$."n${n}"`,
  pg_lsn: (n) => `0/${(n + 1).toString(16)}`,
  pg_snapshot: (n) => `${n + 10}:${n + 20}:`,
  txid_snapshot: (n) => `${n + 10}:${n + 20}:`,
  tid: (n) => `(${n},1)`,
  int2vector: (n) => `${n} ${n + 1}`,
  oidvector: (n) => `${n} ${n + 1}`,
  regclass: () => 'pg_catalog.pg_class',
  regtype: () => 'integer',
  regproc: () => 'pg_catalog.now',
  regprocedure: () => 'pg_catalog.now()',
  regnamespace: () => 'pg_catalog',
  regrole: () => 'pg_monitor',
  regconfig: () => 'pg_catalog.simple',
  regdictionary: () => 'pg_catalog.simple',
  regcollation: () => '"C"',
  hstore: (n) => `n=>${n}`,
  ltree: (n) => `top.n${n}`,
  lquery: (n) => `top.n${n}`,
  cube: (n) => `(${n},1)`,
  geometry: (n) => `POINT(${n % 90} 1)`,
  geography: (n) => `POINT(${n % 90} 1)`,
};

function clock(number: number): string {
  return `${byte10(8 + (Math.floor(number / 60) % 12))}:${byte10(number % 60)}:00`;
}

function byte10(number: number): string {
  return String(number).padStart(2, '0');
}

function byte(number: number): string {
  return (number & 255).toString(16).padStart(2, '0');
}

/** A string literal, whatever standard_conforming_strings says (sql-syntax-lexical). */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
