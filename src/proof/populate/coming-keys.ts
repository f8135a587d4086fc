import type { ObjectName } from '../../sql/statement.ts';
import type { ComingForeignKey, ForeignKey, PopulationFacts, TableFacts } from './facts.ts';

/** The facts as if the foreign keys stood already that a migration is going to add. */
export function withComingKeys(facts: PopulationFacts, coming: readonly ComingForeignKey[]): PopulationFacts {
  if (coming.length === 0) return facts;
  const tables = facts.tables.map((table) => {
    const more = coming.flatMap((key) =>
      isNamed(table, key.table) ? (foreignKey(key, table, facts.tables) ?? []) : [],
    );
    return more.length === 0 ? table : { ...table, foreignKeys: [...table.foreignKeys, ...more] };
  });
  return { ...facts, tables };
}

/** Undefined where a side or a column of it is not there yet, or the types differ: then there is nothing to fit. */
function foreignKey(
  { columns, references, referenced }: ComingForeignKey,
  table: TableFacts,
  tables: readonly TableFacts[],
): ForeignKey | undefined {
  const owner = tables.find((one) => isNamed(one, references));
  if (!owner) return undefined;
  const mine = columns.map((name) => columnOf(table, name));
  const theirs = (referenced.length > 0 ? referenced : owner.primaryKey.map(unquoted)).map((name) =>
    columnOf(owner, name),
  );
  const fit = mine.every((column, at) => column !== undefined && column.type === theirs[at]?.type);
  if (!fit || mine.length !== theirs.length) return undefined;
  const names = (list: typeof mine): string[] => list.flatMap((column) => column?.name ?? []);
  return {
    columns: names(mine),
    references: owner.id,
    referenced: names(theirs),
    deferrable: false,
    full: false,
  };
}

function isNamed({ name }: TableFacts, asked: ObjectName): boolean {
  const [schema, table] = (name.match(/"(?:[^"]|"")+"|[^."]+/g) ?? []).map(unquoted);
  return table === asked.name && (asked.schema === undefined || asked.schema === schema);
}

function columnOf({ columns }: TableFacts, name: string): TableFacts['columns'][number] | undefined {
  return columns.find((column) => unquoted(column.name) === name);
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
