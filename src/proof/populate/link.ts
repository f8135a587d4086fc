import type { ForeignKey, TableFacts } from './facts.ts';
import type { Linking } from './order.ts';
import { literal } from './values.ts';
import { type ColumnWishes, NO_WISHES, type RowWishes } from './wishes.ts';

interface LinkContext {
  readonly loose: boolean;
  readonly linking: ReadonlyMap<ForeignKey, Linking>;
  readonly tables: ReadonlyMap<string, TableFacts>;
  readonly wishes: RowWishes;
  stays(column: string): boolean;
  /** The value that a row which does not stand yet is going to have. */
  later(owner: TableFacts, column: string): string | undefined;
}

/**
 * The values of a row's columns that belong to foreign keys, as SQL: what stands in the referenced table.
 *
 * @param number of the row among those made in this run: each refers to another row, the newest first, which nobody
 *   refers to yet
 */
export function linkedValues(table: TableFacts, number: number, context: LinkContext): Map<string, string> {
  const values = new Map<string, string>();
  // The longest first: what it takes from one row holds for the shorter ones, which share columns with it.
  const own = context.loose
    ? table.foreignKeys
    : table.foreignKeys.map((key) => agreeing(table, key, context));
  const keys = own.toSorted((a, b) => b.columns.length - a.columns.length);
  const seen = new Map<string, number>();
  for (const [at, key] of keys.entries()) {
    const linking = context.linking.get(originalOf(key)) ?? 'before';
    const owner = context.tables.get(key.references);
    if (!owner) continue;
    const turn = seen.get(key.references) ?? 0;
    seen.set(key.references, turn + 1);
    const open = key.columns.filter((column) => !values.has(column));
    if (open.length === 0) continue;
    const empty = emptyColumns(table, key, linking, context);
    for (const column of open) {
      if (empty.has(column)) values.set(column, 'NULL');
      else if (linking === 'own' || linking === 'deferred') {
        const later = context.later(owner, referencedBy(key, column));
        if (later !== undefined) values.set(column, later);
      }
    }
    // Two references to one table are to different rows of it: who sends and who receives.
    if (linking === 'before')
      lookUp(key, owner, { at, offset: number + turn, values, wishes: context.wishes });
  }
  return values;
}

/** A foreign key with the columns that its rows have in common besides: those of one name that lead to one table. */
interface Agreeing extends ForeignKey {
  readonly original: ForeignKey;
}

function originalOf(key: ForeignKey | Agreeing): ForeignKey {
  return 'original' in key ? key.original : key;
}

/** Whose order and whose item have a shop each has the same shop in all three. */
function agreeing(
  table: TableFacts,
  key: ForeignKey,
  { linking, tables }: LinkContext,
): ForeignKey | Agreeing {
  const owner = tables.get(key.references);
  if (!owner || owner === table || linking.get(key) !== 'before') return key;
  const common = table.foreignKeys.flatMap(({ columns: [name, ...others], references }) => {
    if (name === undefined || others.length > 0 || key.columns.includes(name)) return [];
    const there = owner.foreignKeys.some(
      (one) => one.references === references && one.columns.length === 1 && one.columns[0] === name,
    );
    const always = [table, owner].every(({ columns }) =>
      columns.some((one) => one.name === name && one.notNull),
    );
    return there && always && !key.referenced.includes(name) ? [name] : [];
  });
  if (common.length === 0) return key;
  return {
    ...key,
    columns: [...key.columns, ...common],
    referenced: [...key.referenced, ...common],
    original: key,
  };
}

function emptyColumns(
  table: TableFacts,
  key: ForeignKey,
  linking: Linking,
  { stays, wishes }: LinkContext,
): Set<string> {
  const nullable = key.columns.filter(
    (name) => table.columns.find((column) => column.name === name)?.notNull === false,
  );
  if (linking === 'after') return new Set(nullable);
  if (key.full && nullable.length < key.columns.length) return new Set();
  const wished = nullable.some((name) => wishes.get(name)?.isNull);
  const held = nullable.some((name) => wishes.get(name)?.isNull === false);
  const [first] = nullable;
  return new Set(wished || (!held && first !== undefined && stays(first)) ? nullable : []);
}

function referencedBy(key: ForeignKey, column: string): string {
  return key.referenced[key.columns.indexOf(column)] ?? '';
}

interface LookUp {
  readonly at: number;
  readonly offset: number;
  readonly values: Map<string, string>;
  readonly wishes: RowWishes;
}

/** Gives the columns that have no value yet those of one referenced row, which agrees with the ones that have. */
function lookUp(key: ForeignKey, owner: TableFacts, { at, offset, values, wishes }: LookUp): void {
  const alias = `r${at}`;
  const known = key.columns.flatMap((column) => {
    const value = values.get(column);
    return value === undefined || value === 'NULL'
      ? []
      : [`${alias}.${referencedBy(key, column)} = ${value}`];
  });
  const open = key.columns.filter((column) => !values.has(column));
  const fitting = open.flatMap((column) =>
    wished(`${alias}.${referencedBy(key, column)}`, wishes.get(column) ?? NO_WISHES),
  );
  const conditions = [...known, ...fitting];
  const from = `FROM ${owner.name} ${alias}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`;
  const sorted = key.referenced.map((name) => `${alias}.${name} DESC`).join(', ');
  for (const column of open)
    values.set(
      column,
      `(SELECT ${alias}.${referencedBy(key, column)} ${from} ORDER BY ${sorted} OFFSET ${offset} % (SELECT greatest(count(*), 1) ${from}) LIMIT 1)`,
    );
}

function wished(column: string, { among, least, most }: ColumnWishes): string[] {
  return [
    ...(among ? [`${column} IN (${among.map(literal).join(', ')})`] : []),
    ...(least ? [`${column} ${least.strict ? '>' : '>='} ${literal(least.value)}`] : []),
    ...(most ? [`${column} ${most.strict ? '<' : '<='} ${literal(most.value)}`] : []),
  ];
}

/** Of a row that this transaction has made: its savepoints have higher numbers than itself (functions-info). */
const NEW = 'xmin::text::numeric >= mod(pg_current_xact_id()::text::numeric, 4294967296)';

/** Gives a foreign key its values in some rows, after it had to be left empty in all of them. */
export interface LaterLink {
  readonly columns: readonly string[];
  readonly sql: string;
}

/** Statements that link rows of a table once the rows on both sides stand: the first ones to the last one. */
export function laterLinks(
  table: TableFacts,
  linking: ReadonlyMap<ForeignKey, Linking>,
  tables: ReadonlyMap<string, TableFacts>,
): LaterLink[] {
  return table.foreignKeys.flatMap((key) => {
    const owner = tables.get(key.references);
    if (linking.get(key) !== 'after' || !owner) return [];
    const columns = key.columns.filter(
      (name) => table.columns.find((column) => column.name === name)?.notNull === false,
    );
    const kept = key.columns.filter((name) => !columns.includes(name));
    const where = kept.map((name) => `r.${referencedBy(key, name)} = t.${name}`).join(' AND ');
    const sorted = key.referenced.map((name) => `r.${name} DESC`).join(', ');
    const set = columns.map(
      (name) =>
        `${name} = (SELECT r.${referencedBy(key, name)} FROM ${owner.name} r${where ? ` WHERE ${where}` : ''} ORDER BY ${sorted} LIMIT 1)`,
    );
    const once = table.keys.some((unique) => unique.every((name) => columns.includes(name)));
    const first = table.primaryKey.length > 0 ? ` ORDER BY ${table.primaryKey.join(', ')}` : '';
    const some = once ? '1' : `(SELECT (count(*) + 1) / 2 FROM ${table.name} WHERE ${NEW})`;
    const sql = `UPDATE ${table.name} t SET ${set.join(', ')} WHERE (t.tableoid, t.ctid) IN (SELECT tableoid, ctid FROM ${table.name} WHERE ${NEW}${first} LIMIT ${some})`;
    return [{ columns, sql }];
  });
}
