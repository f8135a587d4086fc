import * as z from 'zod/mini';
import { snapshotHeader } from '../../migration/snapshot-header.ts';
import type { SourceFile } from '../../sql/source.ts';
import type { ParsedSql } from '../../sql/statement.ts';
import { type Piece, pieceOfFile } from './piece.ts';

/** The schema of a target as it was measured, which stands in place of the history that made it. */
export interface Snapshot {
  readonly piece: Piece;
  /** What the target's own history says; undefined: it has none that is known. */
  readonly history?: SnapshotHistory | undefined;
}

const historySchema = z.strictObject({
  table: z.string(),
  /** Ids of the migrations that were applied. */
  applied: z.optional(z.array(z.string())),
  /** All with a number up to this one (golang-migrate keeps the last alone). */
  upTo: z.optional(z.string()),
});
export type SnapshotHistory = z.infer<typeof historySchema>;
const headerSchema = z.looseObject({ history: z.optional(historySchema) });

export type SnapshotRead =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly problem: string };

/** Reads what `airlock snapshot` wrote. */
export function snapshotOf(file: SourceFile, parse: (text: string) => ParsedSql): SnapshotRead {
  const header = snapshotHeader(file.text);
  if (!header)
    return {
      ok: false,
      problem: file.text.startsWith('-- Airlock snapshot')
        ? 'the comment at its beginning is of another version, or broken'
        : 'it does not begin with the comment that airlock snapshot writes',
    };
  const parsed = headerSchema.safeParse(fromJson(header.json));
  if (!parsed.success) return { ok: false, problem: 'the comment at its beginning cannot be read' };
  return { ok: true, snapshot: { piece: pieceOfFile(file, parse), history: parsed.data.history } };
}

/**
 * Whether a migration is in the schema already: as the target's history says, else every one that is not under review,
 * which is what a pull request builds on.
 */
export function isHeld(history: SnapshotHistory | undefined, id: string, underReview: boolean): boolean {
  if (!history) return !underReview;
  const key = comparable(id);
  if (history.applied?.some((applied) => comparable(applied) === key)) return true;
  const { upTo } = history;
  return upTo !== undefined && /^\d+$/.test(key) && /^\d+$/.test(upTo) && BigInt(key) <= BigInt(upTo);
}

/** Tools write numbers with and without zeros before them, and with other marks between their parts. */
function comparable(id: string): string {
  const digits = id.replace(/[-_]/g, '');
  return /^\d+$/.test(digits) ? digits.replace(/^0+(?=\d)/, '') : id;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
