import type { Fit, Layout, LayoutFolder } from './layout.ts';
import { LAYOUTS } from './layouts/registry.ts';
import type { UnreadFile } from './migration.ts';

interface Candidate {
  readonly layout: Layout;
  readonly why: string;
}

export type Detection =
  | ({ readonly status: 'found' } & Candidate)
  /** Two or more fit about equally: the user says which, by `layout:`. */
  | { readonly status: 'ambiguous'; readonly candidates: readonly Candidate[] }
  | { readonly status: 'unknown'; readonly why: string };

/** Below, names alone say too little. */
const PLAUSIBLE = 0.4;
/** Within this much of the best, a layout fits about equally well. */
const MARGIN = 0.12;
/** A mark that no other layout has settles it, unless another has one, too. */
const UNMISTAKABLE = 0.85;

/** Files that a tool's users have in their repository; they decide where the folder itself does not. */
const COMPANIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['golang-migrate', ['go.mod']],
  ['sqlx', ['Cargo.toml']],
  ['supabase', ['supabase/config.toml']],
]);

/**
 * Which layout a folder is in, and why. `repositoryPaths`, all files of the repository relative to its root, help
 * where two tools name their files alike.
 */
export function detectLayout(folder: LayoutFolder, repositoryPaths: readonly string[] = []): Detection {
  if (!folder.paths.some((path) => path.endsWith('.sql') || path.endsWith('sqitch.plan'))) {
    return { status: 'unknown', why: `${folder.directory || 'the repository root'} holds no .sql file` };
  }
  const fits = LAYOUTS.map((layout) => ({ layout, fit: layout.fit(folder) }))
    .filter(({ fit }) => fit.score >= PLAUSIBLE)
    .sort((left, right) => right.fit.score - left.fit.score);
  const [best] = fits;
  if (best === undefined) {
    const unread = whollyUnreadable(folder);
    const why = unread
      ? `${unread.file} ${unread.reason}`
      : `no layout names its files like those of ${folder.directory || 'the repository root'}`;
    return { status: 'unknown', why };
  }
  const floor =
    best.fit.score >= UNMISTAKABLE
      ? Math.max(UNMISTAKABLE, best.fit.score - MARGIN)
      : best.fit.score - MARGIN;
  const rivals = fits.filter(({ fit }) => fit.score >= floor);
  if (rivals.length === 1 || marksOwn(best.fit, rivals)) return found(best);
  const settled = settle(rivals, folder.directory, repositoryPaths);
  if (settled) return settled;
  // Whichever is named: what its reader will say is why nothing can be read.
  if (whollyUnreadable(folder))
    return found({ ...best, fit: { ...best.fit, why: `${best.fit.why}, none of which can be read` } });
  return { status: 'ambiguous', candidates: rivals.map(candidate) };
}

/** Where no SQL file of the folder can be read, because of its size or its bytes: the first of them. */
function whollyUnreadable(folder: LayoutFolder): UnreadFile | undefined {
  let first: UnreadFile | undefined;
  for (const path of folder.paths) {
    if (!path.endsWith('.sql')) continue;
    const file = folder.read(path);
    if (!('reason' in file && file.broken)) return undefined;
    first ??= file;
  }
  return first;
}

/** With a mark of its own well above the others' names, the best is not in doubt. */
function marksOwn({ score }: Fit, rivals: readonly { readonly fit: Fit }[]): boolean {
  return score >= 0.9 && rivals.every(({ fit }, index) => index === 0 || fit.score < 0.9);
}

/** Looks for companions in the folder's parents, the nearest first. */
function settle(
  rivals: readonly { readonly layout: Layout; readonly fit: Fit }[],
  directory: string,
  repositoryPaths: readonly string[],
): Detection | undefined {
  if (repositoryPaths.length === 0) return undefined;
  const known = new Set(repositoryPaths);
  const parents = directory.split('/').filter((part) => part !== '');
  for (let depth = parents.length; depth >= 0; depth--) {
    const prefix = parents
      .slice(0, depth)
      .map((part) => `${part}/`)
      .join('');
    const backed = rivals.flatMap((rival) => {
      const name = COMPANIONS.get(rival.layout.id)?.find((companion) => known.has(prefix + companion));
      return name === undefined
        ? []
        : [{ ...rival, fit: { ...rival.fit, why: `${rival.fit.why}, and ${prefix}${name}` } }];
    });
    const [only] = backed;
    if (only && backed.length === 1) return found(only);
    if (backed.length > 1) return undefined;
  }
  return undefined;
}

function found(fitting: { readonly layout: Layout; readonly fit: Fit }): Detection {
  return { status: 'found', ...candidate(fitting) };
}

function candidate({ layout, fit }: { readonly layout: Layout; readonly fit: Fit }): Candidate {
  return { layout, why: fit.why };
}
