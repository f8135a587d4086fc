import type { RemoteBases } from '../proof/base/base-cache.ts';
import { isPrivileged } from '../proof/choose-shadow.ts';

/**
 * Replayed bases in the cache of GitHub Actions. A cache that a pull request filled is given to that pull request
 * alone, one of the default branch to everybody (docs.github.com, "Restrictions for accessing a cache"). Events that
 * run in the scope of the default branch while what they look at may be a stranger's fill none.
 *
 * @returns undefined where there is no such cache: outside of Actions, or on a server without one
 */
export async function actionsBases(
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<RemoteBases | undefined> {
  if (env['GITHUB_ACTIONS'] !== 'true' || env['ACTIONS_RUNTIME_TOKEN'] === undefined) return undefined;
  // Loaded where it is wanted: it is a megabyte.
  const { isFeatureAvailable, restoreCache, saveCache } = await import('@actions/cache');
  if (!isFeatureAvailable()) return undefined;
  const mayFill = !isPrivileged(env['GITHUB_EVENT_NAME']);
  return {
    async fetch(name, paths) {
      const found = await tried(() => restoreCache([...paths], name), say);
      if (found !== undefined)
        say('The base state was replayed by an earlier run, and taken from its cache.');
    },
    async store(name, paths) {
      if (mayFill) await tried(() => saveCache([...paths], name), say);
    },
  };
}

/** Without it the history is replayed, which takes longer and is no worse. */
async function tried<T>(work: () => Promise<T>, say: (line: string) => void): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    say(`The cache of replayed bases could not be used: ${error.message}`);
    return undefined;
  }
}
