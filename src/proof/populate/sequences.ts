import type { ColumnSequence, TableFacts } from './facts.ts';
import type { Trials } from './try-statements.ts';
import { literal } from './values.ts';

/** Far from the numbers that migrations write out, and small enough for a smallint that refers to a larger type. */
const FAR = 10_000;

/** Where a sequence stands. */
export interface SequencePlace {
  readonly name: string;
  readonly value: string;
  readonly called: boolean;
}

/** Where the sequences stand that columns of some tables take their values from; not of those that may not be read. */
export async function readSequences(trials: Trials, tables: readonly TableFacts[]): Promise<SequencePlace[]> {
  const names = [...new Set(tables.flatMap(({ sequences }) => sequences.map(({ name }) => name)))];
  const rows = await trials.ask(
    names,
    (name) =>
      `SELECT ${literal(name)} AS name, last_value::text AS value, CASE WHEN is_called THEN 't' ELSE 'f' END AS called FROM ${name}`,
  );
  return rows.flatMap(({ name, value, called }) =>
    name != null && value != null ? [{ name, value, called: called === 't' }] : [],
  );
}

/** Moves them on, beyond all numbers that stand in their tables. Where that is refused, numbers go on from where they are. */
export async function moveOn(trials: Trials, tables: readonly TableFacts[]): Promise<void> {
  const moves = tables.flatMap((table) =>
    table.sequences.filter(hasRoom).map((sequence) => moved(table, sequence)),
  );
  if (moves.length > 0) await trials.attempt(...moves);
}

/** For the migration, everything is as if nobody had asked for numbers. */
export async function moveBack(trials: Trials, places: readonly SequencePlace[]): Promise<void> {
  const moves = places.map(
    ({ name, value, called }) => `SELECT pg_catalog.setval(${literal(name)}, ${value}, ${called})`,
  );
  if (moves.length > 0) await trials.attempt(...moves);
}

function hasRoom({ increment, most }: ColumnSequence): boolean {
  return increment === 1 && most >= 2 * FAR;
}

function moved({ name: table, columns }: TableFacts, { name, column }: ColumnSequence): string {
  const of = columns.find((one) => one.name === column);
  const isNumber = of?.identity != null || of?.default?.startsWith('nextval(') === true;
  const highest = isNumber ? `, (SELECT max(${column}) FROM ${table})` : '';
  return `SELECT pg_catalog.setval(${literal(name)}, greatest(${FAR}, (SELECT last_value FROM ${name})${highest}))`;
}
