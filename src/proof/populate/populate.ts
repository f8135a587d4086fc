import type { Connection, DatabaseErrorFields } from '../../engine/connection.ts';
import { withComingKeys } from './coming-keys.ts';
import type { ComingForeignKey, PopulationFacts, TableFacts } from './facts.ts';
import { fillTable, fillTogether } from './fill-table.ts';
import { planRows, type RowPlan } from './plan-rows.ts';
import { isHashed, type PlannedTable } from './plan-table.ts';
import { readTables } from './read-tables.ts';
import { moveBack, moveOn, readSequences } from './sequences.ts';
import { inTrials, type Trials } from './try-statements.ts';
import { literal } from './values.ts';

export interface Population {
  /** Names as SQL writes them: what the migration touches (see `readTables`). */
  readonly tables: readonly string[];
  /** That each table should have. */
  readonly rows: number;
  /** Foreign keys that the migration adds: the rows made here fit them. */
  readonly coming?: readonly ComingForeignKey[] | undefined;
}

export interface Populated {
  /** By schema.table: all rows that stand there now. */
  readonly rowsPerTable: Record<string, number>;
  /** Tables without rows, or with a column that is empty in all of them. */
  readonly skipped: { readonly table: string; readonly reason: string }[];
}

/**
 * Fills tables and all that they reference with made-up rows: the same ones for the same catalog. Rows that stand
 * already are kept. A table that cannot be filled is named, and the others get their rows. Sequences go on from where
 * they were: the numbers of the rows are far from those that a migration writes out itself, or gets.
 *
 * @throws ConnectionLost when there is no answer any more
 */
export async function populate(
  connection: Connection,
  { tables, rows, coming = [] }: Population,
): Promise<Populated> {
  const facts = withComingKeys(await readTables(connection, tables), coming);
  if (facts.tables.length === 0) return { rowsPerTable: {}, skipped: [] };
  const plan = planRows(facts, rows);
  const reasons = new Map(plan.skipped.map(({ table, reason }) => [table, reason]));
  return inTrials(connection, async (trials) => {
    const open = await unforced(trials, facts.tables);
    const sequences = await readSequences(trials, facts.tables);
    const names = facts.tables.map(({ name }) => name);
    const filling = { trials, facts, existing: await countRows(trials, names), reasons };
    await moveOn(trials, facts.tables);
    for (const unit of plan.units) await fillUnit(unit, filling);
    const emptyColumns = await link(trials, plan, reasons);
    await moveBack(trials, sequences);
    const counts = await countRows(trials, [...names, ...facts.askedPartitions.keys()]);
    for (const { name } of open) await trials.attempt(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
    return told(facts, counts, reasons, emptyColumns);
  });
}

/** Row-level security that is forced holds for the owner too, and would hide the rows that others refer to. */
async function unforced(trials: Trials, tables: readonly TableFacts[]): Promise<TableFacts[]> {
  const open: TableFacts[] = [];
  for (const table of tables) {
    if (!table.forced) continue;
    const refused = await trials.attempt(`ALTER TABLE ${table.name} NO FORCE ROW LEVEL SECURITY`);
    // Who may not do this gets the policy's own refusal at the INSERT, which names the table.
    if (!refused) open.push(table);
  }
  return open;
}

interface Filling {
  readonly trials: Trials;
  readonly facts: PopulationFacts;
  readonly existing: ReadonlyMap<string, number>;
  readonly reasons: Map<TableFacts, string>;
}

async function fillUnit(unit: readonly PlannedTable[], filling: Filling): Promise<void> {
  const { trials, existing, reasons } = filling;
  const [only, ...others] = unit;
  if (!only) return;
  const count = Math.max(...unit.map(({ facts }) => existing.get(facts.name) ?? 0));
  const add = Math.max(only.rows - count, only.fresh);
  const numbers = Array.from({ length: add }, (_, at) => count + at);
  const missing = unit.map(({ facts }) => missingParent(facts, filling)).find((table) => table !== undefined);
  if (missing) {
    for (const { facts } of unit) reasons.set(facts, `it references ${missing.name}, which has no rows`);
    return;
  }
  const refused =
    others.length === 0 ? await fillTable(trials, only, numbers) : await fillTogether(trials, unit, numbers);
  if (!refused) return;
  for (const { facts } of unit) reasons.set(facts, said(refused));
}

/** A table that rows have to refer to, and that has none. */
function missingParent(table: TableFacts, { facts, existing, reasons }: Filling): TableFacts | undefined {
  const needed = table.foreignKeys.filter(({ columns }) =>
    columns.every((name) => table.columns.some((column) => column.name === name && column.notNull)),
  );
  return facts.tables.find(
    (other) =>
      other !== table &&
      reasons.has(other) &&
      !existing.get(other.name) &&
      needed.some(({ references }) => references === other.id),
  );
}

function said({ message, where }: DatabaseErrorFields): string {
  const [place] = where?.split('\n') ?? [];
  return `the server refuses the rows made for it: ${message}${place ? ` (${place})` : ''}`;
}

/** Fills foreign keys that run in a circle; gives the columns that stay empty. */
async function link(
  trials: Trials,
  plan: RowPlan,
  reasons: ReadonlyMap<TableFacts, string>,
): Promise<Populated['skipped']> {
  const empty: Populated['skipped'] = [];
  for (const { facts, links } of plan.units.flat()) {
    if (reasons.has(facts)) continue;
    for (const { columns, sql } of links) {
      const refused = await trials.attempt(sql);
      if (refused && facts.told)
        empty.push({
          table: facts.name,
          reason: `${columns.join(', ')} is empty in every row: ${refused.message}`,
        });
    }
  }
  return empty;
}

function told(
  { tables, askedPartitions }: PopulationFacts,
  counts: ReadonlyMap<string, number>,
  reasons: ReadonlyMap<TableFacts, string>,
  emptyColumns: Populated['skipped'],
): Populated {
  const skipped: Populated['skipped'] = [];
  const rowsPerTable: Populated['rowsPerTable'] = {};
  const tell = (name: string, reason: string): void => {
    const count = counts.get(name) ?? 0;
    if (count > 0) rowsPerTable[name] = count;
    else skipped.push({ table: name, reason });
  };
  // Rows made for one hash partition fall into all of them.
  for (const table of tables)
    if (table.told || table.partitions.some(isHashed))
      tell(table.name, reasons.get(table) ?? 'its INSERT leaves no row: a trigger or a rule turns them away');
  for (const [name, root] of askedPartitions) {
    const whole = tables.find(({ id }) => id === root);
    const reason = whole && reasons.get(whole);
    tell(name, reason ?? `no row made for ${whole?.name ?? 'its table'} falls into it`);
  }
  return { rowsPerTable, skipped: [...skipped, ...emptyColumns] };
}

/** Rows by name; a table that may not be read is left out. */
async function countRows(trials: Trials, names: readonly string[]): Promise<Map<string, number>> {
  const rows = await trials.ask(
    names,
    (name) => `SELECT ${literal(name)} AS name, count(*)::text AS count FROM ${name}`,
  );
  return new Map(rows.map(({ name, count }) => [name ?? '', Number(count)]));
}
