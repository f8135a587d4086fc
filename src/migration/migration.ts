import type { SourceFile, Span } from '../sql/source.ts';
import type { Directive } from './directives.ts';
import type { Metadata } from './metadata.ts';

/** One part of a migration. A section may be written in several pieces of its file (sql-migrate). */
export interface Section {
  readonly file: SourceFile;
  /** Spans of `file.text` that hold the section's SQL, in order. Their texts together are what runs. */
  readonly pieces: readonly Span[];
  readonly directives: readonly Directive[];
  /** The file (or its layout's own marker) says that this section runs outside a transaction. */
  readonly optsOut: boolean;
}

export interface Migration {
  /** What the history records: version, timestamp or folder name, as its layout writes it. */
  readonly id: string;
  /** Compared as text by `compareIds`; built by the layout so that this order is the order of execution. */
  readonly sortKey: string;
  readonly name: string;
  readonly layout: string;
  readonly up: Section;
  readonly down?: Section | undefined;
  readonly verify?: Section | undefined;
  readonly metadata?: Metadata | undefined;
  /** Where metadata stands, or would stand. */
  readonly metadataSpan?: Span | undefined;
  /** Runs again whenever it changes (Flyway's R__, and the like). */
  readonly repeatable: boolean;
}

/** Something wrong with how files are written, found while reading them. It becomes a finding of rule `ruleId`. */
export interface ReadingProblem {
  readonly ruleId: string;
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
  readonly fix?: string | undefined;
  readonly migrationId?: string | undefined;
  readonly severity?: 'error' | 'warning' | 'info' | undefined;
}

export interface UnreadFile {
  /** Path relative to the repository root. */
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  /** The file itself is at fault: locked, binary, not UTF-8, too large. Otherwise it holds no SQL that Airlock reads. */
  readonly broken?: true | undefined;
}

/** All main file(s) of a migration, up first. */
export function filesOf(migration: Migration): string[] {
  const paths = [migration.up.file.path, migration.down?.file.path, migration.verify?.file.path];
  return [...new Set(paths.filter((path) => path !== undefined))];
}

export function sectionText(section: Section): string {
  return section.pieces.map(({ start, end }) => section.file.text.slice(start, end)).join('');
}
