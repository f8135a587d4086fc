import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ShadowSettings } from './configuration/configuration.ts';
import { baseDigest, loadBase, type RemoteBases, removeBase, saveBase } from './proof/base/base-cache.ts';
import type { LaidBase } from './proof/base/lay-base.ts';
import type { Piece } from './proof/base/piece.ts';
import { chooseShadow, type ShadowChoice } from './proof/choose-shadow.ts';
import type { Furnishing, ShadowOpened } from './proof/database-shadow.ts';
import { nodeTooOld } from './proof/embedded/launch.ts';
import { type StartedChamber, startChamber } from './proof/embedded/open.ts';
import { type EmbeddedShadowSettings, embeddedShadow, embeddedShadowAt } from './proof/embedded/shadow.ts';
import { findBinaries, usualFolders } from './proof/local/find-binaries.ts';
import type { ClusterStarted } from './proof/local/start-cluster.ts';
import type { EnvironmentAddress } from './proof/url-acceptance.ts';
import type { OpenFor } from './prove-folder.ts';
import { version } from './version.ts';

export interface ShadowRequest {
  readonly wanted: ShadowSettings;
  /** The change comes from a fork. */
  readonly fork?: boolean | undefined;
  /** dist/chamber.js. */
  readonly program: string;
  readonly furnishing: Furnishing;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Major version of the target, where it is known. */
  readonly target?: number | undefined;
  /** Where the environments are that a shadow must not be. */
  readonly environments?: readonly EnvironmentAddress[] | undefined;
  /** What is going to be replayed; with `cache`, a folder in which what it makes is kept. */
  readonly pieces?: readonly Piece[] | undefined;
  readonly cache?: string | undefined;
  readonly remote?: (() => Promise<RemoteBases | undefined>) | undefined;
}

/** A shadow database with the reason for its kind, or why there is none. */
export type OpenedShadow =
  | (Extract<ShadowOpened, { ok: true }> & {
      readonly because: string;
      /** The base is there already: it was kept by another run. */
      readonly laid?: LaidBase | undefined;
      /** Keeps the base for another run, once `shadow.keep()` was called. */
      readonly remember?: ((laid: LaidBase) => Promise<void>) | undefined;
    })
  | Extract<ShadowOpened, { ok: false }>;

/** Milliseconds one statement may take in WebAssembly, where no statement_timeout ends it. */
const LONGEST_STATEMENT = 60_000;
/** Bytes: a chamber at rest takes some 350 MB. */
const MOST_MEMORY = 2 * 1024 ** 3;

/** What a shadow is opened in, started while it is not known yet what is going to be run there. */
interface Begun {
  readonly choice: ShadowChoice;
  readonly cluster?: ClusterStarted | undefined;
  readonly chamber?: StartedChamber | undefined;
}

interface Beginning extends Pick<ShadowRequest, 'wanted' | 'fork' | 'program' | 'env' | 'target'> {
  readonly onSpawn?: (() => void) | undefined;
}

async function begin({ wanted, fork, program, env, target, onSpawn }: Beginning): Promise<Begun> {
  // Asking each of them for its version takes time, and nobody wants to know.
  const folders = wanted.kind === 'embedded' ? [] : await usualFolders(env['PATH']);
  const binaries = await findBinaries(folders, target);
  const choice = chooseShadow({
    wanted: wanted.kind,
    event: env['GITHUB_EVENT_NAME'],
    fork,
    otherCi: env['CI'] !== undefined && env['GITHUB_ACTIONS'] === undefined,
    binaries: { found: binaries.chosen !== undefined, because: binaries.because },
  });
  if (choice.ok && choice.kind === 'local' && binaries.chosen) {
    // Loaded where it is wanted: the embedded chamber needs no driver.
    const { startCluster } = await import('./proof/local/start-cluster.ts');
    return {
      choice,
      cluster: await startCluster({
        binaries: binaries.chosen,
        longestRequest: LONGEST_STATEMENT,
        onSpawn,
      }),
    };
  }
  const embedded = choice.ok && choice.kind === 'embedded' && nodeTooOld(process.versions.node) === undefined;
  return { choice, chamber: embedded ? startChamber(limitsOf(program)) : undefined };
}

/**
 * Opens the shadow databases that a proof is made in. `expect` starts what the first of them is opened in, and `drop`
 * ends it where none was opened.
 */
export function shadowOpener(
  settings: Omit<ShadowRequest, 'furnishing' | 'pieces' | 'target'>,
): OpenFor & Required<Pick<OpenFor, 'expect' | 'drop'>> {
  let begun: Promise<Begun> | undefined;
  const take = (): Promise<Begun> | undefined => {
    const first = begun;
    begun = undefined;
    return first;
  };
  return Object.assign(
    async (furnishing: Furnishing, pieces: readonly Piece[], target: number | undefined) =>
      openShadow({ ...settings, furnishing, pieces, target }, await take()),
    {
      async expect(target: number | undefined) {
        if (begun) return;
        await new Promise<void>((resolve) => {
          begun = begin({ ...settings, target, onSpawn: resolve });
          // What goes wrong is told where it is taken.
          begun.then(
            () => resolve(),
            () => resolve(),
          );
        });
      },
      async drop() {
        const { cluster, chamber } = (await take()) ?? {};
        if (cluster?.ok) await cluster.cluster.close();
        await chamber?.close();
      },
    },
  );
}

/** Opens the shadow database that a proof is made in. */
export async function openShadow(request: ShadowRequest, begun?: Begun | undefined): Promise<OpenedShadow> {
  const { wanted, furnishing, environments = [] } = request;
  const { choice, cluster, chamber } = begun ?? (await begin(request));
  if (!choice.ok) return choice;
  const { because } = choice;
  if (choice.kind === 'url') {
    const { urlShadow } = await import('./proof/url-shadow.ts');
    const settings = {
      url: wanted.url ?? '',
      environments,
      now: Date.now(),
      longestRequest: LONGEST_STATEMENT,
    };
    const opened = await urlShadow(settings, furnishing);
    return opened.ok ? { ...opened, because } : opened;
  }
  if (choice.kind === 'local' && cluster) {
    const { shadowIn } = await import('./proof/local/shadow.ts');
    const opened = cluster.ok ? await shadowIn(cluster.cluster, furnishing) : cluster;
    if (opened.ok) return { ...opened, because };
    if (wanted.kind !== 'auto' || !MACHINES.has(opened.reasonCode)) return opened;
    return embedded(request, `${because}, which could not be used: ${opened.reason}`);
  }
  return embedded(request, because, chamber);
}

/** What keeps a machine's own PostgreSQL from starting, whatever the change is. */
const MACHINES: ReadonlySet<string> = new Set(['shadow-no-account', 'shadow-no-room', 'shadow-not-started']);

async function embedded(
  { program, furnishing, pieces = [], cache, remote: connect }: ShadowRequest,
  because: string,
  started?: StartedChamber | undefined,
): Promise<OpenedShadow> {
  const tooOld = nodeTooOld(process.versions.node);
  if (tooOld !== undefined)
    return {
      ok: false,
      reasonCode: 'shadow-node-too-old',
      reason: tooOld,
      next: 'run it with a newer Node, or with PostgreSQL on this machine: --shadow local',
    };
  const limits = limitsOf(program);
  let first: StartedChamber | undefined = started ?? startChamber(limits);
  const chamber = (): StartedChamber => {
    const taken = first ?? startChamber(limits);
    first = undefined;
    return taken;
  };
  const settings: EmbeddedShadowSettings = {
    ...limits,
    base: join(dirname(program), 'chamber-base.tar.zst'),
  };
  if (cache === undefined || pieces.length === 0) {
    const opened = await embeddedShadow(settings, furnishing, chamber());
    return opened.ok ? { ...opened, because } : opened;
  }
  const assets = [version, ...(await Promise.all([settings.base, program].map(digestOf)))];
  const digest = baseDigest(assets, furnishing, pieces);
  const remote = await connect?.();
  const known = await loadBase(cache, digest, remote);
  if (known) {
    try {
      const opened = await embeddedShadowAt(settings, furnishing, known, chamber());
      return { ...opened, because, laid: known.laid };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // Whole, and yet no data directory that opens: it is made again, and what is wrong otherwise shows then.
      await removeBase(cache, digest);
    }
  }
  const opened = await embeddedShadow(settings, furnishing, chamber());
  if (!opened.ok) return opened;
  const { shadow, given } = opened;
  const remember = async (laid: LaidBase): Promise<void> => {
    if (shadow.kept) await saveBase(cache, digest, { laid, given, kept: shadow.kept }, remote);
  };
  return { ...opened, because, remember };
}

function limitsOf(program: string): Parameters<typeof startChamber>[0] {
  return { program, longestRequest: LONGEST_STATEMENT, mostMemory: MOST_MEMORY };
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
