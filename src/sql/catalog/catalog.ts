import type { Column, Constraint, Expression, IndexColumn, ObjectName, TypeName } from '../statement.ts';

/**
 * The schema as statements make it, before any database was asked. Absence proves nothing: a table
 * may have been made by a code migration or another tool, so `undefined` means "not known", and a
 * table that is known may still have columns that are not (`complete: false`).
 */
export interface CatalogColumn {
  readonly name: string;
  type?: TypeName | undefined;
  notNull: boolean;
  default?: Expression | undefined;
  identity?: Column['identity'];
  generated?: Column['generated'];
  collation?: string | undefined;
}

export interface CatalogConstraint extends Omit<Constraint, 'span' | 'name' | 'notValid'> {
  readonly name: string;
  validated: boolean;
  /** Key of the table it stands on. */
  readonly table: string;
  /** Migration that added it, and the one that validated it. */
  readonly addedBy: string;
  validatedBy?: string | undefined;
}

export interface CatalogIndex {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly table: string;
  readonly columns: readonly IndexColumn[];
  readonly include: readonly string[];
  readonly unique: boolean;
  readonly method: string;
  readonly partial: boolean;
  /** Its condition, where it is partial. */
  readonly where?: Expression | undefined;
  /** Name of the constraint that owns it. */
  readonly constraint?: string | undefined;
  readonly addedBy: string;
}

export interface CatalogTable extends ObjectName {
  /** schema.name, lower-cased as the server folds it, `public` when nothing was written. */
  readonly key: string;
  readonly kind: 'table' | 'partitioned' | 'view' | 'materialized-view' | 'foreign-table';
  readonly columns: Map<string, CatalogColumn>;
  /** All columns are known. */
  complete: boolean;
  readonly constraints: Map<string, CatalogConstraint>;
  /** Names of its indexes. */
  readonly indexes: Set<string>;
  readonly partitionOf?: string | undefined;
  readonly partitions: Set<string>;
  defaultPartition?: string | undefined;
  readonly persistence: 'permanent' | 'temporary' | 'unlogged';
  rowSecurity: boolean;
  readonly policies: Map<string, { readonly command: string }>;
  readonly triggers: Set<string>;
  /** Keys of relations a view reads. */
  readonly reads: Set<string>;
  readonly addedBy: string;
  /** Rows were copied in from elsewhere (INSERT … SELECT, COPY), so it is not empty any more. */
  populated: boolean;
  replicaIdentity?: string | undefined;
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
  /** `schema.name`, with `public` for what was written without a schema. */
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
  /** Some statement of the history could not be read, so the schema may hold more than is known. */
  readonly incomplete: boolean;
  clone(): Catalog;
}

export type { Column };
