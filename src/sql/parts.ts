import type { Span } from './source.ts';

/**
 * What statements are made of: names, types, expressions, columns, constraints and the actions of ALTER
 * TABLE. Names are folded as the server folds them. Spans are offsets in the file.
 */
export interface ObjectName {
  readonly schema?: string | undefined;
  readonly name: string;
}

export interface Relation extends ObjectName {
  readonly span: Span;
  /** ONLY was written. */
  readonly only?: boolean | undefined;
}

export interface TypeName {
  /** SQL-standard or everyday name: integer, bigint, varchar, char, timestamp, timestamptz, numeric, user_status … */
  readonly name: string;
  readonly schema?: string | undefined;
  /** (10,2) of numeric(10,2); 255 of varchar(255). */
  readonly modifiers: readonly number[];
  readonly array: boolean;
  /** serial, bigserial, smallserial: an integer type with a sequence. `name` is then the integer type. */
  readonly serial: boolean;
  readonly span: Span;
}

export type Volatility = 'immutable' | 'stable' | 'volatile' | 'unknown';

export interface Expression {
  readonly span: Span;
  /** A literal, or a cast of one. */
  readonly constant: boolean;
  readonly isNull: boolean;
  /** The most volatile part; `unknown` when a function is not PostgreSQL's own. */
  readonly volatility: Volatility;
  readonly functions: readonly ObjectName[];
  readonly columns: readonly string[];
}

export interface IndexColumn {
  /** Undefined for an expression. */
  readonly column?: string | undefined;
  readonly expression?: Expression | undefined;
  /** What the server calls an expression in the names it makes up: `lower` of lower(email). */
  readonly label?: string | undefined;
  readonly opclass?: string | undefined;
  readonly collation?: string | undefined;
  /** Where it is not ASC NULLS LAST: "desc nulls first", "asc nulls first" or "desc nulls last". */
  readonly order?: string | undefined;
}

export type ReferentialAction = 'no-action' | 'restrict' | 'cascade' | 'set-null' | 'set-default';

export interface Constraint {
  readonly type: 'primary-key' | 'unique' | 'foreign-key' | 'check' | 'exclusion' | 'not-null';
  readonly name?: string | undefined;
  /** Constrained columns; for a CHECK the columns that its expression names. */
  readonly columns: readonly string[];
  readonly span: Span;
  /** Written with the column, not after the columns. */
  readonly inline: boolean;
  readonly notValid: boolean;
  readonly deferrable: boolean;
  readonly enforced: boolean;
  readonly usingIndex?: string | undefined;
  readonly references?: { readonly relation: Relation; readonly columns: readonly string[] } | undefined;
  /** Undefined: not written. */
  readonly onDelete?: ReferentialAction | undefined;
  readonly expression?: Expression | undefined;
  /** The columns that a CHECK of the form `a IS NOT NULL [AND …]` holds not null. */
  readonly impliesNotNull: readonly string[];
  /** INCLUDE columns of a primary key, unique or exclusion constraint. */
  readonly include?: readonly string[] | undefined;
  readonly nullsNotDistinct?: boolean | undefined;
  /** What an exclusion constraint excludes, expressions included. */
  readonly elements?: readonly IndexColumn[] | undefined;
  /** Access method and condition of an exclusion constraint. */
  readonly method?: string | undefined;
  readonly where?: Expression | undefined;
  /** NO INHERIT was written. */
  readonly noInherit?: boolean | undefined;
}

export interface Column {
  readonly name: string;
  /** Missing in CREATE TABLE … PARTITION OF and typed tables. */
  readonly type?: TypeName | undefined;
  readonly span: Span;
  readonly notNull: boolean;
  readonly default?: Expression | undefined;
  readonly generated?: { readonly kind: 'stored' | 'virtual'; readonly expression: Expression } | undefined;
  readonly identity?: 'always' | 'by-default' | undefined;
  readonly collation?: string | undefined;
  /** Inline constraints, NOT NULL included. */
  readonly constraints: readonly Constraint[];
}

export type ObjectType =
  | 'table'
  | 'index'
  | 'view'
  | 'materialized-view'
  | 'sequence'
  | 'foreign-table'
  | 'type'
  | 'domain'
  | 'schema'
  | 'function'
  | 'procedure'
  | 'aggregate'
  | 'routine'
  | 'trigger'
  | 'event-trigger'
  | 'rule'
  | 'policy'
  | 'column'
  | 'constraint'
  | 'extension'
  | 'database'
  | 'role'
  | 'tablespace'
  | 'publication'
  | 'subscription'
  | 'collation'
  | 'operator'
  | 'cast'
  | 'enum-value'
  | 'attribute'
  | 'other';

export type AlterTableAction = { readonly span: Span } & (
  | { readonly action: 'add-column'; readonly column: Column; readonly ifNotExists: boolean }
  | {
      readonly action: 'drop-column';
      readonly column: string;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | {
      readonly action: 'alter-type';
      readonly column: string;
      readonly type: TypeName;
      readonly using?: Expression | undefined;
      readonly collation?: string | undefined;
    }
  | { readonly action: 'set-default'; readonly column: string; readonly default: Expression }
  | { readonly action: 'drop-default'; readonly column: string }
  | { readonly action: 'set-not-null'; readonly column: string }
  | { readonly action: 'drop-not-null'; readonly column: string }
  | { readonly action: 'add-identity'; readonly column: string; readonly identity: 'always' | 'by-default' }
  | {
      readonly action: 'set-identity';
      readonly column: string;
      /** Undefined: only options of its sequence change. */
      readonly identity?: 'always' | 'by-default' | undefined;
    }
  | { readonly action: 'drop-identity'; readonly column: string }
  /** SET EXPRESSION AS (…) of a generated column. */
  | { readonly action: 'set-expression'; readonly column: string; readonly expression: Expression }
  | { readonly action: 'drop-expression'; readonly column: string }
  | { readonly action: 'set-statistics' | 'set-storage' | 'set-compression'; readonly column: string }
  | { readonly action: 'add-constraint'; readonly constraint: Constraint }
  | {
      readonly action: 'drop-constraint';
      readonly constraint: string;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | { readonly action: 'validate-constraint'; readonly constraint: string }
  | {
      readonly action: 'alter-constraint';
      readonly constraint: string;
      /** Undefined: not changed. */
      readonly deferrable?: boolean | undefined;
      readonly enforced?: boolean | undefined;
    }
  | {
      readonly action: 'attach-partition';
      readonly partition: Relation;
      readonly isDefault: boolean;
      readonly bound: string;
    }
  | {
      readonly action: 'detach-partition';
      readonly partition: Relation;
      readonly concurrently: boolean;
      readonly finalize: boolean;
    }
  | {
      readonly action:
        | 'set-logged'
        | 'set-unlogged'
        | 'enable-rls'
        | 'disable-rls'
        | 'force-rls'
        | 'no-force-rls'
        | 'drop-cluster';
    }
  | { readonly action: 'set-tablespace'; readonly tablespace: string }
  | { readonly action: 'cluster-on'; readonly index: string }
  | { readonly action: 'set-access-method'; readonly method: string }
  | {
      readonly action: 'enable-trigger' | 'disable-trigger';
      readonly trigger: 'all' | 'user' | { readonly name: string };
    }
  | { readonly action: 'set-options' | 'reset-options'; readonly options: Readonly<Record<string, string>> }
  | { readonly action: 'inherit' | 'no-inherit'; readonly parent: Relation }
  | {
      readonly action: 'replica-identity';
      readonly identity: 'default' | 'full' | 'nothing' | { readonly index: string };
    }
  | { readonly action: 'owner'; readonly role: string }
  /** ALTER INDEX … ATTACH PARTITION. */
  | { readonly action: 'attach-index-partition'; readonly index: Relation }
  | { readonly action: 'other'; readonly name: string }
);

export type LockMode =
  | 'ACCESS SHARE'
  | 'ROW SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'EXCLUSIVE'
  | 'ACCESS EXCLUSIVE';
