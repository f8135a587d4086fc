import type {
  AlterTableAction,
  Column,
  Constraint,
  Expression,
  IndexColumn,
  LockMode,
  ObjectName,
  ObjectType,
  Relation,
  TypeName,
  Volatility,
} from './parts.ts';
import type { Span } from './source.ts';

export type * from './parsed-sql.ts';
export type * from './parts.ts';

/** LIKE source … of CREATE TABLE. */
export interface LikeSource extends Relation {
  /** What INCLUDING and EXCLUDING leave: comments, compression, constraints, defaults, generated, identity, indexes, statistics, storage. */
  readonly including: readonly string[];
}

/** SQL inside a DO block or a function body. */
export interface RoutineBody {
  readonly language: string;
  readonly span: Span;
  /** Statements written out in it. Facts that need positions carry the span of the statement in the file. */
  readonly statements: readonly Statement[];
  /** EXECUTE of a text that is built at run time. */
  readonly dynamic: readonly Span[];
  /** Why the body could not be read. */
  readonly notAnalysed?: string | undefined;
}

export interface SetOption {
  readonly name: string;
  readonly value?: string | undefined;
}

interface Common {
  readonly span: Span;
  /** The parser's name of the statement (AlterTableStmt …), for messages about what has no facts of its own. */
  readonly node: string;
  /** Every relation that stands in the statement, targets and sub-queries included. */
  readonly relations: readonly Relation[];
  /** Every function called by name. */
  readonly functions: readonly ObjectName[];
  /** Roles that stand in it by name: owners, grantees, whom a policy is for; not what CREATE ROLE makes. Absent: none. */
  readonly roles?: readonly string[] | undefined;
  /** True when PostgreSQL refuses it inside a transaction block (sql-createindex, sql-vacuum … of its documentation). */
  readonly needsAutocommit: boolean;
  /** Statements that run as part of this one: data changes in WITH, what EXPLAIN ANALYZE runs, what PREPARE keeps. */
  readonly inner?: readonly Statement[] | undefined;
}

/**
 * Statement facts: what rules, the catalog and the proof know of one SQL statement. Both parsers
 * (libpg-query for PostgreSQL, node-sql-parser for MySQL) give this shape, and nothing else of a
 * parser's tree leaves `sql/`. Names are folded as the server folds them. Spans are offsets in the file.
 */
export type StatementFacts =
  | {
      readonly kind: 'create-table';
      readonly table: Relation;
      readonly ifNotExists: boolean;
      readonly persistence: 'permanent' | 'temporary' | 'unlogged';
      readonly columns: readonly Column[];
      readonly constraints: readonly Constraint[];
      readonly partitionBy?: { readonly strategy: string; readonly columns: readonly string[] } | undefined;
      readonly partitionOf?: Relation | undefined;
      readonly isDefaultPartition: boolean;
      readonly inherits: readonly Relation[];
      readonly like: readonly LikeSource[];
      /** CREATE TABLE … OF a composite type, whose attributes are the columns. */
      readonly ofType?: ObjectName | undefined;
      /** USING: the table access method. */
      readonly accessMethod?: string | undefined;
      readonly options: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'create-table-as';
      readonly table: Relation;
      readonly ifNotExists: boolean;
      readonly persistence: 'permanent' | 'temporary' | 'unlogged';
      readonly withData: boolean;
      /** USING: the table access method. */
      readonly accessMethod?: string | undefined;
    }
  | {
      readonly kind: 'create-view';
      readonly view: Relation;
      readonly orReplace: boolean;
      readonly persistence: 'permanent' | 'temporary';
    }
  | {
      readonly kind: 'create-materialized-view';
      readonly view: Relation;
      readonly withData: boolean;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'refresh-materialized-view';
      readonly view: Relation;
      readonly concurrently: boolean;
      readonly withData: boolean;
    }
  | {
      readonly kind: 'alter-table';
      readonly table: Relation;
      readonly objectType:
        | 'table'
        | 'index'
        | 'view'
        | 'materialized-view'
        | 'sequence'
        | 'foreign-table'
        | 'type';
      readonly ifExists: boolean;
      readonly actions: readonly AlterTableAction[];
    }
  | {
      readonly kind: 'create-index';
      readonly index?: string | undefined;
      readonly indexSchema?: string | undefined;
      readonly table: Relation;
      readonly columns: readonly IndexColumn[];
      readonly include: readonly string[];
      readonly unique: boolean;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
      readonly method: string;
      readonly where?: Expression | undefined;
      readonly nullsNotDistinct?: boolean | undefined;
    }
  | {
      readonly kind: 'drop';
      readonly objectType: ObjectType;
      readonly objects: readonly Relation[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
      readonly concurrently: boolean;
      /** The table of a dropped trigger, policy or rule. */ readonly onTable?: Relation | undefined;
    }
  | {
      readonly kind: 'rename';
      readonly objectType: ObjectType;
      readonly relation?: Relation | undefined;
      readonly from: string;
      readonly to: string;
      readonly schema?: string | undefined;
      readonly ifExists?: boolean | undefined;
    }
  | {
      readonly kind: 'set-schema';
      readonly objectType: ObjectType;
      readonly object: ObjectName;
      readonly to: string;
    }
  | {
      readonly kind: 'change-owner';
      readonly objectType: ObjectType;
      readonly object: ObjectName;
      readonly role: string;
    }
  | { readonly kind: 'create-enum'; readonly type: ObjectName; readonly labels: readonly string[] }
  | {
      readonly kind: 'create-type';
      readonly type: ObjectName;
      readonly form: 'composite' | 'range' | 'base' | 'shell';
    }
  | {
      readonly kind: 'alter-enum';
      readonly type: ObjectName;
      readonly change: 'add-value' | 'rename-value';
      readonly value: string;
      readonly newValue?: string | undefined;
      readonly ifNotExists: boolean;
      readonly neighbor?: string | undefined;
      /** BEFORE the neighbor was written, not AFTER. */ readonly before?: boolean | undefined;
    }
  | {
      readonly kind: 'create-domain';
      readonly domain: ObjectName;
      readonly type: TypeName;
      readonly constraints: readonly Constraint[];
    }
  | {
      readonly kind: 'alter-domain';
      readonly domain: ObjectName;
      readonly change:
        | 'add-constraint'
        | 'drop-constraint'
        | 'validate-constraint'
        | 'set-not-null'
        | 'drop-not-null'
        | 'set-default'
        | 'drop-default';
      readonly constraint?: Constraint | undefined;
      readonly constraintName?: string | undefined;
    }
  | {
      readonly kind: 'create-function';
      readonly routine: ObjectName;
      readonly procedure: boolean;
      readonly orReplace: boolean;
      readonly language: string;
      readonly securityDefiner: boolean;
      readonly volatility: Volatility;
      readonly settings: readonly SetOption[];
      readonly returns?: TypeName | undefined;
      /** Types of the parameters that a caller gives, which tell overloads apart: `integer`, `app.mood[]`. */
      readonly inputs: readonly string[];
      readonly body?: RoutineBody | undefined;
      /** BEGIN ATOMIC … END or RETURN …, in place of `body`: the server keeps it parsed, with its names looked up. */
      readonly atomic?: RoutineBody | undefined;
    }
  | {
      readonly kind: 'alter-function';
      readonly routine: ObjectName;
      /** Undefined: not changed. */ readonly volatility?: Volatility | undefined;
    }
  | { readonly kind: 'do'; readonly body: RoutineBody }
  | {
      readonly kind: 'create-trigger';
      readonly trigger: string;
      readonly table: Relation;
      readonly function: ObjectName;
      readonly orReplace: boolean;
      readonly row: boolean;
    }
  | { readonly kind: 'create-event-trigger'; readonly trigger: string }
  | { readonly kind: 'create-rule'; readonly rule: string; readonly table: Relation }
  | {
      readonly kind: 'create-policy';
      readonly policy: string;
      readonly table: Relation;
      readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
      /** AS RESTRICTIVE: it takes rows away from what other policies let through. */
      readonly restrictive: boolean;
    }
  | {
      readonly kind: 'create-sequence';
      readonly sequence: Relation;
      readonly type?: TypeName | undefined;
      readonly ifNotExists: boolean;
      readonly persistence: 'permanent' | 'temporary' | 'unlogged';
      readonly ownedBy?: string | undefined;
    }
  | {
      readonly kind: 'alter-sequence';
      readonly sequence: Relation;
      readonly restarts: boolean;
      /** OWNED BY: `[schema.]table.column` or `none`. */ readonly ownedBy?: string | undefined;
    }
  | { readonly kind: 'create-schema'; readonly schema: string; readonly ifNotExists: boolean }
  | {
      readonly kind: 'create-extension';
      readonly extension: string;
      readonly ifNotExists: boolean;
      readonly version?: string | undefined;
      /** WITH SCHEMA. */
      readonly schema?: string | undefined;
    }
  | { readonly kind: 'alter-extension'; readonly extension: string }
  | {
      readonly kind: 'create-role' | 'alter-role';
      readonly role: string;
      readonly superuser: boolean;
      readonly options: readonly string[];
    }
  | { readonly kind: 'drop-owned'; readonly roles: readonly string[]; readonly cascade: boolean }
  | { readonly kind: 'reassign-owned'; readonly roles: readonly string[]; readonly to: string }
  | { readonly kind: 'create-database' | 'drop-database' | 'alter-database'; readonly database: string }
  | { readonly kind: 'alter-system' }
  | {
      readonly kind: 'insert';
      readonly table: Relation;
      readonly columns: readonly string[];
      readonly source: 'values' | 'select' | 'default' /** Rows of VALUES. */;
      readonly rows?: number | undefined;
      readonly onConflict: boolean /** Columns assigned in ON CONFLICT DO UPDATE SET. */;
      readonly assigned: readonly string[];
    }
  | {
      readonly kind: 'update';
      readonly table: Relation;
      readonly assigned: readonly string[];
      readonly where: 'missing' | 'always-true' | 'present';
      readonly from: boolean;
    }
  | {
      readonly kind: 'delete';
      readonly table: Relation;
      readonly where: 'missing' | 'always-true' | 'present';
    }
  | { readonly kind: 'merge'; readonly table: Relation }
  | {
      readonly kind: 'truncate';
      readonly tables: readonly Relation[];
      readonly cascade: boolean;
      readonly restartIdentity: boolean;
    }
  | { readonly kind: 'select'; readonly locking: boolean /** FROM is there. */; readonly from: boolean }
  | {
      readonly kind: 'copy';
      readonly table?: Relation | undefined;
      readonly direction: 'from' | 'to';
      readonly program: boolean;
      readonly target: 'stdin' | 'file' | 'program';
    }
  | { readonly kind: 'call'; readonly procedure: ObjectName }
  | { readonly kind: 'lock-table'; readonly tables: readonly Relation[]; readonly mode: LockMode }
  | {
      readonly kind: 'vacuum';
      readonly full: boolean;
      readonly analyze: boolean;
      readonly tables: readonly Relation[];
    }
  | { readonly kind: 'analyze'; readonly tables: readonly Relation[] }
  | { readonly kind: 'cluster'; readonly table?: Relation | undefined; readonly index?: string | undefined }
  | {
      readonly kind: 'reindex';
      readonly target: 'index' | 'table' | 'schema' | 'database' | 'system';
      readonly relation?: Relation | undefined;
      readonly concurrently: boolean;
    }
  | {
      readonly kind: 'transaction';
      readonly command:
        | 'begin'
        | 'commit'
        | 'rollback'
        | 'savepoint'
        | 'release'
        | 'rollback-to'
        | 'prepare'
        | 'commit-prepared'
        | 'rollback-prepared';
      /** Of SAVEPOINT, RELEASE and ROLLBACK TO. */ readonly savepoint?: string | undefined;
    }
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly value?: string | undefined;
      readonly local: boolean;
      readonly reset: boolean;
    }
  | {
      readonly kind: 'grant' | 'revoke';
      readonly privileges: readonly string[] /** No list was written: ALL. */;
      readonly all: boolean;
      readonly objectType: ObjectType | 'all-in-schema' | 'role';
      readonly objects: readonly ObjectName[];
      readonly grantees: readonly string[];
    }
  | {
      readonly kind: 'default-privileges';
      readonly all: boolean;
      readonly grantees: readonly string[];
      readonly revoke: boolean;
    }
  | {
      readonly kind: 'comment';
      readonly objectType: ObjectType;
      readonly object: ObjectName;
      /** Of a column, constraint, trigger, policy or rule: what it stands on. */
      readonly onTable?: ObjectName | undefined;
    }
  | {
      readonly kind: 'create-statistics';
      readonly name?: string | undefined;
      readonly table?: Relation | undefined;
    }
  | {
      readonly kind:
        | 'create-publication'
        | 'create-subscription'
        | 'alter-publication'
        | 'alter-subscription';
      readonly name: string;
    }
  | { readonly kind: 'load'; readonly library: string }
  | { readonly kind: 'other' };

export type Statement = Common & StatementFacts;
export type StatementKind = Statement['kind'];
/** The statements of a kind; several kinds may share one shape (grant and revoke). */
export type StatementOf<K extends StatementKind> = Statement extends infer S
  ? S extends { readonly kind: infer Kinds }
    ? K extends Kinds
      ? S
      : never
    : never
  : never;

/** `schema.name`, or the name alone. For messages and comparisons, not for SQL. */
export function displayName(name: ObjectName): string {
  return name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
}
