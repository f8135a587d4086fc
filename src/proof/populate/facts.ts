import type { ObjectName } from '../../sql/statement.ts';

/** What the catalog says of a table as far as rows are made from it. Names are as SQL writes them. */
export interface TableFacts {
  /** The oid, as text. */
  readonly id: string;
  /** schema.name */
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'foreign';
  /** Named by whoever asked, or referenced; a partitioned table may be there for the sake of its partition alone. */
  readonly told: boolean;
  /** Row-level security that holds for the owner too, who runs as no superuser. */
  readonly forced: boolean;
  readonly columns: readonly ColumnFacts[];
  /** Expressions as pg_get_expr writes them. */
  readonly checks: readonly string[];
  /** Columns of each unique index, those of its expressions too. */
  readonly keys: readonly (readonly string[])[];
  /** In its order; empty where there is none. */
  readonly primaryKey: readonly string[];
  /** Its own, and those of its partitions. */
  readonly foreignKeys: readonly ForeignKey[];
  /** The lowest partitions of a partitioned table: the wanted ones first, and not more than two hundred. */
  readonly partitions: readonly Partition[];
  /** Those that its columns take their values from. */
  readonly sequences: readonly ColumnSequence[];
  /** Enabled triggers of people. */
  readonly triggers: readonly string[];
}

export interface ColumnFacts {
  readonly name: string;
  /** Its oid. */
  readonly type: string;
  /** pg_attribute.atttypmod: -1 for none. */
  readonly modifier: number;
  readonly notNull: boolean;
  /** The expression of its default. */
  readonly default?: string | null | undefined;
  readonly identity?: 'always' | 'by-default' | null | undefined;
  readonly generated: boolean;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  /** The oid of the other table. */
  readonly references: string;
  readonly referenced: readonly string[];
  readonly deferrable: boolean;
  /** MATCH FULL: all of its columns are null, or none. */
  readonly full: boolean;
}

export interface Partition {
  readonly name: string;
  /** What its rows fulfil, as pg_get_partition_constraintdef writes it; null: a default partition without neighbours. */
  readonly constraint: string | null;
  /** Of its own: its table has not got them. */
  readonly checks: readonly string[];
  readonly wanted: boolean;
}

export interface ColumnSequence {
  /** With its schema where the search path does not lead to it. */
  readonly name: string;
  readonly column: string;
  readonly most: number;
  readonly increment: number;
}

/** A type, by what its values are made of. */
export interface TypeFacts {
  readonly id: string;
  /** As SQL writes it. */
  readonly sql: string;
  /** pg_type.typname: int4, varchar, citext … */
  readonly name: string;
  readonly kind: 'base' | 'domain' | 'enum' | 'composite' | 'range' | 'multirange' | 'other';
  /** pg_type.typcategory: S for what is like a text, N for numbers … (catalog-pg-type). */
  readonly category: string;
  /** Of a domain its base, of an array its elements', of a range its bounds'; of a multirange its ranges'. */
  readonly of?: string | null | undefined;
  readonly isArray: boolean;
  /** Of a domain's base. */
  readonly modifier: number;
  readonly notNull: boolean;
  readonly labels: readonly string[];
  /** Of a domain: its CHECK expressions, on VALUE. */
  readonly checks: readonly string[];
  /** Of a composite type. */
  readonly attributes: readonly { readonly type: string; readonly modifier: number }[];
}

/** What is known of the tables that rows are made for, and of the types of their columns. */
export interface PopulationFacts {
  readonly tables: readonly TableFacts[];
  /** By oid. */
  readonly types: ReadonlyMap<string, TypeFacts>;
  /** Partitions that were asked for by name: their table's oid, by their own name. */
  readonly askedPartitions: ReadonlyMap<string, string>;
}

/** A foreign key that the migration is going to add, in names without quotes. */
export interface ComingForeignKey {
  readonly table: ObjectName;
  readonly columns: readonly string[];
  readonly references: ObjectName;
  /** Empty: the primary key. */
  readonly referenced: readonly string[];
}
