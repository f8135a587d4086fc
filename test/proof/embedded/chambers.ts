import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildChamber } from '../../../scripts/build.ts';
import { type EmbeddedConnection, openEmbedded } from '../../../src/proof/embedded/open.ts';

export interface BuiltChamber {
  readonly folder: string;
  readonly program: string;
  open(
    limits?: { longestRequest?: number; mostMemory?: number },
    extensions?: readonly string[],
  ): Promise<EmbeddedConnection>;
  remove(): Promise<void>;
}

/** A chamber from these sources in a temporary folder; `remove` closes what was opened of it. */
export async function buildChamberIn(entry?: string): Promise<BuiltChamber> {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-chamber-'));
  await buildChamber(folder, entry);
  const program = join(folder, 'chamber.js');
  const opened: EmbeddedConnection[] = [];
  return {
    folder,
    program,
    async open({ longestRequest = 20_000, mostMemory = 2e9 } = {}, extensions = []) {
      const base = join(folder, 'chamber-base.tar.zst');
      const session = await openEmbedded({ program, base, extensions, longestRequest, mostMemory });
      opened.push(session);
      return session;
    },
    async remove() {
      for (const session of opened) await session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
