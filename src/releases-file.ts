import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SealedMigration } from './migration/plan.ts';
import { type Release, releaseProblems } from './migration/releases.ts';
import { writeAll } from './workspace/write-all.ts';

export interface ReleasesFile {
  readonly ok: true;
  /** Relative to the root. */
  readonly path: string;
  /** Undefined: there is none. */
  readonly text: string | undefined;
  readonly releases: readonly Release[];
}

type ReadReleases =
  | ReleasesFile
  | { readonly ok: false; readonly path: string; readonly problems: readonly string[] };

interface Place {
  readonly root: string;
  /** The migrations folder, relative to the root. */
  readonly directory: string;
}

/** Reads `releases.yml` beside the migrations; without one there is no release. */
export async function readReleases(
  { root, directory }: Place,
  files: readonly SealedMigration[],
): Promise<ReadReleases> {
  const path = directory === '' ? 'releases.yml' : `${directory}/releases.yml`;
  const whole = join(root, path);
  if (!existsSync(whole)) return { ok: true, path, text: undefined, releases: [] };
  const text = readFileSync(whole, 'utf8');
  // Most have no such file, and YAML takes its time to load.
  const { readReleasesText } = await import('./configuration/releases-text.ts');
  const read = readReleasesText(text);
  if ('problems' in read) return { ok: false, path, problems: read.problems };
  const problems = releaseProblems(read.releases, files);
  return problems.length > 0
    ? { ok: false, path, problems }
    : { ok: true, path, text, releases: read.releases };
}

/** Adds a release, or gives one that is there its tags. Returns what stood in the way. */
export async function writeRelease(
  { path, text, releases }: ReleasesFile,
  release: Release,
  root: string,
): Promise<string | undefined> {
  const { withRelease } = await import('./configuration/releases-text.ts');
  return writeAll([{ path, before: text, after: withRelease(text, releases, release) }], root);
}
