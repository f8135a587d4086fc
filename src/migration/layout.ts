import type { SourceFile } from '../sql/source.ts';
import type { Migration, ReadingProblem, UnreadFile } from './migration.ts';

/**
 * How the layout's own tool executes one file. Decides what a transaction is under `runner: native`.
 * - `wrapped`: the tool opens a transaction around each file unless the file opts out
 * - `all-in-one`: one transaction around all pending files; no way out
 * - `simple-query`: the file is sent as it stands in one message: PostgreSQL makes several statements one
 *   implicit transaction, and a single statement runs by itself (protocol-flow, "Multiple Statements in a Simple Query")
 * - `autocommit`: each statement by itself, like psql
 */
export type NativeTransaction = 'wrapped' | 'all-in-one' | 'simple-query' | 'autocommit';

/** What a reader is given: every file's name, and the text of those it asks for. */
export interface LayoutFolder {
  /** Relative to the repository root; prefix of every SourceFile's path. Empty for the root itself. */
  readonly directory: string;
  /** Paths relative to `directory`, sorted. */
  readonly paths: readonly string[];
  /** The text of a file of `paths`, or the reason why it cannot be read. */
  read(path: string): SourceFile | UnreadFile;
}

export interface LayoutSettings {
  /** Flyway: prefix, separator and suffixes. */
  readonly flyway?:
    | {
        readonly prefix?: string | undefined;
        readonly undoPrefix?: string | undefined;
        readonly repeatablePrefix?: string | undefined;
        readonly separator?: string | undefined;
        readonly suffixes?: readonly string[] | undefined;
      }
    | undefined;
  /** numbered: pattern of the files, with named groups `id`, `name` and, where there are downs, `direction`. */
  readonly numbered?: { readonly pattern?: string | undefined } | undefined;
}

export interface LayoutReading {
  /** In order of execution. */
  readonly migrations: readonly Migration[];
  readonly problems: readonly ReadingProblem[];
  /** Files that belong to the layout but were not understood: code migrations, unreadable files … */
  readonly unread: readonly UnreadFile[];
}

export interface Fit {
  /** 0 … 1; 0 does not fit. 0.9 and more: a mark that no other layout has. */
  readonly score: number;
  /** For people: "12 files named 000001_name.up.sql". */
  readonly why: string;
}

export interface NewMigration {
  readonly id: string;
  /** snake_case. */
  readonly name: string;
  readonly up: string;
  readonly down?: string | undefined;
  readonly noTransaction: boolean;
  /** Only Airlock's own format writes it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly verify?: string | undefined;
}

export interface Layout {
  readonly id: string;
  /** For people: golang-migrate, Prisma … */
  readonly title: string;
  /** Human-readable naming pattern, for documentation. */
  readonly pattern: string;
  /** The section markers, for documentation; undefined where a file is one section. */
  readonly markers?: string | undefined;
  /** How a file opts out of its transaction, as one writes it; undefined where the tool has no way. */
  readonly optOut?: string | undefined;
  readonly downs: 'section' | 'file' | 'none';
  readonly nativeTransaction: NativeTransaction;
  /** Judges by names first and reads few files: called on whole repositories. */
  fit(folder: LayoutFolder): Fit;
  read(folder: LayoutFolder, settings: LayoutSettings): LayoutReading;
  /** Files that hold a new migration, paths relative to the folder. Missing: Airlock cannot write this layout. */
  write?(migration: NewMigration): readonly { readonly path: string; readonly text: string }[];
  /** Id for a new migration after `last`, at `now`. */
  nextId?(last: string | undefined, now: Date): string;
}
