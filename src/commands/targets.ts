import { nearestRelease, targetOf } from '../migration/releases.ts';
import { type ReleasesFile, readReleases } from '../releases-file.ts';
import { exitCodes } from './command.ts';
import type { Desk, Stopped } from './database.ts';

export interface Aim {
  readonly ok: true;
  /** Id of a migration, as it was typed where nothing is known by that name. */
  readonly target: string | undefined;
  readonly within: ReadonlySet<string> | undefined;
  readonly file: ReleasesFile;
}

/** The migration that `--target` means: an id, a version or a tag. */
export async function aimAt(
  { project, files }: Pick<Desk, 'project' | 'files'>,
  named: string | undefined,
): Promise<Aim | Stopped> {
  const file = await readReleases({ root: project.root, directory: files.directory }, files.migrations);
  if (!file.ok)
    return {
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'configuration-invalid',
      problems: file.problems.map((problem) => `${file.path}: ${problem}`),
      next: `correct ${file.path}`,
    };
  if (named === undefined) return { ok: true, target: undefined, within: undefined, file };
  const target = targetOf(named, file.releases, files.migrations);
  if (target) return { ok: true, target: target.id, within: target.within, file };
  const near = nearestRelease(file.releases, named);
  // What is no release may be a migration whose file is gone: whoever chooses knows the history, too.
  if (near === undefined) return { ok: true, target: named, within: undefined, file };
  return {
    ok: false,
    code: exitCodes.usage,
    reasonCode: 'usage',
    problems: [`there is no migration, version or tag ${JSON.stringify(named)}; did you mean ${near}?`],
    next: 'airlock changelog lists the versions, airlock status the migrations',
  };
}
