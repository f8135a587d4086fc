import { plural } from '../report/order.ts';
import type { Change } from '../validate-project.ts';
import { changedSince, type Repository } from '../workspace/git.ts';
import type { ActionEvent } from './event.ts';
import { describeFailure } from './failure.ts';
import type { GitHub } from './github.ts';
import { changesBetween, filesOfCommit } from './trees.ts';

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed' | 'renamed';
  /** With `renamed`. */
  readonly previousPath?: string | undefined;
  /** Hunks of the unified diff; left out by the API for binary and very large files. */
  readonly patch?: string | undefined;
}

export interface ChangedFiles {
  /** Undefined: not known, so every file counts as changed. */
  readonly files?: readonly ChangedFile[] | undefined;
  /** For people: where this is known from, and why not from a better place. */
  readonly said: string;
}

/** "Responses include a maximum of 3000 files" (docs.github.com/rest/pulls/pulls, "List pull requests files"). */
const PULL_REQUEST_FILES_LIMIT = 3_000;

/**
 * What the event changed: asked of the API, else of git, else every file counts. `checkout` is there where it holds
 * what is under review.
 */
export async function changedFiles(
  event: ActionEvent,
  github: GitHub | undefined,
  checkout: Repository | undefined,
): Promise<ChangedFiles> {
  if (event.kind === 'manual')
    return { said: 'The workflow was started by hand: every migration was checked.' };
  if (event.base === undefined) return { said: 'The branch is new: every migration was checked.' };
  const missed: string[] = [];
  if (github === undefined) missed.push('there is no token');
  else {
    try {
      const files = await changesFromApi(event, event.base, github);
      if (files !== undefined)
        return { files, said: `GitHub's API named ${plural(files.length, 'changed file')}.` };
      missed.push('the repository is too large for one tree');
    } catch (error) {
      missed.push(`GitHub's API did not name the changed files (${describeFailure(error)})`);
    }
  }
  if (checkout === undefined) missed.push('the change is not checked out');
  else {
    const changes = await changedSince(checkout, event.base);
    if (changes.ok) {
      const files = changes.files.map(({ status, ...file }): ChangedFile => {
        return { ...file, status: status === 'deleted' ? 'removed' : status };
      });
      return { files, said: `git named ${plural(files.length, 'changed file')}, as ${missed.join(', ')}.` };
    }
    missed.push(`${changes.message} (${changes.next})`);
  }
  return { said: `Every migration was checked, whether it changed or not: ${missed.join('; ')}.` };
}

async function changesFromApi(
  event: Exclude<ActionEvent, { kind: 'manual' }>,
  base: string,
  github: GitHub,
): Promise<readonly ChangedFile[] | undefined> {
  if (event.kind !== 'pull-request') return changesOfTrees(base, event.head, github);
  const files = await filesOfPullRequest(event.number, github);
  if (files.length < PULL_REQUEST_FILES_LIMIT) return files;
  const { client, repository } = github;
  const basehead = `${base}...${event.head}`;
  const { data } = await client.rest.repos.compareCommitsWithBasehead({
    ...repository,
    basehead,
    per_page: 1,
  });
  return changesOfTrees(data.merge_base_commit.sha, event.head, github);
}

async function changesOfTrees(
  base: string,
  head: string,
  github: GitHub,
): Promise<ChangedFile[] | undefined> {
  const [before, after] = await Promise.all([filesOfCommit(github, base), filesOfCommit(github, head)]);
  return before && after ? changesBetween(before, after) : undefined;
}

async function filesOfPullRequest(number: number, { client, repository }: GitHub): Promise<ChangedFile[]> {
  const entries = await client.paginate(client.rest.pulls.listFiles, {
    ...repository,
    pull_number: number,
    per_page: 100,
  });
  return entries.flatMap(({ filename, status, previous_filename, patch }): ChangedFile[] => {
    switch (status) {
      case 'unchanged':
        return [];
      case 'removed':
        return [{ path: filename, status, patch }];
      case 'renamed':
        return [{ path: filename, status, previousPath: previous_filename, patch }];
      case 'added':
      case 'copied':
        return [{ path: filename, status: 'added', patch }];
      default:
        return [{ path: filename, status: 'modified', patch }];
    }
  });
}

/** The same as the validator wants it. */
export function changeOf(files: readonly ChangedFile[]): Change {
  const paths = (status: ChangedFile['status']): string[] =>
    files.filter((file) => file.status === status).map((file) => file.path);
  const renamed = files.flatMap(({ status, path, previousPath }) =>
    status === 'renamed' && previousPath !== undefined ? [{ from: previousPath, to: path }] : [],
  );
  return { added: paths('added'), modified: paths('modified'), removed: paths('removed'), renamed };
}
