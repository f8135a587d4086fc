import type { ForeignKey, TableFacts } from './facts.ts';

/** How the columns of a foreign key get their values. */
export type Linking =
  /** From rows that stand already. */
  | 'before'
  /** Left empty, and filled once the rows of both sides stand: a circle. */
  | 'after'
  /** A row refers to itself. */
  | 'own'
  /** To a row that comes later in the same transaction, where the constraint is deferred. */
  | 'deferred';

export interface Ordered {
  /** Referenced tables before those that reference them; tables of one list have to be filled together. */
  readonly units: readonly (readonly TableFacts[])[];
  readonly linking: ReadonlyMap<ForeignKey, Linking>;
  /** Tables in a circle that nothing opens. */
  readonly stuck: ReadonlyMap<TableFacts, readonly TableFacts[]>;
}

/** Puts tables in an order in which their foreign keys can be fulfilled. */
export function order(tables: readonly TableFacts[]): Ordered {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const linking = new Map<ForeignKey, Linking>();
  for (const table of tables)
    for (const key of table.foreignKeys) {
      const self = key.references === table.id;
      linking.set(key, self ? (mayBeEmpty(table, key) ? 'after' : 'own') : 'before');
    }
  const stuck = new Map<TableFacts, readonly TableFacts[]>();
  const sorted: TableFacts[] = [];
  const left = new Set(tables);
  const waitsFor = (table: TableFacts): [ForeignKey, TableFacts] | undefined => {
    for (const key of table.foreignKeys) {
      const other = byId.get(key.references);
      if (other && left.has(other) && linking.get(key) === 'before') return [key, other];
    }
    return undefined;
  };
  const waiting: TableFacts[] = [];
  for (const table of tables) {
    waiting.push(table);
    for (let current = waiting.at(-1); current; current = waiting.at(-1)) {
      const next = left.has(current) ? waitsFor(current) : undefined;
      if (!next) {
        waiting.pop();
        if (left.delete(current)) sorted.push(current);
      } else if (waiting.includes(next[1])) {
        const circle = waiting.slice(waiting.indexOf(next[1]));
        const opened = open(circle, waitsFor, linking);
        if (opened) {
          // It waits for something else now: those that it waited for come in their own turn.
          waiting.length = waiting.indexOf(opened) + 1;
          continue;
        }
        for (const one of circle) {
          stuck.set(one, circle);
          left.delete(one);
        }
      } else waiting.push(next[1]);
    }
  }
  return { units: together(sorted, linking), linking, stuck };
}

/** Takes one foreign key out of a circle, one that may be empty, else one that is checked at the end; gives its table. */
function open(
  circle: readonly TableFacts[],
  waitsFor: (table: TableFacts) => [ForeignKey, TableFacts] | undefined,
  linking: Map<ForeignKey, Linking>,
): TableFacts | undefined {
  const keys = circle.flatMap((table) => {
    const next = waitsFor(table);
    return next ? [{ table, key: next[0] }] : [];
  });
  const empty = keys.find(({ table, key }) => mayBeEmpty(table, key));
  const found = empty ?? keys.find(({ key }) => key.deferrable);
  if (found) linking.set(found.key, empty ? 'after' : 'deferred');
  return found?.table;
}

function mayBeEmpty(table: TableFacts, { columns, full }: ForeignKey): boolean {
  const nullable = columns.map(
    (name) => table.columns.find((column) => column.name === name)?.notNull === false,
  );
  return full ? nullable.every(Boolean) : nullable.some(Boolean);
}

/** From a table that refers to a later one up to that one, everything stands in one unit. */
function together(sorted: readonly TableFacts[], linking: ReadonlyMap<ForeignKey, Linking>): TableFacts[][] {
  const at = new Map(sorted.map((table, index) => [table.id, index]));
  const units: TableFacts[][] = [];
  let until = -1;
  for (const [index, table] of sorted.entries()) {
    const unit = index <= until ? units.at(-1) : undefined;
    if (unit) unit.push(table);
    else units.push([table]);
    for (const key of table.foreignKeys)
      if (linking.get(key) === 'deferred') until = Math.max(until, at.get(key.references) ?? -1);
  }
  return units;
}
