import type { ForeignKey, PopulationFacts, TableFacts } from './facts.ts';
import { type Linking, order } from './order.ts';
import { type PlannedTable, planTable } from './plan-table.ts';
import { valueMaker } from './values.ts';

export interface RowPlan {
  /** In the order in which they are filled; tables of one list refer to each other, and are filled together. */
  readonly units: readonly (readonly PlannedTable[])[];
  readonly skipped: readonly { readonly table: TableFacts; readonly reason: string }[];
}

/** Plans rows for tables whose referenced tables are among them: the INSERTs in their order. Asks nobody. */
export function planRows({ tables, types }: PopulationFacts, rowsPerTable: number): RowPlan {
  const skipped: { table: TableFacts; reason: string }[] = [];
  const fillable = tables.filter((table) => {
    const reason = whyNot(table);
    if (reason !== undefined) skipped.push({ table, reason });
    return reason === undefined;
  });
  const { units, linking, stuck } = order(fillable);
  for (const [table, circle] of stuck) skipped.push({ table, reason: stuckIn(circle) });
  const context = {
    make: valueMaker(types),
    types,
    tables: new Map(tables.map((table) => [table.id, table])),
    linking,
    explicit: explicitColumns(tables, linking),
    rows: rowsPerTable,
  };
  const planned = units.map((unit) =>
    unit.flatMap((table) => {
      const plan = planTable(table, context);
      if (typeof plan !== 'string') return [plan];
      skipped.push({ table, reason: plan });
      return [];
    }),
  );
  return { units: planned.filter(({ length }) => length > 0), skipped };
}

function whyNot({ kind, partitions }: TableFacts): string | undefined {
  if (kind === 'foreign') return 'it is a foreign table: its rows live elsewhere';
  if (kind === 'partitioned' && partitions.length === 0) return 'it is partitioned, and has no partition yet';
  return undefined;
}

function stuckIn(circle: readonly TableFacts[]): string {
  const names = circle.map(({ name }) => name).join(', ');
  return `foreign keys on NOT NULL columns run in a circle (${names}), and none of them can be deferred`;
}

/** Columns that a row is referred to by before it stands, so that their values cannot be left to the server; "oid column". */
function explicitColumns(
  tables: readonly TableFacts[],
  linking: ReadonlyMap<ForeignKey, Linking>,
): ReadonlySet<string> {
  const explicit = new Set<string>();
  for (const key of tables.flatMap(({ foreignKeys }) => foreignKeys))
    if (linking.get(key) === 'own' || linking.get(key) === 'deferred')
      for (const column of key.referenced) explicit.add(`${key.references} ${column}`);
  return explicit;
}
