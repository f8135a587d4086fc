import type { Migration } from '../migration/migration.ts';
import type { Catalog } from '../sql/catalog/catalog.ts';
import type { Span } from '../sql/source.ts';
import type { ObjectName, ParsedSql, StatementKind, StatementOf } from '../sql/statement.ts';

export type Severity = 'error' | 'warning' | 'info';
export type SectionName = 'up' | 'down' | 'verify';

/** One replacement of text in the statement's file. */
export interface Edit extends Span {
  readonly text: string;
}

/**
 * A change that removes the problem and, unless it is `onlyOffered`, keeps the meaning. `newMigrations` are written after the
 * migration that has the problem, in its layout; only `--fix` can apply such a fix, a suggestion in a
 * pull request cannot.
 */
export interface Fix {
  /** Imperative, one line: "Build the index concurrently in a migration of its own". */
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly newMigrations?: readonly {
    readonly name: string;
    readonly up: string;
    readonly down?: string;
    readonly noTransaction: boolean;
  }[];
  /** Means something else, if only a little: offered to a person as a suggestion, never applied by `--fix`. */
  readonly onlyOffered?: boolean;
  /** The migration's up must be marked as non-transactional (the validator adds the layout's marker). */
  readonly noTransaction?: boolean;
}

export interface Problem {
  /** What is wrong here, naming the objects: one or two sentences. Identifiers in double quotes. */
  readonly message: string;
  /** Defaults to the whole statement. */
  readonly span?: Span | undefined;
  /** What to do, with the real names; defaults to the rule's safe alternative. */
  readonly advice?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly fix?: Fix | undefined;
  /** In place of the rule's. */
  readonly claims?: readonly Claim[] | undefined;
  /** Says only that nobody can read what the statement does: running it shows that. */
  readonly unread?: boolean | undefined;
}

/**
 * What a finding says that its statement does to tables that were there before the migration. Seen to happen, the
 * finding is confirmed; none of it seen to happen where it could have been, the finding is refuted.
 */
export type Claim =
  /** A table is written anew. */
  | 'rewrites'
  /** A table is read whole while the statement keeps others from writing to it. */
  | 'scans'
  /** Nobody can read a table meanwhile; nobody can write to it. */
  | 'blocks-reads'
  | 'blocks-writes'
  /** The statement fails, whatever is in the tables; with rows in them. */
  | 'fails'
  | 'fails-on-rows';

/** A relation's size on the target, from the sizes file or the migration's metadata. */
export interface Size {
  readonly rows?: number | undefined;
  readonly bytes?: number | undefined;
  /** small: under 10,000 rows; large: 1,000,000 and more. What metadata says counts only where no figure is known. */
  readonly volume: 'small' | 'medium' | 'large';
  /** The rows are a measured figure of the target, not the author's word. */
  readonly measured: boolean;
  /** "sizes file", "metadata dataVolume: large". */
  readonly basis: string;
}

/** Per-table figures a sizes file may hold beside rows and bytes. */
export interface TableStatistics {
  readonly rows?: number | undefined;
  readonly bytes?: number | undefined;
  readonly writesPerSecond?: number | undefined;
  readonly callsPerSecond?: number | undefined;
  readonly toastBytes?: number | undefined;
}

/** What is known of the target beyond the schema. */
export interface Target {
  /** Major version, e.g. 16; exact "14.2" goes to `serverVersion`. From configuration; undefined: unknown. */
  readonly major?: number | undefined;
  readonly serverVersion?: string | undefined;
  readonly tables: ReadonlyMap<string, TableStatistics>;
  readonly activeConnections?: number | undefined;
  readonly replicas?: number | undefined;
  readonly freeDiskBytes?: number | undefined;
}

/** How the file under check is going to be executed. */
export interface Execution {
  readonly runner: 'airlock' | 'native';
  /** The layout's title, e.g. "golang-migrate": who runs it under `native`. */
  readonly tool: string;
  /** Whoever runs the section opens one transaction around it. */
  readonly transaction: boolean;
  /** The file says itself that it runs outside a transaction. */
  readonly optsOut: boolean;
  /** Nothing says so, but a statement cannot run in a transaction, so Airlock's runner runs the file outside one. */
  readonly inferred: boolean;
  /** Native tools only: the file is one simple query, whose transaction is PostgreSQL's implicit one; BEGIN and COMMIT in the file take its place. */
  readonly implicit?: boolean | undefined;
  /** How the file would opt out, as one writes it; undefined where there is no way. */
  readonly optOut?: string | undefined;
  /** Milliseconds; what the runner itself sets before the file runs. Undefined: nothing is set. */
  readonly lockTimeout?: number | undefined;
  readonly statementTimeout?: number | undefined;
}

export interface CheckedSection {
  readonly name: SectionName;
  readonly sql: ParsedSql;
  readonly execution: Execution;
}

export interface CheckedMigration {
  readonly migration: Migration;
  readonly up: CheckedSection;
  readonly down?: CheckedSection | undefined;
  readonly verify?: CheckedSection | undefined;
  /** Part of the change under review; false for history that is only read. */
  readonly changed: boolean;
}

export interface StatementContext {
  readonly migration: CheckedMigration;
  readonly section: CheckedSection;
  /** Position of the statement in `section.sql.statements`; of the DO block for a statement inside one. */
  readonly index: number;
  /** The schema just before this statement, as earlier migrations and statements made it. */
  readonly catalog: Catalog;
  readonly target: Target;
  /** The rule's options from the configuration, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The whole text of the section's file. */
  readonly text: string;
  /** Inside a DO block. */
  readonly nested: boolean;
  /** The runner's transaction, or one that the file opened, is open at this statement. */
  readonly inTransaction: boolean;
  /**
   * The relation was created by this migration, or by one of the same change and holds no rows copied
   * from elsewhere: nobody uses it yet, and locking, scanning or rewriting it costs nothing.
   */
  isNew(relation: ObjectName): boolean;
  /** Undefined: not known. */
  size(relation: ObjectName): Size | undefined;
  /** Timeouts (milliseconds, 0 = off) in force at this statement: set by the file, else by the runner. Undefined: nobody set one. */
  readonly timeouts: { readonly lock?: number | undefined; readonly statement?: number | undefined };
}

export interface MigrationContext {
  readonly migration: CheckedMigration;
  /** Before the migration's up, and after it. */
  readonly before: Catalog;
  readonly after: Catalog;
  readonly target: Target;
  readonly options: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** As in StatementContext, judged at the end of the up (or before it, for what the up drops). */
  isNew(relation: ObjectName): boolean;
  size(relation: ObjectName): Size | undefined;
}

export interface ChangeContext {
  /** All migrations, history first, in order of execution. */
  readonly all: readonly CheckedMigration[];
  /** Those of the change, in order. */
  readonly changed: readonly CheckedMigration[];
  readonly target: Target;
  readonly options: Readonly<Record<string, unknown>>;
  /** Schema before the first changed migration, and after the last. */
  readonly before: Catalog;
  readonly after: Catalog;
  /** What version control says; undefined where nobody asked it. */
  readonly git?:
    | {
        readonly edited: ReadonlySet<string>;
        readonly added: ReadonlySet<string>;
        readonly removed: readonly string[];
      }
    | undefined;
}

/** A problem that names its own place, for checks over whole migrations or changes. */
export interface PlacedProblem extends Problem {
  readonly migration: CheckedMigration;
  readonly section: SectionName;
}

type StatementCheck<K extends StatementKind> = (
  statement: StatementOf<K>,
  context: StatementContext,
) => Iterable<Problem> | undefined;

/**
 * What a rule fires on and what it must not: `export const examples` in the rule's file. Apart from the rule, because
 * only `explain`, the documentation and the tests want them, and no validation should wait for them to load.
 */
export interface RuleExamples {
  readonly bad: readonly RuleExample[];
  readonly good: readonly RuleExample[];
}

export interface RuleExample {
  readonly sql: string;
  /** Migrations that came before, each one file; the example's tables must exist for it to make sense. */
  readonly history?: readonly string[];
  /** The down, where the rule needs one. */
  readonly down?: string;
  /** The whole file in Airlock's own format instead of `sql`: for rules about the format. `sql` is then what it shows. */
  readonly file?: string;
  /** Further migrations of the same change, after `sql`. */
  readonly then?: readonly string[];
  /** Default: transactional. */
  readonly noTransaction?: boolean;
  readonly runner?: 'airlock' | 'native';
  readonly options?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly target?: {
    readonly major?: number;
    readonly serverVersion?: string;
    readonly tables?: Readonly<Record<string, TableStatistics>>;
    readonly activeConnections?: number;
    readonly replicas?: number;
    readonly freeDiskBytes?: number;
  };
  /** For the git-dependent rules: the example (or the named history entry, by index) was edited after its merge. */
  readonly git?: { readonly edited?: readonly number[] };
  /** A whole folder, for rules about files and their order: path to text, read by the named layout. `sql` is then what the page shows. */
  readonly folder?: {
    readonly layout: string;
    readonly files: Readonly<Record<string, string>>;
    /** Paths that were merged before; the others are added by the change. */
    readonly merged?: readonly string[];
    readonly edited?: readonly string[];
    readonly removed?: readonly string[];
  };
  /** One line for the documentation page. */
  readonly note?: string;
}

export interface Rule {
  readonly id: string;
  /** A short noun phrase or sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity | 'off';
  /** What goes wrong, concretely: which lock, what it blocks, what is lost. */
  readonly why: string;
  /** What to write instead. */
  readonly safeAlternative: string;
  /** Sections the rule looks at. Findings in downs are lowered to info unless `keepSeverityInDown`. Default: up and down. */
  readonly sections?: readonly SectionName[];
  readonly keepSeverityInDown?: boolean;
  /** Ids of the same rule in other linters, so that their ignore comments are honoured. */
  readonly knownAs?: Readonly<
    Partial<
      Record<
        | 'squawk'
        | 'eugene'
        | 'pgls'
        | 'strong_migrations'
        | 'pgfence'
        | 'migrationpilot'
        | 'pg-migration-lint'
        | 'atlas'
        | 'django-migration-linter'
        | 'gitlab'
        | 'eslint-plugin-postgresql'
        | 'drizzle-migration-lint'
        | 'safe-pg-migrations'
        | 'schemalint',
        readonly string[]
      >
    >
  >;
  /** Option names with their defaults; the type of the default is the type of the option. */
  readonly options?: Readonly<
    Record<
      string,
      {
        readonly default: unknown;
        readonly description: string;
        /** A regular expression, in which words in braces ({table}) stand for text. Checked with the configuration. */
        readonly pattern?: true;
      }
    >
  >;
  /** Rule is for these dialects; default: postgres only. */
  readonly dialects?: readonly ('postgres' | 'mysql')[];
  /** Page of the PostgreSQL documentation that backs the claim, e.g. "sql-altertable". */
  readonly reference?: string;
  /** Fired while files are read or suppressions are counted, not by a check of its own. */
  readonly firedBy?: 'reading' | 'suppressions' | 'parser' | 'action' | 'proof';
  /**
   * Speaks in general terms: says nothing where another rule of the same or a higher severity has spoken about
   * the same part of the statement. Of two secondary rules the one of the higher severity speaks.
   */
  readonly secondary?: boolean;
  /** The statement fails and does nothing: what other rules say that it does is left out, unless they are `aside`. */
  readonly stops?: boolean;
  /** Speaks of names, form or custom, not of what the statement does: no secondary rule is silent because of it. */
  readonly aside?: boolean;
  /** Of what a proof fires: nothing failed and nothing was lost, so that an ignore comment may hold it back. */
  readonly ignorable?: boolean;
  /** What makes it a problem when the statement runs; absent where running it shows nothing. */
  readonly claims?: readonly Claim[];
  readonly statements?: { readonly [K in StatementKind]?: StatementCheck<K> };
  /** Once per changed migration. */
  readonly migration?: (context: MigrationContext) => Iterable<PlacedProblem> | undefined;
  /** Once per run. */
  readonly change?: (context: ChangeContext) => Iterable<PlacedProblem> | undefined;
}

/** Gives a rule its type; every file of this folder exports one as `rule`. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
