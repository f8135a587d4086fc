import type { ColumnFacts, ForeignKey, Partition, PopulationFacts, TableFacts } from './facts.ts';
import { type LaterLink, laterLinks, linkedValues } from './link.ts';
import type { Linking } from './order.ts';
import { waysToFulfil } from './solve.ts';
import { CATEGORY } from './text-values.ts';
import type { ValueMaker } from './values.ts';
import { type ColumnWishes, NO_WISHES, type RowWishes } from './wishes.ts';

/** One way to try a row: the first is the most varied one, the others give way where the server refuses it. */
export interface Attempt {
  /** Which nullable columns stay empty: some of each column, none, those whose conditions are not understood, most. */
  readonly nulls: 'some' | 'none' | 'unsolved' | 'most';
  /** How many ways to fulfil the conditions are passed over. */
  readonly way: number;
  /** Numbers whose conditions are not understood are 1. */
  readonly ones?: boolean | undefined;
  /** Columns of one name in the rows that a row refers to may differ. */
  readonly loose?: boolean | undefined;
}

export interface PlannedTable {
  readonly facts: TableFacts;
  /** That it should have. */
  readonly rows: number;
  /** That it gets when it has them already: its newer columns are empty in the old ones. */
  readonly fresh: number;
  /** One INSERT of the rows with these numbers; `from` is that of the first row made in this run. */
  insert(numbers: readonly number[], from: number, attempt: Attempt): string;
  /** For foreign keys in a circle, once all tables have their rows. */
  readonly links: readonly LaterLink[];
}

export interface PlanContext {
  readonly make: ValueMaker;
  readonly types: PopulationFacts['types'];
  readonly tables: ReadonlyMap<string, TableFacts>;
  readonly linking: ReadonlyMap<ForeignKey, Linking>;
  /** "oid column" */
  readonly explicit: ReadonlySet<string>;
  readonly rows: number;
}

/** What is worked out once for all rows of a table. */
interface Prepared {
  readonly table: TableFacts;
  readonly context: PlanContext;
  /** That the INSERT names. */
  readonly columns: readonly ColumnFacts[];
  readonly positions: ReadonlyMap<string, number>;
  readonly notNull: ReadonlySet<string>;
  /** Columns of unique keys. */
  readonly keys: ReadonlySet<string>;
  /** By partition; one list where there are none. */
  readonly ways: readonly (readonly RowWishes[])[];
}

/** The plan, or why there is none. */
export function planTable(table: TableFacts, context: PlanContext): PlannedTable | string {
  const prepared = prepare(table, context);
  const { columns } = prepared;
  const impossible = columns.find((column) => isImpossible(prepared, column));
  if (impossible) {
    const type = context.types.get(impossible.type)?.sql ?? 'unknown';
    return `no value can be made up for its column ${impossible.name} of type ${type}`;
  }
  const overriding = columns.some(({ identity }) => identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  const head = `INSERT INTO ${table.name} (${columns.map(({ name }) => name).join(', ')})${overriding} VALUES`;
  return {
    facts: table,
    rows: rowsFor(table, context.rows),
    fresh: table.partitions.some(({ wanted }) => wanted)
      ? rowsFor(table, context.rows)
      : Math.min(FRESH, context.rows),
    links: laterLinks(table, context.linking, context.tables),
    insert: (numbers, from, attempt) =>
      columns.length === 0
        ? numbers.map(() => `INSERT INTO ${table.name} DEFAULT VALUES`).join(';\n')
        : `${head}\n${numbers.map((number) => rowOf(prepared, number, number - from, attempt)).join(',\n')}`,
  };
}

const FRESH = 3;

/** Each partition that was asked for gets a row. Into hash partitions rows fall as they like: there it takes more of them. */
function rowsFor({ partitions }: TableFacts, rows: number): number {
  const wanted = partitions.filter((partition) => partition.wanted).length;
  const hashed = partitions.some(isHashed);
  return Math.max(rows, hashed && wanted > 0 ? 4 * partitions.length : wanted);
}

export function isHashed({ constraint }: Partition): boolean {
  return constraint?.includes('satisfies_hash_partition') === true;
}

function prepare(table: TableFacts, context: PlanContext): Prepared {
  const notNull = new Set(
    table.columns.flatMap(({ name, notNull, type }) =>
      notNull || context.types.get(type)?.notNull ? [name] : [],
    ),
  );
  const linked = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const columns = table.columns.filter(({ name, generated, identity, ...column }) => {
    if (generated) return false;
    if (linked.has(name) || context.explicit.has(`${table.id} ${name}`)) return true;
    return identity == null && column.default?.startsWith('nextval(') !== true;
  });
  return {
    table,
    context,
    columns,
    positions: new Map(table.columns.map(({ name }, at) => [name, at])),
    notNull,
    keys: new Set(table.keys.flat()),
    ways: conditions(table).map((list) => waysToFulfil(list, notNull)),
  };
}

/** CHECKs, with the bound of each partition that gets rows. */
function conditions({ kind, checks, partitions, told }: TableFacts): (readonly string[])[] {
  if (kind !== 'partitioned') return [checks];
  const wanted = told ? partitions : partitions.filter((partition) => partition.wanted);
  return (wanted.length > 0 ? wanted : partitions).map((partition) => [
    ...checks,
    ...partition.checks,
    ...(partition.constraint === null ? [] : [partition.constraint]),
  ]);
}

/** It must have a value, and none fits it in any way. */
function isImpossible(prepared: Prepared, column: ColumnFacts): boolean {
  const { table, notNull, ways } = prepared;
  if (!notNull.has(column.name) || column.default != null) return false;
  if (table.foreignKeys.some(({ columns }) => columns.includes(column.name))) return false;
  return ways.every((partition) =>
    partition.every((way) => value(prepared, column, 0, way.get(column.name) ?? NO_WISHES) === undefined),
  );
}

function value(
  { context, keys, table }: Prepared,
  { name, type, modifier }: ColumnFacts,
  number: number,
  wishes: ColumnWishes,
): string | undefined {
  return context.make(type, modifier, {
    name: plainName(name),
    number,
    rows: Math.max(rowsFor(table, context.rows), 10),
    key: keys.has(name),
    wishes,
  });
}

/** In words parted by underscores. */
function plainName(name: string): string {
  return name
    .replaceAll('"', '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

const ONE: ColumnWishes = { least: { value: '1', strict: false }, most: { value: '1', strict: false } };

function rowOf(prepared: Prepared, number: number, offset: number, attempt: Attempt): string {
  const { table, context, columns, ways } = prepared;
  const here = ways[offset % ways.length] ?? [];
  const wishes =
    here[(Math.floor(offset / ways.length) + attempt.way) % Math.max(1, here.length)] ?? new Map();
  const links = linkedValues(table, offset, {
    loose: attempt.loose ?? false,
    linking: context.linking,
    tables: context.tables,
    wishes,
    stays: (name) => staysEmpty(prepared, name, wishes.get(name) ?? NO_WISHES, number, attempt),
    later: (owner, name) => laterValue(prepared, owner, name, number),
  });
  return `(${columns
    .map((column) => links.get(column.name) ?? plainValue(prepared, column, wishes, number, attempt))
    .join(', ')})`;
}

function plainValue(
  prepared: Prepared,
  column: ColumnFacts,
  wishes: RowWishes,
  number: number,
  attempt: Attempt,
): string {
  const wish = wishes.get(column.name) ?? NO_WISHES;
  if (staysEmpty(prepared, column.name, wish, number, attempt)) return 'NULL';
  if (takesDefault(prepared, column, wish, number, attempt)) return 'DEFAULT';
  const made = value(prepared, column, number, attempt.ones && wish.unsolved ? ONE : wish);
  return made ?? (column.default == null ? 'NULL' : 'DEFAULT');
}

function staysEmpty(
  { context, notNull, positions }: Prepared,
  name: string,
  wish: ColumnWishes,
  number: number,
  { nulls }: Attempt,
): boolean {
  if (notNull.has(name) || wish.isNull !== undefined) return wish.isNull ?? false;
  const position = positions.get(name) ?? 0;
  switch (nulls) {
    case 'some':
      return context.rows > 1 && (number + position) % 4 === 1;
    case 'none':
      return false;
    case 'unsolved':
      return wish.unsolved === true;
    case 'most':
      return position % context.rows !== number % context.rows;
  }
}

/** A literal, with casts. */
const CONSTANT = /^(?:'(?:[^']|'')*'|-?\d[\d.]*|true|false)(?:::.*)?$/s;

/** Some rows have what the column gives by itself: those that are no different for it, and always the same. */
function takesDefault(
  { keys, table, context }: Prepared,
  column: ColumnFacts,
  wish: ColumnWishes,
  number: number,
  { nulls }: Attempt,
): boolean {
  if (column.default == null || keys.has(column.name)) return false;
  if (context.explicit.has(`${table.id} ${column.name}`)) return false;
  if (Object.keys(wish).length > 0 || !CONSTANT.test(column.default)) return false;
  return nulls === 'most' || CATEGORY.test(plainName(column.name)) || number % 3 === 2;
}

/** What the row with the same number has in a table that comes later, or in the row itself. */
function laterValue(prepared: Prepared, owner: TableFacts, name: string, number: number): string | undefined {
  const column = owner.columns.find((one) => one.name === name);
  if (!column) return undefined;
  const there = owner === prepared.table ? prepared : prepare(owner, prepared.context);
  const [way] = there.ways[0] ?? [];
  return value(there, column, number, way?.get(name) ?? NO_WISHES);
}
