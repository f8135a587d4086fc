import type { Repository } from '../workspace/git.ts';
import { runGit } from '../workspace/run-git.ts';
import type { ActionEvent } from './event.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The workspace, for git. In a container it belongs to another user, which git refuses unless it is told (git-config, safe.directory). */
export function workspaceOf(env: Variables): Repository {
  const root = env.GITHUB_WORKSPACE || '.';
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  const trust = {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: 'safe.directory',
    [`GIT_CONFIG_VALUE_${count}`]: root,
  };
  return { root, env: { ...env, ...trust } };
}

/** The commit that the workspace stands at. Undefined: it holds no git checkout at its top. */
export async function checkedOutCommit(workspace: Repository): Promise<string | undefined> {
  // An enclosing repository is not the one that was checked out here.
  const answer = await runGit(['rev-parse', '--show-cdup', 'HEAD'], workspace);
  if (!answer.ok) return undefined;
  const [up, commit] = answer.stdout.toString('utf8').split('\n');
  return up === '' ? commit?.trim() : undefined;
}

/**
 * Whether the workspace holds what is under review. `githubSha` is GITHUB_SHA: on pull_request the merge commit that
 * actions/checkout stands at, on pull_request_target the base.
 */
export function isUnderReview(
  event: ActionEvent,
  commit: string | undefined,
  githubSha: string | undefined,
): boolean {
  if (commit === undefined || (event.kind === 'pull-request' && event.privileged)) return false;
  return commit === event.head || commit === githubSha;
}
