import { mirrorReleases } from '../engine/versions.ts';
import type { SealedMigration } from '../migration/plan.ts';
import {
  bumpFor,
  findRelease,
  inVersionOrder,
  isBreaking,
  nearestRelease,
  proposedVersion,
  type Release,
  unreleased,
} from '../migration/releases.ts';
import { isDone } from '../migration/standing.ts';
import { compareVersions, parseVersion } from '../migration/versions.ts';
import { readMigrations } from '../read-migrations.ts';
import { type ReleasesFile, readReleases, writeRelease } from '../releases-file.ts';
import { changelogText } from '../report/changelog.ts';
import type { ReleaseEntry } from '../report/result.ts';
import { visibleLine } from '../report/visible.ts';
import { CORRECT_IT, type CommandWorld, exitCodes } from './command.ts';
import { lookAt, openDesk, type Stopped } from './database.ts';
import { printJson, resultOf, tellStopped } from './engine-result.ts';
import { openProject } from './project.ts';
import { aimAt } from './targets.ts';
import { underLease } from './under-lease.ts';

interface FolderFlags {
  readonly env?: string | undefined;
  readonly json?: boolean | undefined;
  readonly directory?: string | undefined;
  readonly layout?: string | undefined;
}

interface Shelf {
  readonly ok: true;
  readonly root: string;
  readonly file: ReleasesFile;
  readonly migrations: readonly SealedMigration[];
}

/** What a command did, and whether the file was written for it. */
type Told =
  | {
      readonly ok: true;
      readonly text: string;
      readonly releases: readonly ReleaseEntry[];
      readonly written?: true;
    }
  | Stopped;

/** `airlock release [version] [name]`. */
export function release(
  [version, name]: readonly string[],
  flags: FolderFlags,
  world: CommandWorld,
): Promise<number> {
  return onShelf(flags, world, async (shelf) => {
    const { file, migrations } = shelf;
    const fresh = unreleased(file.releases, migrations);
    const last = inVersionOrder(file.releases).at(-1)?.version;
    if (fresh.length === 0)
      return stop(
        `nothing is new since ${last ?? 'the beginning'}.`,
        'airlock create <name> writes a migration',
      );
    const proposed = proposedVersion(file.releases, fresh);
    const bump = bumpFor(fresh);
    if (version === undefined)
      return {
        ok: true,
        releases: [releaseEntry({ proposed }, fresh)],
        text: `${proposed}${last === undefined ? '' : ` follows ${last}`}: ${fresh.length} ${fresh.length === 1 ? 'migration is' : 'migrations are'} new (${bump})\n${fresh.map(({ migration }) => `  ${visibleLine(migration.id)} ${visibleLine(migration.name)}\n`).join('')}next: airlock release ${proposed} <name>\n`,
      };
    const parsed = parseVersion(version);
    if (!parsed)
      return stop(`${JSON.stringify(version)} is no semantic version.`, `airlock release ${proposed} <name>`);
    if (name === undefined || name.trim() === '')
      return stop('a release has a name.', `airlock release ${version} <name>`);
    const before = last === undefined ? undefined : parseVersion(last);
    if (before && compareVersions(parsed, before) <= 0)
      return stop(
        `${version} does not come after ${last}.`,
        `airlock release ${proposed} ${JSON.stringify(name)}`,
      );
    if (
      bump === 'major' &&
      before &&
      parsed.numbers[0] === before.numbers[0] &&
      before.prerelease.length === 0
    )
      world.printError(`warning: something in ${version} is breaking, which ${proposed} would say.\n`);
    const added: Release = {
      version,
      name: name.trim(),
      migrations: fresh.map(({ migration }) => migration.id),
      tags: [],
    };
    return written(
      shelf,
      added,
      `${version} ${visibleLine(added.name)}: ${fresh.length} ${fresh.length === 1 ? 'migration' : 'migrations'}, in ${file.path}\nCommit it; the next airlock up of each environment takes it over.\n`,
    );
  });
}

/** `airlock tag <version> <tag>`. */
export function tag(
  [version = '', label]: readonly string[],
  flags: FolderFlags,
  world: CommandWorld,
): Promise<number> {
  return onShelf(flags, world, async (shelf) => {
    const { file, migrations } = shelf;
    if (label === undefined || !/^[A-Za-z][\w.-]{0,99}$/.test(label))
      return stop(
        label === undefined
          ? 'which tag is not said.'
          : `${JSON.stringify(label)} is no tag: a letter, then letters, digits, dots, dashes.`,
        `airlock tag ${visibleLine(version)} <tag>`,
      );
    if (migrations.some(({ migration }) => migration.id === label))
      return stop(`${label} is a migration.`, 'give the tag another name');
    const found = file.releases.find((each) => each.version === version);
    if (!found) return unknown(file, version);
    const holder = file.releases.find(({ tags }) => tags.includes(label));
    if (holder)
      return holder === found
        ? { ok: true, text: `${label} stands on ${version} already\n`, releases: [entryOf(shelf, found)] }
        : stop(
            `${label} stands on ${holder.version}: what was released under it must stay what it was.`,
            `take it out of ${file.path} first, in a commit that says why`,
          );
    return written(
      shelf,
      { ...found, tags: [...found.tags, label] },
      `${label} stands on ${version}, in ${file.path}\n`,
    );
  });
}

/** `airlock changelog`. */
export function changelog(
  {
    from,
    to,
    ...flags
  }: FolderFlags & { readonly from?: string | undefined; readonly to?: string | undefined },
  world: CommandWorld,
): Promise<number> {
  return onShelf(flags, world, async ({ file, migrations: files }) => {
    const applied = await appliedOn(flags, world);
    if ('code' in applied) return applied;
    const migrations = files.filter(({ migration }) => !applied.has(migration.id));
    const ordered = inVersionOrder(file.releases);
    const ends = { first: 0, last: ordered.length };
    for (const [named, end] of [
      [from, 'first'],
      [to, 'last'],
    ] as const) {
      if (named === undefined) continue;
      const found = findRelease(file.releases, named);
      if (!found) return unknown(file, named);
      ends[end] = ordered.indexOf(found) + 1;
    }
    if (ends.last < ends.first)
      return stop(`${from} comes after ${to}.`, `airlock changelog --from ${to} --to ${from}`);
    const fresh = to === undefined ? unreleased(file.releases, migrations) : [];
    const parts = ordered
      .slice(ends.first, ends.last)
      .map((each) => ({
        release: each,
        migrations: migrations.filter(({ migration }) => each.migrations.includes(migration.id)),
      }))
      .filter((part) => flags.env === undefined || part.migrations.length > 0)
      .reverse();
    const all = [...(fresh.length > 0 ? [{ migrations: fresh }] : []), ...parts];
    return {
      ok: true,
      text:
        all.length > 0 ? changelogText(all) : flags.env === undefined ? 'No releases.\n' : 'Nothing new.\n',
      releases: all.map((part) => releaseEntry('release' in part ? part.release : {}, part.migrations)),
    };
  });
}

async function onShelf(
  flags: FolderFlags,
  world: CommandWorld,
  work: (shelf: Shelf) => Promise<Told>,
): Promise<number> {
  const { json } = flags;
  const shelf = await openShelf(flags, world);
  const told = shelf.ok ? await work(shelf) : shelf;
  if (!told.ok) return tellStopped(told, json, world);
  const refusal = told.written && flags.env !== undefined ? await mirror(flags, world) : undefined;
  if (refusal) return tellStopped(refusal, json, world);
  if (json)
    printJson(
      resultOf('released', { message: told.text, releases: [...told.releases] }),
      (text) => text,
      world,
    );
  else world.print(told.text);
  return exitCodes.done;
}

async function openShelf(settings: FolderFlags, world: CommandWorld): Promise<Shelf | Stopped> {
  const project = await openProject(world, { directory: settings.directory, layout: settings.layout });
  if (!project.ok)
    return { ...stop('', CORRECT_IT), reasonCode: 'configuration-invalid', problems: project.problems };
  const { root, configuration, env } = project;
  // Whoever executes the files: a release only names them.
  const read = await readMigrations(root, { ...configuration, runner: 'airlock' }, env);
  if (!read.ok) return { ...stop(read.message, read.next), reasonCode: read.reasonCode };
  const file = await readReleases({ root, directory: read.directory }, read.migrations);
  if (!file.ok)
    return {
      ...stop('', `correct ${file.path}`),
      reasonCode: 'configuration-invalid',
      problems: file.problems.map((problem) => `${file.path}: ${problem}`),
    };
  return { ok: true, root, file, migrations: read.migrations };
}

async function written(shelf: Shelf, changed: Release, text: string): Promise<Told> {
  const problem = await writeRelease(shelf.file, changed, shelf.root);
  return problem === undefined
    ? { ok: true, text, releases: [entryOf(shelf, changed)], written: true }
    : stop(problem, CORRECT_IT);
}

/** The file is what counts; the database of this environment is told now and not with its next up. */
async function mirror({ json: _, ...flags }: FolderFlags, world: CommandWorld): Promise<Stopped | undefined> {
  const desk = await openDesk('release', flags, world);
  if (!desk.ok) return desk;
  const aim = await aimAt(desk, undefined);
  if (!aim.ok) return aim;
  return underLease({ desk, world }, async (run) => {
    await mirrorReleases(run, aim.file.releases);
    return undefined;
  });
}

/** Ids of what an environment has; none where none was named. */
async function appliedOn(
  { json: _, ...flags }: FolderFlags,
  world: CommandWorld,
): Promise<ReadonlySet<string> | Stopped> {
  if (flags.env === undefined) return new Set();
  const desk = await openDesk('changelog', flags, world);
  if (!desk.ok) return desk;
  const look = await lookAt(desk);
  if (!look.ok) return look;
  await look.connection.close();
  return new Set(look.history.filter(isDone).map(({ id }) => id));
}

function entryOf({ migrations }: Shelf, release: Release): ReleaseEntry {
  return releaseEntry(
    release,
    migrations.filter(({ migration }) => release.migrations.includes(migration.id)),
  );
}

function releaseEntry(
  release: Partial<Pick<Release, 'version' | 'name' | 'tags'>> & { readonly proposed?: string },
  migrations: readonly SealedMigration[],
): ReleaseEntry {
  const { version, name, tags = [], proposed } = release;
  return {
    ...(version === undefined ? {} : { version }),
    ...(proposed === undefined ? {} : { proposed }),
    ...(name === undefined ? {} : { name }),
    tags: [...tags],
    migrations: migrations.map((each) => {
      const { id, name, metadata } = each.migration;
      const { description } = metadata ?? {};
      return { id, name, ...(description === undefined ? {} : { description }), breaking: isBreaking(each) };
    }),
  };
}

function unknown(file: ReleasesFile, named: string): Stopped {
  const near = nearestRelease(file.releases, named);
  return stop(
    `there is no release ${JSON.stringify(named)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    'airlock changelog lists them',
  );
}

function stop(problem: string, next: string): Stopped {
  return { ok: false, code: exitCodes.usage, reasonCode: 'usage', problems: [problem], next };
}
