import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { furnish, prepare, prepareRefused } from '../base/furnish.ts';
import { type Furnishing, type Given, missingOf, type ShadowOpened } from '../database-shadow.ts';
import type { Shadow } from '../shadow.ts';
import { availableExtensions, bundlesOf } from './extensions.ts';
import { OWNER } from './inside/roles.ts';
import {
  type EmbeddedConnection,
  type EmbeddedSettings,
  openEmbedded,
  type StartedChamber,
  startChamber,
} from './open.ts';

export interface EmbeddedShadowSettings extends Omit<EmbeddedSettings, 'extensions' | 'base'> {
  /** Path of the data directory to begin with. */
  readonly base: string;
}

/** A shadow database in the locked process, with what the change needs in it. */
export async function embeddedShadow(
  { base, ...limits }: EmbeddedShadowSettings,
  wanted: Furnishing,
  started: StartedChamber = startChamber(limits),
): Promise<ShadowOpened> {
  const settings = { ...limits, extensions: bundlesFor(wanted) };
  const session = await started.open({ ...settings, base });
  try {
    const allowed = [...availableExtensions];
    const done = await furnish({ admin: session, owner: OWNER, allowed, ownerMakesRoles: true }, wanted);
    const pieces = wanted.prepare ?? [];
    const failed = await prepare(session, pieces, done.given);
    if (failed) {
      await session.close();
      return prepareRefused(failed);
    }
    const provided = [...done.roles, ...done.extensions];
    // The shipped data directory has nothing of it, and doing it again is cheaper than to write it all down.
    const again = async (another: EmbeddedConnection): Promise<void> => {
      await furnish({ admin: another, owner: OWNER, allowed, ownerMakesRoles: true }, wanted);
      await prepare(another, pieces, done.given);
    };
    const shadow = inProcess(session, settings, { from: base, again });
    return { ok: true, shadow, missing: missingOf(provided), given: done.given };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A shadow that begins with what another one kept, which had the same furnishing. */
export async function embeddedShadowAt(
  { base: _, ...limits }: EmbeddedShadowSettings,
  wanted: Furnishing,
  { given, kept }: { readonly given: Given; readonly kept: Uint8Array },
  started: StartedChamber = startChamber(limits),
): Promise<Extract<ShadowOpened, { ok: true }>> {
  const settings = { ...limits, extensions: bundlesFor(wanted) };
  const missing = given.missingExtensions.map((one) => ({ ...one, ok: false }) as const);
  const session = await started.open({ ...settings, base: kept });
  return { ok: true, shadow: inProcess(session, settings, { from: kept }), missing, given };
}

type Settings = Omit<EmbeddedSettings, 'base'>;

function bundlesFor({ extensions, createdExtensions = [] }: Furnishing): string[] {
  return bundlesOf([...extensions, ...createdExtensions.map(({ name }) => name)]);
}

interface Beginning {
  /** A path, or what was kept. */
  readonly from: string | Uint8Array;
  /** What is done after it was opened. */
  readonly again?: ((session: EmbeddedConnection) => Promise<void>) | undefined;
}

/** To begin again is to start another process. */
function inProcess(first: EmbeddedConnection, settings: Settings, beginsWith: Beginning): Shadow {
  let session = first;
  let beginning = beginsWith;
  return {
    kind: 'embedded',
    get session() {
      return session;
    },
    get kept() {
      return typeof beginning.from === 'string' ? undefined : beginning.from;
    },
    async restore() {
      await session.close();
      session = await openEmbedded({ ...settings, base: beginning.from });
      await beginning.again?.(session);
    },
    async keep() {
      // Looked up here: Node 20 has none, and has come to no chamber then.
      beginning = { from: await promisify(zlib.zstdCompress)(await session.dump()) };
    },
    close: () => session.close(),
  };
}
