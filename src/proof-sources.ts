import type { ShadowSettings } from './configuration/configuration.ts';
import { type Piece, pieceOfFile } from './proof/base/piece.ts';
import { type Snapshot, snapshotOf } from './proof/base/snapshot.ts';
import { loadPostgresParser, parsePostgres } from './sql/postgres/parser.ts';
import { SourceFile } from './sql/source.ts';

/** What the configuration names for proofs beside the migrations. */
export interface ProofSources {
  readonly allowedExtensions: readonly string[];
  readonly prepare: readonly Piece[];
  readonly snapshot?: Snapshot | undefined;
}

export type SourcesRead =
  | { readonly ok: true; readonly sources: ProofSources }
  | { readonly ok: false; readonly because: string; readonly next: string };

/** Text of a file of the repository, by its path below the root; or why there is none. */
export type ReadText = (path: string) => Promise<{ readonly text: string } | { readonly problem: string }>;

/** Reads the files of `shadow.prepare` and `shadow.snapshot`. */
export async function proofSources(wanted: ShadowSettings, read: ReadText): Promise<SourcesRead> {
  const { prepare: paths, snapshot: named, extensions: allowedExtensions } = wanted;
  if (paths.length === 0 && named === undefined)
    return { ok: true, sources: { allowedExtensions, prepare: [] } };
  await loadPostgresParser();
  const prepare: Piece[] = [];
  for (const path of paths) {
    const found = await read(path);
    if ('problem' in found) return unreadable('shadow.prepare', path, found.problem);
    prepare.push(pieceOfFile(new SourceFile(path, found.text), parsePostgres));
  }
  if (named === undefined) return { ok: true, sources: { allowedExtensions, prepare } };
  const found = await read(named);
  if ('problem' in found) return unreadable('shadow.snapshot', named, found.problem);
  const snapshot = snapshotOf(new SourceFile(named, found.text), parsePostgres);
  if (!snapshot.ok)
    return {
      ok: false,
      because: `${named} is no snapshot: ${snapshot.problem}`,
      next: `airlock snapshot --env <environment> -o ${named}`,
    };
  return { ok: true, sources: { allowedExtensions, prepare, snapshot: snapshot.snapshot } };
}

function unreadable(setting: string, path: string, problem: string): SourcesRead {
  return {
    ok: false,
    because: `${path}, which the configuration names as ${setting}, ${problem}`,
    next: `put the file there, or take it out of ${setting}`,
  };
}
