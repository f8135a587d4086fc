import { type SectionRun, stepsOf } from '../../engine/run-section.ts';
import { readable } from '../../sql/readable.ts';
import type { SourceFile } from '../../sql/source.ts';
import type { ParsedSql } from '../../sql/statement.ts';
import type { Provable } from '../provable.ts';

/** SQL that makes a part of the base state: an earlier migration, a snapshot, a file that prepares. */
export interface Piece {
  /** Of a migration. */
  readonly id?: string | undefined;
  readonly file: SourceFile;
  readonly sql: ParsedSql;
  readonly run: SectionRun;
}

export function pieceOf({ checked, up }: Provable): Piece {
  return { id: checked.migration.id, file: checked.migration.up.file, sql: checked.up.sql, run: up };
}

/** Milliseconds: Airlock's own copies of a schema wait for nobody. */
const LOCK_TIMEOUT = 10_000;

/** A file that is no migration, each statement in a transaction of its own. */
export function pieceOfFile(file: SourceFile, parse: (text: string) => ParsedSql): Piece {
  const whole = { start: 0, end: file.text.length };
  // As migrations are read: a dump of a schema holds psql's commands too.
  const { text, facts, written } = readable(file.text, [whole], {});
  const sql = facts(parse(text));
  return { file, sql, run: { steps: stepsOf(sql, written), transaction: false, lockTimeout: LOCK_TIMEOUT } };
}
