import type {
  Column,
  Constraint,
  Expression,
  IndexColumn,
  ObjectName,
  Relation,
  TypeName,
} from '../statement.ts';
import type { Horizon } from './horizon.ts';

/**
 * The schema as statements make it, before any database was asked. Absence proves nothing: a table
 * may have been made by a code migration or another tool, so `undefined` means "not known", and a
 * table that is known may still have columns that are not (`complete: false`).
 */
/** Where a name was resolved when the statement ran: a later search_path does not move what it stands for. */
interface Resolved {
  readonly key?: string | undefined;
}

/** Of a column or constraint that a child table has from its parents, or that it has in common with them. */
export interface Inheritance {
  /** The child declares it too, so it outlives its parents'. */
  readonly local: boolean;
  /** How many parents give it. */
  readonly parents: number;
}

export interface CatalogColumn {
  readonly name: string;
  type?: (TypeName & Resolved) | undefined;
  notNull: boolean;
  default?: Expression | undefined;
  identity?: Column['identity'];
  generated?: Column['generated'];
  collation?: string | undefined;
  /** Undefined: the table's own. */
  inheritance?: Inheritance | undefined;
}

export interface CatalogConstraint extends Omit<Constraint, 'span' | 'name' | 'notValid' | 'references'> {
  readonly name: string;
  validated: boolean;
  /** Columns are filled in where REFERENCES names none and the primary key is known. */
  readonly references?:
    | { readonly relation: Relation & Resolved; readonly columns: readonly string[] }
    | undefined;
  /** CHECK and NOT NULL. Undefined: the table's own. */
  inheritance?: Inheritance | undefined;
  /** Of a foreign key that a partition has from its parent: its name there. */
  readonly parentConstraint?: string | undefined;
  /** Key of the table it stands on. */
  readonly table: string;
  /** Migration that added it, and the one that validated it. */
  readonly addedBy: string;
  validatedBy?: string | undefined;
}

export interface CatalogIndex {
  readonly name: string;
  readonly key: string;
  readonly schema?: string | undefined;
  readonly table: string;
  readonly columns: readonly IndexColumn[];
  readonly include: readonly string[];
  readonly unique: boolean;
  readonly method: string;
  readonly partial: boolean;
  /** Its condition, where it is partial. */
  readonly where?: Expression | undefined;
  readonly nullsNotDistinct?: boolean | undefined;
  /** Of an index on a partition: key of the partitioned index that it is part of. */
  readonly partitionOf?: string | undefined;
  /** Name of the constraint that owns it. */
  readonly constraint?: string | undefined;
  readonly addedBy: string;
}

export interface CatalogTable extends ObjectName {
  /** schema.name as the server folds it. The schema is `pg_temp` for temporary tables. */
  readonly key: string;
  readonly kind: 'table' | 'partitioned' | 'view' | 'materialized-view' | 'foreign-table';
  readonly columns: Map<string, CatalogColumn>;
  /** All columns are known. */
  complete: boolean;
  readonly constraints: Map<string, CatalogConstraint>;
  /** Keys of its indexes. */
  indexes: Set<string>;
  readonly partitionOf?: string | undefined;
  partitions: Set<string>;
  /** Keys of the tables that it inherits from, and of those that inherit from it; partitions are not among them. */
  parents: Set<string>;
  heirs: Set<string>;
  defaultPartition?: string | undefined;
  readonly persistence: 'permanent' | 'temporary' | 'unlogged';
  rowSecurity: boolean;
  policies: ReadonlyMap<string, { readonly command: string; readonly restrictive: boolean }>;
  triggers: Set<string>;
  /** Keys of relations a view reads. */
  reads: Set<string>;
  readonly addedBy: string;
  /** Rows were copied in from elsewhere (INSERT … SELECT, COPY), so it is not empty any more. */
  populated: boolean;
  replicaIdentity?: string | undefined;
  /** The table access method, where it is not the server's default (heap). */
  readonly accessMethod?: string | undefined;
}

export interface CatalogType extends ObjectName {
  readonly key: string;
  readonly form: 'enum' | 'domain' | 'composite' | 'other';
  readonly labels: { readonly label: string; readonly addedBy: string }[];
  /** Base type of a domain. */
  readonly base?: TypeName | undefined;
  constrained: boolean;
  readonly addedBy: string;
}

export interface Catalog {
  /**
   * `schema.name` of a relation. A name without a schema is looked up along the search_path that is in force,
   * and where nothing of that name is known it gets the schema in which it would be created.
   */
  key(name: ObjectName): string;
  table(name: ObjectName): CatalogTable | undefined;
  tables(): Iterable<CatalogTable>;
  index(name: ObjectName): CatalogIndex | undefined;
  /** All indexes of a table, constraint-backed ones included. */
  indexesOf(table: ObjectName): CatalogIndex[];
  /** The constraint of that name on the table. */
  constraint(table: ObjectName, name: string): CatalogConstraint | undefined;
  /** Foreign keys of other tables that point to this one. */
  referencing(table: ObjectName): CatalogConstraint[];
  type(name: ObjectName): CatalogType | undefined;
  /** Columns (table key, column) of that type. */
  columnsOfType(name: ObjectName): { readonly table: string; readonly column: string }[];
  /** Views and materialized views that read the relation. */
  dependentViews(name: ObjectName): CatalogTable[];
  hasFunction(name: ObjectName): boolean;
  functionVolatility(name: ObjectName): 'immutable' | 'stable' | 'volatile' | 'unknown';
  hasSchema(name: string): boolean;
  sequence(name: ObjectName): { readonly ownedBy?: string | undefined } | undefined;
  publications(): ReadonlySet<string>;
  extensions(): ReadonlySet<string>;
  /** Whether what is not known can still be there. */
  readonly horizon: Horizon;
  /** A table, index or sequence has the key. */
  hasRelation(key: string): boolean;
  /** A constraint of some table of the schema has the name. */
  hasConstraintName(schema: string, name: string): boolean;
  /** Some statement of the history could not be read, so the schema may hold more than is known. */
  readonly incomplete: boolean;
  clone(): Catalog;
}
