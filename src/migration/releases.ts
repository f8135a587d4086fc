import { closest } from './did-you-mean.ts';
import type { SealedMigration } from './plan.ts';
import { type Bump, compareVersions, nextVersion, parseVersion } from './versions.ts';

/** A version that names a set of migrations, as releases.yml holds it. */
export interface Release {
  readonly version: string;
  readonly name: string;
  /** Ids of what is new in it, in order of execution. */
  readonly migrations: readonly string[];
  /** Labels; each stands on one release at most. */
  readonly tags: readonly string[];
}

/** What makes the file unfit: each problem a sentence. */
export function releaseProblems(
  releases: readonly Release[],
  files: readonly SealedMigration[],
): readonly string[] {
  const known = new Set(files.map(({ migration }) => migration.id));
  const seen = new Map<string, string>();
  const tags = new Map<string, string>();
  const problems: string[] = [];
  for (const { version, migrations, tags: own } of releases) {
    if (parseVersion(version) === undefined)
      problems.push(`${JSON.stringify(version)} is no semantic version.`);
    if (releases.filter((each) => each.version === version).length > 1)
      problems.push(`${version} stands there twice.`);
    for (const id of migrations) {
      if (!known.has(id))
        problems.push(`${version} names ${JSON.stringify(id)}, and there is no file of it.`);
      const before = seen.get(id);
      if (before !== undefined) problems.push(`${id} stands in ${before} and in ${version}.`);
      seen.set(id, version);
    }
    for (const tag of own) {
      const before = tags.get(tag);
      if (before !== undefined) problems.push(`the tag ${tag} stands on ${before} and on ${version}.`);
      tags.set(tag, version);
    }
  }
  return [...new Set(problems)];
}

/** Oldest first. */
export function inVersionOrder(releases: readonly Release[]): readonly Release[] {
  const parsed = releases.flatMap((release) => {
    const version = parseVersion(release.version);
    return version ? [{ release, version }] : [];
  });
  return parsed
    .sort((left, right) => compareVersions(left.version, right.version))
    .map(({ release }) => release);
}

/** Migrations that stand in no release. What runs again whenever it changes belongs to none. */
export function unreleased(
  releases: readonly Release[],
  files: readonly SealedMigration[],
): readonly SealedMigration[] {
  const named = new Set(releases.flatMap(({ migrations }) => migrations));
  return files.filter(({ migration: { id, repeatable } }) => !repeatable && !named.has(id));
}

export function isBreaking({ migration }: SealedMigration): boolean {
  return migration.metadata?.breakingChange === true;
}

const FIXES = /^(?:bug|bug-?fix|fix|hot-?fix|patch)$/i;

/** Something breaking makes it major; nothing but what is tagged as a fix, a patch; anything else minor. */
export function bumpFor(migrations: readonly SealedMigration[]): Bump {
  if (migrations.some(isBreaking)) return 'major';
  const fixes = migrations.every(({ migration }) => migration.metadata?.tags.some((tag) => FIXES.test(tag)));
  return fixes ? 'patch' : 'minor';
}

/** The version that what is not released yet asks for. */
export function proposedVersion(
  releases: readonly Release[],
  migrations: readonly SealedMigration[],
): string {
  const last = inVersionOrder(releases).at(-1)?.version;
  return nextVersion(last === undefined ? undefined : parseVersion(last), bumpFor(migrations));
}

/** The release of a version or of a tag. */
export function findRelease(releases: readonly Release[], named: string): Release | undefined {
  return (
    releases.find(({ version }) => version === named) ?? releases.find(({ tags }) => tags.includes(named))
  );
}

export interface Target {
  /** Id of the last migration. */
  readonly id: string;
  /** Of a release: all that belongs to it and to those before it. Undefined for a migration. */
  readonly within?: ReadonlySet<string> | undefined;
}

/** What `--target` names: a migration, a version or a tag, in this order; undefined where it is none of them. */
export function targetOf(
  named: string,
  releases: readonly Release[],
  files: readonly SealedMigration[],
): Target | undefined {
  if (files.some(({ migration }) => migration.id === named)) return { id: named };
  const release = findRelease(releases, named);
  if (!release) return undefined;
  const ordered = inVersionOrder(releases);
  const within = new Set(
    ordered.slice(0, ordered.indexOf(release) + 1).flatMap(({ migrations }) => migrations),
  );
  const last = files.findLast(({ migration }) => within.has(migration.id));
  return last && { id: last.migration.id, within };
}

/** What may have been meant. */
export function nearestRelease(releases: readonly Release[], named: string): string | undefined {
  return closest(
    named,
    releases.flatMap(({ version, tags }) => [version, ...tags]),
  );
}
