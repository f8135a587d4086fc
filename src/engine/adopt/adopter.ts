import type { SealedMigration } from '../../migration/plan.ts';
import type { Row } from '../connection.ts';

/** What another tool says that it ran. */
export interface Told {
  /** As the tool writes it. */
  readonly entry: string;
  /** Of the file; undefined where there is none for it. */
  readonly id: string | undefined;
  /** Whether the file is the one that ran; `not-told` where the tool keeps nothing to tell it by. */
  readonly file: 'same' | 'another' | 'not-told';
}

type Foreign =
  | { readonly ok: true; readonly told: readonly Told[] }
  | { readonly ok: false; readonly problem: string; readonly next: string };

/** A table beside the history that a tool keeps. */
type Rows = (sql: string) => Promise<readonly Row[]>;

/** How one tool keeps its history. */
export interface Adopter {
  /** Of the layout of its files. */
  readonly layout: string;
  /** For people. */
  readonly tool: string;
  /** Where the table is unless it was told to keep it elsewhere; without a schema: along the search path. */
  readonly table: string;
  /** By these it is known from another tool's of the same name. */
  readonly columns: readonly string[];
  /** Reads the table, quoted and qualified; `files` in order of execution. */
  read(table: string, files: readonly SealedMigration[], rows: Rows): Promise<Foreign>;
}

/** Versions that are numbers: leading zeros of a file's name do not count. */
export function byNumber(files: readonly SealedMigration[]): ReadonlyMap<string, SealedMigration> {
  return new Map(
    files.flatMap((file) => {
      const { id } = file.migration;
      return /^\d+$/.test(id) ? [[BigInt(id).toString(), file] as const] : [];
    }),
  );
}

export function byId(files: readonly SealedMigration[]): ReadonlyMap<string, SealedMigration> {
  return new Map(files.map((file) => [file.migration.id, file]));
}

/** For tools that keep no checksum. */
export function toldOf(entry: string, file: SealedMigration | undefined): Told {
  return { entry, id: file?.migration.id, file: 'not-told' };
}

export function comparedTo(entry: string, file: SealedMigration | undefined, same: boolean): Told {
  return { entry, id: file?.migration.id, file: same ? 'same' : 'another' };
}
