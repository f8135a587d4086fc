import type { SourceFile } from '../source.ts';
import type { ObjectName, StatementOf, TypeName, Volatility } from '../statement.ts';
import type {
  Catalog,
  CatalogColumn,
  CatalogConstraint,
  CatalogIndex,
  CatalogTable,
  CatalogType,
} from './catalog.ts';
import { ForkMap } from './fork-map.ts';
import { Horizon } from './horizon.ts';
import { Journal } from './journal.ts';
import { addKey, copyOf } from './new-table.ts';
import { Routines } from './routines.ts';
import { SearchPath } from './search-path.ts';
import { ownerOf, type Sequence } from './sequence.ts';

/** A name, or an object of the catalog, which knows its key whatever the search_path is by now. */
type Name = ObjectName & { readonly key?: string | undefined };

const TEMPORARY = 'pg_temp';

/**
 * The catalog that statements build up. `clone` is cheap: tables and types are shared until one side
 * changes them, so a snapshot before every migration costs a copy of the maps only.
 */
export class SchemaCatalog implements Catalog {
  readonly #tables: ForkMap<string, CatalogTable>;
  readonly #indexes: ForkMap<string, CatalogIndex>;
  readonly #types: ForkMap<string, CatalogType>;
  readonly #schemas: ForkMap<string, true>;
  readonly #sequences: ForkMap<string, Sequence>;
  /** Keys of sequences by the key of the table that owns them. */
  readonly #sequencesByOwner: ForkMap<string, readonly string[]>;
  readonly #publications: ForkMap<string, true>;
  readonly #extensions: ForkMap<string, true>;
  /** How many constraints of a schema have the name: generated names avoid them. */
  readonly #constraintNames: ForkMap<string, number>;
  #path: SearchPath;
  readonly #journal = new Journal();
  /** Keys of tables that no other clone and no open transaction shares. */
  #owned = new Set<string>();
  /** Something temporary was made: it hides what has the same name elsewhere. */
  #temporary: boolean;
  /** What calls run; `file` is where the statements of the session stand. */
  readonly routines: Routines;
  file: SourceFile | undefined;
  readonly horizon: Horizon;
  incomplete: boolean;
  /** SET default_table_access_method of this session. */
  defaultAccessMethod: string | undefined;

  constructor(from?: SchemaCatalog) {
    this.#tables = from ? from.#tables.fork() : new ForkMap();
    this.#indexes = from ? from.#indexes.fork() : new ForkMap();
    this.#types = from ? from.#types.fork() : new ForkMap();
    this.#schemas = from ? from.#schemas.fork() : new ForkMap();
    if (!from) this.#schemas.set('public', true);
    this.#sequences = from ? from.#sequences.fork() : new ForkMap();
    this.#sequencesByOwner = from ? from.#sequencesByOwner.fork() : new ForkMap();
    this.#publications = from ? from.#publications.fork() : new ForkMap();
    this.#extensions = from ? from.#extensions.fork() : new ForkMap();
    this.#constraintNames = from ? from.#constraintNames.fork() : new ForkMap();
    this.#path = new SearchPath(from ? from.#path : undefined);
    this.#temporary = from ? from.#temporary : false;
    this.routines = new Routines(this.#journal, () => this.#path.schemas, from?.routines);
    this.file = from?.file;
    this.horizon = new Horizon(from?.horizon);
    this.incomplete = from?.incomplete ?? false;
  }

  clone(): SchemaCatalog {
    this.#owned = new Set();
    return new SchemaCatalog(this);
  }

  /** What the next file finds: the search_path of a new session, and nothing of what is temporary. */
  startSession(file?: SourceFile): void {
    this.#journal.commit();
    this.#path = new SearchPath();
    this.file = file;
    this.routines.endSession();
    this.defaultAccessMethod = undefined;
    if (!this.#temporary) return;
    for (const table of this.#tables.values()) if (table.schema === TEMPORARY) this.removeTable(table.key);
    for (const [key, sequence] of this.#sequences)
      if (sequence.schema === TEMPORARY) this.removeSequence(key);
  }

  set(statement: StatementOf<'set'>): void {
    this.#path.apply(statement, this.#journal);
    if (statement.name === 'default_table_access_method') this.defaultAccessMethod = statement.value;
  }

  transaction(statement: StatementOf<'transaction'>): void {
    const { command, savepoint = '' } = statement;
    if (command === 'begin') {
      this.#owned = new Set();
      this.#journal.begin();
    } else if (command === 'savepoint') {
      this.#owned = new Set();
      this.#journal.savepoint(savepoint);
    } else if (command === 'rollback-to' || command === 'rollback') {
      // A transaction that the runner opened: what it holds was not remembered.
      if (!this.#journal.isOpen) this.incomplete = true;
      if (command === 'rollback') this.#journal.rollback();
      else this.#journal.rollbackTo(savepoint);
      this.#owned = new Set();
    } else if (command === 'rollback-prepared') this.incomplete = true;
    if (command === 'commit' || command === 'prepare') this.#journal.commit();
    if (command === 'commit' || command === 'prepare' || command === 'rollback') this.#path.endTransaction();
  }

  key(name: Name): string {
    return this.#find(name, (key) => this.hasRelation(key));
  }

  #find(name: Name, isThere: (key: string) => boolean): string {
    if (name.key !== undefined) return name.key;
    if (name.schema !== undefined) return `${name.schema}.${name.name}`;
    const { schemas } = this.#path;
    // Nearly always one schema is searched, and then there is nothing to choose.
    if (schemas.length === 1 && !this.#temporary) return `${schemas[0]}.${name.name}`;
    for (const schema of [TEMPORARY, ...schemas]) {
      const key = `${schema}.${name.name}`;
      if (isThere(key)) return key;
    }
    return `${schemas[0] ?? 'public'}.${name.name}`;
  }

  /** Schema and key of what a statement creates. `public` stays unwritten where it was not written. */
  placeOf(name: ObjectName, temporary = false): ObjectName & { readonly key: string } {
    const schema = temporary ? TEMPORARY : (name.schema ?? this.#path.schemas[0] ?? 'public');
    if (schema === TEMPORARY) this.#temporary = true;
    const shown = schema === 'public' ? name.schema : schema;
    return {
      ...(shown === undefined ? {} : { schema: shown }),
      name: name.name,
      key: `${schema}.${name.name}`,
    };
  }

  hasRelation(key: string): boolean {
    return this.#tables.has(key) || this.#indexes.has(key) || this.#sequences.has(key);
  }

  table(name: Name): CatalogTable | undefined {
    return this.#tables.get(this.key(name));
  }

  tableByKey(key: string): CatalogTable | undefined {
    return this.#tables.get(key);
  }

  tables(): Iterable<CatalogTable> {
    return this.#tables.values();
  }

  index(name: Name): CatalogIndex | undefined {
    return this.#indexes.get(this.key(name));
  }

  indexByKey(key: string): CatalogIndex | undefined {
    return this.#indexes.get(key);
  }

  indexesOf(table: Name): CatalogIndex[] {
    const found: CatalogIndex[] = [];
    for (const key of this.table(table)?.indexes ?? []) {
      const index = this.#indexes.get(key);
      if (index) found.push(index);
    }
    return found;
  }

  /** The indexes of partitions that are part of a partitioned index. */
  partsOfIndex(index: CatalogIndex): CatalogIndex[] {
    const partitions = this.#tables.get(index.table)?.partitions ?? [];
    return [...partitions].flatMap((key) =>
      this.indexesOf({ name: key, key }).filter((part) => part.partitionOf === index.key),
    );
  }

  constraint(table: Name, name: string): CatalogConstraint | undefined {
    return this.table(table)?.constraints.get(name);
  }

  referencing(table: Name): CatalogConstraint[] {
    const key = this.key(table);
    const found: CatalogConstraint[] = [];
    for (const other of this.#tables.values()) {
      if (other.key === key) continue;
      for (const constraint of other.constraints.values())
        if (constraint.references && this.key(constraint.references.relation) === key) found.push(constraint);
    }
    return found;
  }

  type(name: Name): CatalogType | undefined {
    return this.#types.get(this.typeKey(name));
  }

  typeKey(name: Name): string {
    return this.#find(name, (key) => this.#types.has(key) || this.#tables.has(key));
  }

  types(): Iterable<CatalogType> {
    return this.#types.values();
  }

  /** A type of the catalog with where it was found; any other as it stands. */
  resolvedType(type: TypeName): CatalogColumn['type'] {
    const key = this.typeKey(type);
    const known = this.#types.get(key) ?? this.#tables.get(key);
    if (!known) return type;
    return known.schema === undefined ? { ...type, key } : { ...type, schema: known.schema, key };
  }

  columnsOfType(name: Name): { readonly table: string; readonly column: string }[] {
    const key = this.typeKey(name);
    const found: { table: string; column: string }[] = [];
    for (const table of this.#tables.values()) {
      for (const column of table.columns.values()) {
        if (column.type && (column.type.name === name.name || column.type.key !== undefined)) {
          if (this.typeKey(column.type) === key) found.push({ table: table.key, column: column.name });
        }
      }
    }
    return found;
  }

  dependentViews(name: Name): CatalogTable[] {
    const key = this.key(name);
    return [...this.#tables.values()].filter((table) => table.reads.has(key));
  }

  hasFunction(name: ObjectName): boolean {
    return this.routines.volatility(name) !== undefined;
  }

  functionVolatility(name: ObjectName): Volatility {
    return this.routines.volatility(name) ?? 'unknown';
  }

  hasSchema(name: string): boolean {
    return this.#schemas.has(name);
  }

  sequence(name: Name): Sequence | undefined {
    return this.#sequences.get(this.key(name));
  }

  sequences(): Iterable<readonly [string, Sequence]> {
    return this.#sequences;
  }

  /** Keys of the sequences that go with a table. */
  sequencesOf(table: string): readonly string[] {
    return this.#sequencesByOwner.get(table) ?? [];
  }

  publications(): ReadonlySet<string> {
    return new Set(this.#publications.keys());
  }

  extensions(): ReadonlySet<string> {
    return new Set(this.#extensions.keys());
  }

  /** The table, ready to be changed. */
  change(name: Name): CatalogTable | undefined {
    const key = this.key(name);
    const table = this.#tables.get(key);
    if (!table || this.#owned.has(key)) return table;
    const own: CatalogTable = {
      ...table,
      columns: new Map([...table.columns].map(([column, facts]) => [column, { ...facts }])),
      constraints: new Map([...table.constraints].map(([constraint, facts]) => [constraint, { ...facts }])),
      indexes: copyOf(table.indexes),
      partitions: copyOf(table.partitions),
      parents: copyOf(table.parents),
      heirs: copyOf(table.heirs),
      triggers: copyOf(table.triggers),
      reads: copyOf(table.reads),
    };
    this.setTable(own);
    return own;
  }

  changeByKey(key: string): CatalogTable | undefined {
    return this.change({ name: key, key });
  }

  setTable(table: CatalogTable): void {
    this.#journal.set(this.#tables, table.key, table);
    this.#owned.add(table.key);
  }

  /** Takes the table out, with its indexes and the names of its constraints, and nothing else. */
  removeTable(key: string): void {
    const table = this.#tables.get(key);
    if (!table) return;
    for (const index of table.indexes) this.#journal.delete(this.#indexes, index);
    for (const name of table.constraints.keys()) this.#countConstraintName(table.schema, name, -1);
    if (table.partitionOf !== undefined) this.changeByKey(table.partitionOf)?.partitions.delete(key);
    for (const parent of table.parents) this.changeByKey(parent)?.heirs.delete(key);
    for (const heir of table.heirs) this.changeByKey(heir)?.parents.delete(key);
    this.#journal.delete(this.#tables, key);
  }

  hasConstraintName(schema: string, name: string): boolean {
    return (this.#constraintNames.get(`${schema}.${name}`) ?? 0) > 0;
  }

  #countConstraintName(schema: string | undefined, name: string, by: number): void {
    const key = `${schema ?? 'public'}.${name}`;
    this.#journal.set(this.#constraintNames, key, (this.#constraintNames.get(key) ?? 0) + by);
  }

  /** The table must be ready to be changed. */
  setConstraint(table: CatalogTable, constraint: CatalogConstraint): void {
    if (!table.constraints.has(constraint.name)) this.#countConstraintName(table.schema, constraint.name, 1);
    table.constraints.set(constraint.name, constraint);
  }

  removeConstraint(table: CatalogTable, name: string): void {
    if (table.constraints.delete(name)) this.#countConstraintName(table.schema, name, -1);
  }

  setIndex(index: CatalogIndex): void {
    this.#journal.set(this.#indexes, index.key, index);
    addKey(this.changeByKey(index.table), 'indexes', index.key);
  }

  removeIndex(key: string): void {
    const index = this.#indexes.get(key);
    if (!index) return;
    this.#journal.delete(this.#indexes, key);
    this.changeByKey(index.table)?.indexes.delete(key);
  }

  setType(type: CatalogType): void {
    this.#journal.set(this.#types, type.key, type);
  }

  removeType(name: Name): void {
    this.#journal.delete(this.#types, this.typeKey(name));
  }

  addSchema(name: string): void {
    this.#journal.set(this.#schemas, name, true);
  }

  removeSchema(name: string): void {
    this.#journal.delete(this.#schemas, name);
    this.routines.removeSchema(name);
  }

  setSequence(key: string, sequence: Sequence): void {
    this.#disown(key);
    this.#journal.set(this.#sequences, key, sequence);
    const owner = ownerOf(sequence);
    if (owner !== undefined)
      this.#journal.set(this.#sequencesByOwner, owner, [...this.sequencesOf(owner), key]);
  }

  removeSequence(key: string): void {
    this.#disown(key);
    this.#journal.delete(this.#sequences, key);
  }

  removeSequencesOf(table: string, column: string): void {
    for (const key of this.sequencesOf(table))
      if (this.#sequences.get(key)?.ownedBy === `${table}.${column}`) this.removeSequence(key);
  }

  #disown(key: string): void {
    const owner = ownerOf(this.#sequences.get(key));
    if (owner === undefined) return;
    const others = this.sequencesOf(owner).filter((sequence) => sequence !== key);
    this.#journal.set(this.#sequencesByOwner, owner, others);
  }

  addPublication(name: string): void {
    this.#journal.set(this.#publications, name, true);
  }

  removePublication(name: string): void {
    this.#journal.delete(this.#publications, name);
  }

  addExtension(name: string): void {
    this.#journal.set(this.#extensions, name, true);
  }

  removeExtension(name: string): void {
    this.#journal.delete(this.#extensions, name);
  }
}
