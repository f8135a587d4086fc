import { ConnectionLost } from './engine/connection.ts';
import type { Prepared } from './engine/prepare.ts';
import { runVerifySections } from './engine/verify/sections.ts';
import type { ProveFolder } from './folder-proof.ts';
import { pieceOf } from './proof/base/piece.ts';
import { isHeld } from './proof/base/snapshot.ts';
import { furnishingOf } from './proof/furnishing.ts';
import { provable } from './proof/provable.ts';
import type { ProofSources, SourcesRead } from './proof-sources.ts';
import { laidBase, type OpenFor, STATEMENT_TIMEOUT } from './prove-folder.ts';

/**
 * A step of a check that asks whether VERIFY sections fail on a new database, too, that the same migrations made: then
 * it is a later migration that changed what they look for, and nothing is wrong with the target.
 */
export function verifyAfresh(
  open: OpenFor,
  read: () => Promise<SourcesRead>,
  asked: {
    readonly failing: readonly Prepared[];
    /** Ids of what the target has. */
    readonly applied: ReadonlySet<string>;
    /** Told the ids of those that fail there as well; not called where that could not be found out. */
    readonly tell: (fail: ReadonlySet<string>) => void;
  },
): ProveFolder {
  return async ({ all, raised, ignores }, settings) => {
    const nothing = { raised, ignores, refuted: [], proofs: [], notAnalysed: [] };
    const known = await read();
    if (!known.ok) return known;
    const run = {
      placeholders: settings.placeholders,
      lockTimeout: settings.lockTimeout,
      statementTimeout: settings.statementTimeout ?? STATEMENT_TIMEOUT,
    };
    const made = all
      .filter(({ migration }) => asked.applied.has(migration.id) && !isThere(migration.id, known.sources))
      .map((checked) => pieceOf(provable(checked, run)));
    const { snapshot } = known.sources;
    const pieces = snapshot ? [snapshot.piece, ...made] : made;
    const opened = await open(furnishingOf(pieces, known.sources), pieces, settings.target.major);
    if (!opened.ok) return { because: opened.reason, next: opened.next };
    try {
      const { problems } = await laidBase(opened, pieces, {});
      if (problems.length > 0) return nothing;
      const runs = await runVerifySections(opened.shadow.session, asked.failing);
      asked.tell(new Set(runs.filter(({ because }) => because !== undefined).map(({ id }) => id)));
      return nothing;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return {
        because: error.message,
        next: 'airlock prove --all tells what a new database makes of the history',
      };
    } finally {
      await opened.shadow.close();
    }
  };
}

function isThere(id: string, { snapshot }: ProofSources): boolean {
  return snapshot !== undefined && isHeld(snapshot.history, id, false);
}
