import type { DatabaseErrorFields } from '../../engine/connection.ts';
import type { Attempt, PlannedTable } from './plan-table.ts';
import type { Trials } from './try-statements.ts';

const VARIED: Attempt = { nulls: 'some', way: 0 };
/** One after another, until the server takes the row. */
const ATTEMPTS: readonly Attempt[] = [
  VARIED,
  { nulls: 'none', way: 0 },
  { nulls: 'none', way: 0, loose: true },
  { nulls: 'unsolved', way: 0, loose: true },
  { nulls: 'most', way: 0, loose: true },
  { nulls: 'none', way: 1, ones: true, loose: true },
  { nulls: 'unsolved', way: 1, ones: true, loose: true },
  { nulls: 'some', way: 2, loose: true },
  { nulls: 'none', way: 3, loose: true },
  { nulls: 'unsolved', way: 5, loose: true },
];
/** Rows that go on with numbers of their own are far from those of the attempt before. */
const APART = 101;
/** A table that takes none of its first rows does not take the others. */
const ENOUGH = 2;

/**
 * Puts rows into a table: all at once, else one by one in other forms, else with its triggers off.
 *
 * @returns the server's error where no row got in
 */
export async function fillTable(
  trials: Trials,
  table: PlannedTable,
  numbers: readonly number[],
): Promise<DatabaseErrorFields | undefined> {
  const refused = await trials.attempt(table.insert(numbers, numbers[0] ?? 0, VARIED));
  if (!refused) return undefined;
  const { inserted, error } = await rowByRow(trials, table, numbers, []);
  if (inserted > 0 || table.facts.triggers.length === 0) return inserted > 0 ? undefined : (error ?? refused);
  // Told to be off one by one: those that are off already stay so, and foreign keys are still checked.
  const switched = (to: string): string[] =>
    table.facts.triggers.map((name) => `ALTER TABLE ${table.facts.name} ${to} TRIGGER ${name}`);
  const quiet = await rowByRow(trials, table, numbers, [switched('DISABLE'), switched('ENABLE')]);
  return quiet.inserted > 0 ? undefined : (error ?? refused);
}

async function rowByRow(
  trials: Trials,
  table: PlannedTable,
  numbers: readonly number[],
  [before = [], after = []]: readonly (readonly string[])[],
): Promise<{ readonly inserted: number; readonly error?: DatabaseErrorFields | undefined }> {
  let inserted = 0;
  let last = 0;
  let error: DatabaseErrorFields | undefined;
  for (const [done, number] of numbers.entries()) {
    if (inserted === 0 && done >= ENOUGH) break;
    for (let turn = 0; turn < ATTEMPTS.length; turn++) {
      const at = (last + turn) % ATTEMPTS.length;
      const insert = table.insert([number + at * APART], numbers[0] ?? 0, ATTEMPTS[at] ?? VARIED);
      const ready = after.length > 0 ? ['SET CONSTRAINTS ALL IMMEDIATE', ...after] : [];
      const refused = await trials.attempt(...before, insert, ...ready);
      error ??= refused;
      if (refused) continue;
      inserted++;
      last = at;
      break;
    }
  }
  return { inserted, error };
}

/**
 * Puts rows into tables that refer to each other: all of them, or none.
 *
 * @returns the server's error where there is none
 */
export async function fillTogether(
  trials: Trials,
  tables: readonly PlannedTable[],
  numbers: readonly number[],
): Promise<DatabaseErrorFields | undefined> {
  let error: DatabaseErrorFields | undefined;
  for (const attempt of ATTEMPTS) {
    const inserts = tables.map((table) => table.insert(numbers, numbers[0] ?? 0, attempt));
    const refused = await trials.attempt('SET CONSTRAINTS ALL DEFERRED', ...inserts);
    if (!refused) return undefined;
    error ??= refused;
  }
  return error;
}
