import type { ObjectName } from '../statement.ts';
import type { Catalog, CatalogConstraint, CatalogIndex, CatalogTable, CatalogType } from './catalog.ts';

interface Sequence {
  readonly ownedBy?: string | undefined;
}

/**
 * The catalog that statements build up. `clone` is cheap: tables and types are shared until one side
 * changes them, so a snapshot before every migration costs a copy of the maps only.
 */
export class SchemaCatalog implements Catalog {
  readonly #tables: Map<string, CatalogTable>;
  readonly #indexes: Map<string, CatalogIndex>;
  readonly #types: Map<string, CatalogType>;
  readonly #functions: Map<string, 'immutable' | 'stable' | 'volatile' | 'unknown'>;
  readonly #schemas: Set<string>;
  readonly #sequences: Map<string, Sequence>;
  readonly #publications: Set<string>;
  readonly #extensions: Set<string>;
  /** Keys of tables and types that no other clone shares. */
  #owned = new Set<string>();
  incomplete: boolean;

  constructor(from?: SchemaCatalog) {
    this.#tables = new Map(from ? from.#tables : []);
    this.#indexes = new Map(from ? from.#indexes : []);
    this.#types = new Map(from ? from.#types : []);
    this.#functions = new Map(from ? from.#functions : []);
    this.#schemas = new Set(from ? from.#schemas : ['public']);
    this.#sequences = new Map(from ? from.#sequences : []);
    this.#publications = new Set(from ? from.#publications : []);
    this.#extensions = new Set(from ? from.#extensions : []);
    this.incomplete = from?.incomplete ?? false;
  }

  clone(): SchemaCatalog {
    this.#owned = new Set();
    return new SchemaCatalog(this);
  }

  key(name: ObjectName): string {
    return `${name.schema ?? 'public'}.${name.name}`;
  }

  table(name: ObjectName): CatalogTable | undefined {
    return this.#tables.get(this.key(name));
  }

  tableByKey(key: string): CatalogTable | undefined {
    return this.#tables.get(key);
  }

  tables(): Iterable<CatalogTable> {
    return this.#tables.values();
  }

  index(name: ObjectName): CatalogIndex | undefined {
    return this.#indexes.get(this.key(name));
  }

  indexesOf(table: ObjectName): CatalogIndex[] {
    const found: CatalogIndex[] = [];
    for (const key of this.table(table)?.indexes ?? []) {
      const index = this.#indexes.get(key);
      if (index) found.push(index);
    }
    return found;
  }

  constraint(table: ObjectName, name: string): CatalogConstraint | undefined {
    return this.table(table)?.constraints.get(name);
  }

  referencing(table: ObjectName): CatalogConstraint[] {
    const key = this.key(table);
    const found: CatalogConstraint[] = [];
    for (const other of this.#tables.values()) {
      for (const constraint of other.constraints.values()) {
        if (constraint.references && other.key !== key && this.key(constraint.references.relation) === key)
          found.push(constraint);
      }
    }
    return found;
  }

  type(name: ObjectName): CatalogType | undefined {
    return this.#types.get(this.key(name));
  }

  columnsOfType(name: ObjectName): { readonly table: string; readonly column: string }[] {
    const key = this.key(name);
    const found: { table: string; column: string }[] = [];
    for (const table of this.#tables.values()) {
      for (const column of table.columns.values()) {
        if (column.type && this.key(column.type) === key)
          found.push({ table: table.key, column: column.name });
      }
    }
    return found;
  }

  dependentViews(name: ObjectName): CatalogTable[] {
    const key = this.key(name);
    return [...this.#tables.values()].filter((table) => table.reads.has(key));
  }

  hasFunction(name: ObjectName): boolean {
    return this.#functions.has(this.key(name));
  }

  functionVolatility(name: ObjectName): 'immutable' | 'stable' | 'volatile' | 'unknown' {
    return this.#functions.get(this.key(name)) ?? 'unknown';
  }

  hasSchema(name: string): boolean {
    return this.#schemas.has(name);
  }

  sequence(name: ObjectName): Sequence | undefined {
    return this.#sequences.get(this.key(name));
  }

  publications(): ReadonlySet<string> {
    return this.#publications;
  }

  extensions(): ReadonlySet<string> {
    return this.#extensions;
  }

  /** The table, ready to be changed. */
  change(name: ObjectName): CatalogTable | undefined {
    const key = this.key(name);
    const table = this.#tables.get(key);
    if (!table || this.#owned.has(key)) return table;
    const columns = new Map([...table.columns].map(([column, facts]) => [column, { ...facts }]));
    const constraints = new Map(
      [...table.constraints].map(([constraint, facts]) => [constraint, { ...facts }]),
    );
    const own: CatalogTable = {
      ...table,
      columns,
      constraints,
      indexes: new Set(table.indexes),
      partitions: new Set(table.partitions),
      policies: new Map(table.policies),
      triggers: new Set(table.triggers),
      reads: new Set(table.reads),
    };
    this.setTable(own);
    return own;
  }

  setTable(table: CatalogTable): void {
    this.#tables.set(table.key, table);
    this.#owned.add(table.key);
  }

  removeTable(name: ObjectName): void {
    const key = this.key(name);
    const table = this.#tables.get(key);
    for (const index of table?.indexes ?? []) this.#indexes.delete(index);
    for (const partition of table?.partitions ?? []) this.#tables.delete(partition);
    if (table?.partitionOf !== undefined) this.#changeByKey(table.partitionOf)?.partitions.delete(key);
    this.#tables.delete(key);
  }

  #changeByKey(key: string): CatalogTable | undefined {
    const table = this.#tables.get(key);
    return table && this.change(table);
  }

  setIndex(index: CatalogIndex): void {
    const key = this.key(index);
    this.#indexes.set(key, index);
    this.#changeByKey(index.table)?.indexes.add(key);
  }

  removeIndex(name: ObjectName): void {
    const key = this.key(name);
    const index = this.#indexes.get(key);
    if (!index) return;
    this.#indexes.delete(key);
    this.#changeByKey(index.table)?.indexes.delete(key);
  }

  setType(type: CatalogType): void {
    this.#types.set(type.key, type);
  }

  /** The type, ready to be changed. */
  changeType(name: ObjectName): CatalogType | undefined {
    const type = this.type(name);
    if (!type) return undefined;
    const own: CatalogType = { ...type, labels: [...type.labels] };
    this.#types.set(own.key, own);
    return own;
  }

  removeType(name: ObjectName): void {
    this.#types.delete(this.key(name));
  }

  setFunction(name: ObjectName, volatility: 'immutable' | 'stable' | 'volatile' | 'unknown'): void {
    this.#functions.set(this.key(name), volatility);
  }

  removeFunction(name: ObjectName): void {
    this.#functions.delete(this.key(name));
  }

  addSchema(name: string): void {
    this.#schemas.add(name);
  }

  removeSchema(name: string): void {
    this.#schemas.delete(name);
    for (const [key, table] of this.#tables) if (key.startsWith(`${name}.`)) this.removeTable(table);
    for (const map of [this.#types, this.#functions, this.#sequences, this.#indexes]) {
      for (const key of [...map.keys()]) if (key.startsWith(`${name}.`)) map.delete(key);
    }
  }

  setSequence(name: ObjectName, sequence: Sequence): void {
    this.#sequences.set(this.key(name), sequence);
  }

  removeSequence(name: ObjectName): void {
    this.#sequences.delete(this.key(name));
  }

  addPublication(name: string): void {
    this.#publications.add(name);
  }

  addExtension(name: string): void {
    this.#extensions.add(name);
  }
}
