import type { InventoryAnswer } from './answers.ts';
import { RELATIONS } from './queries.ts';

export interface KnownRelation {
  /** As SQL writes it: schema.name. */
  readonly name: string;
  /** relkind of pg_class. */
  readonly kind: string;
  readonly filenode: number;
  readonly toast: number;
  readonly tablespace: number;
  /** Of an index. */
  readonly table?: number | undefined;
}

export interface KnownObject {
  readonly word: string;
  readonly name: string;
  /** The relation or type it stands on; 0: none. */
  readonly owner: number;
  /** Of the row in the catalog: another one once it was changed. */
  readonly version: string;
}

interface KnownColumn {
  readonly name: string;
  readonly definition: string;
}

/** Sequential scans, rows read by them, rows written, since the server began to count. */
export type Counters = readonly [scans: number, read: number, written: number];

/** What is there, as far as it was told; `takeIn` of changes.ts keeps it up to date. */
export interface Known {
  readonly schemas: Map<number, string>;
  readonly relations: Map<number, KnownRelation>;
  /** By `objectKey`. */
  readonly objects: Map<string, KnownObject>;
  /** By relation, then by number; of the relations that were asked for only. */
  readonly columns: Map<number, Map<number, KnownColumn>>;
  readonly counters: Map<number, Counters>;
  /** Of extensions, by `objectKey`. */
  readonly members: Set<string>;
  /** Version of the query of a view that was replaced. */
  readonly views: Map<number, string>;
  /** Greatest oid of each catalog. */
  readonly latest: Map<number, number>;
  /** Greatest oid of the relations that were there before the migration. */
  readonly before: number;
}

export function objectKey(catalog: number, oid: number): string {
  return `${catalog}.${oid}`;
}

export function knownFrom(answer: InventoryAnswer): Known {
  const known = {
    schemas: new Map(answer.schemas),
    relations: new Map<number, KnownRelation>(),
    objects: new Map<string, KnownObject>(),
    columns: new Map<number, Map<number, KnownColumn>>(),
    counters: new Map(answer.counters.map(([oid, ...counted]) => [oid, counted] as const)),
    members: new Set(answer.members.map(([catalog, oid]) => objectKey(catalog, oid))),
    views: new Map<number, string>(),
    latest: new Map<number, number>(),
    before: Math.max(0, ...answer.relations.map(([oid]) => oid)),
  };
  const tables = new Map(answer.indexes);
  for (const row of answer.relations) {
    const relation = relationFrom(known, row, tables);
    if (relation) known.relations.set(row[0], relation);
    seen(known, RELATIONS, row[0]);
  }
  // Types first: what stands on a domain is named after it.
  for (const row of answer.objects) {
    seen(known, row[0], row[1]);
    const object = objectFrom(known, row);
    if (object) known.objects.set(objectKey(row[0], row[1]), object);
  }
  for (const [relation, number, name, definition] of answer.columns) {
    const columns = known.columns.get(relation) ?? new Map<number, KnownColumn>();
    known.columns.set(relation, columns.set(number, { name, definition }));
  }
  return known;
}

export function seen(known: Known, catalog: number, oid: number): void {
  if (oid > (known.latest.get(catalog) ?? 0)) known.latest.set(catalog, oid);
}

/** Undefined: it is no object of people's, but a table's TOAST. */
export function relationFrom(
  known: Known,
  [oid, schema, name, kind, filenode, toast, tablespace, temporary]: InventoryAnswer['relations'][number],
  tables: ReadonlyMap<number, number>,
): KnownRelation | undefined {
  const space = known.schemas.get(schema) ?? '';
  if (space.startsWith('pg_toast')) return undefined;
  const table = tables.get(oid) ?? known.relations.get(oid)?.table;
  return {
    name: `${temporary ? 'pg_temp' : space}.${name}`,
    kind,
    filenode,
    toast,
    tablespace,
    ...(table === undefined ? {} : { table }),
  };
}

/** pg_type, which has a row for each table too, and pg_namespace. */
const TYPES = 1247;
const SCHEMAS = 2615;

/** Undefined: it comes with something else, or is the session's own. */
export function objectFrom(
  known: Known,
  [catalog, oid, schema, owner, name, word, version]: InventoryAnswer['objects'][number],
): KnownObject | undefined {
  if (catalog === SCHEMAS) {
    known.schemas.set(oid, name);
    return name.startsWith('pg_') ? undefined : { word, name, owner, version };
  }
  const space = known.schemas.get(schema);
  if (catalog === TYPES)
    return known.relations.has(owner) ? undefined : { word, name: `${space}.${name}`, owner: 0, version };
  const parent =
    owner === 0
      ? undefined
      : (known.relations.get(owner)?.name ?? known.objects.get(objectKey(TYPES, owner))?.name);
  const full = [parent ?? space, name].filter((part) => part !== undefined).join('.');
  return { word, name: full, owner, version };
}

/** Words for relkind, those of the catalog comparison. */
export function wordOf({ kind }: KnownRelation): string {
  switch (kind) {
    case 'v':
      return 'view';
    case 'm':
      return 'materialized view';
    case 'f':
      return 'foreign table';
    case 'S':
      return 'sequence';
    case 'i':
    case 'I':
      return 'index';
    default:
      return 'table';
  }
}
